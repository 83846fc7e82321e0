package org.fobstation.station;

import java.util.List;
import java.util.concurrent.Callable;
import org.fobstation.audit.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code replay}: has the running station post dead letters again now. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Has the running station post dead letters again now; without arguments, all of them.")
final class ReplayCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private StationRequest request;

    @Option(names = "--all", description = "All dead letters.")
    private boolean all;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files in data/dead-letter, or their numbers.")
    private List<String> sequences = List.of();

    @Override
    public Integer call() throws Exception {
        if (all && !sequences.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Give --all or sequence numbers, not both.");
        }
        return request.give(Request.REPLAY, all ? List.of() : sequences);
    }
}
