package org.fobstation.station;

import java.util.List;
import java.util.concurrent.Callable;
import org.fobstation.audit.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code release}: lets a station go on that failures stopped. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        description = {
            "Lets the running station go on that failures stopped (HOLD).",
            "Find the cause first: the journal keeps who released the station and why."
        })
final class ReleaseCommand implements Callable<Integer> {

    @Mixin
    private StationRequest request;

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "What the cause was and what was done about it, in one line.")
    private String reason;

    @Override
    public Integer call() throws Exception {
        return request.give(Request.RELEASE, List.of(reason));
    }
}
