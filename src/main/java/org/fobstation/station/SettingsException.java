package org.fobstation.station;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is not usable. Names every problem at once: where, what, why and the remedy. */
public final class SettingsException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * One thing that is wrong.
     *
     * @param where file and line, or the environment variable
     * @param what the setting and why it is refused; never the value of a password
     * @param remedy what to write instead
     */
    public record Problem(String where, String what, String remedy) {
        @Override
        public String toString() {
            return where + ": " + what + ". " + remedy;
        }
    }

    private final transient List<Problem> problems;

    public SettingsException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
