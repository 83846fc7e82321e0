package org.fobstation.station;

import java.util.ArrayList;
import java.util.List;

/** Turns what Camel throws about a broken route into one line for an integration engineer. */
final class RouteProblem {

    private static final int MOST_CAUSES = 20;

    private RouteProblem() {}

    /** The distinct messages of an exception and its causes, outermost first. */
    static String describe(Throwable thrown) {
        List<String> messages = new ArrayList<>();
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            String line = message.replaceAll("\\s+", " ").strip();
            boolean said = messages.stream().anyMatch(before -> before.contains(line));
            if (!said) {
                messages.add(line);
            }
            cause = cause.getCause();
        }
        return String.join(" | ", messages) + ". Mend the route or setting named here, then start again.";
    }
}
