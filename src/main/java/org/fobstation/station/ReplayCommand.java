package org.fobstation.station;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.fobstation.audit.DataFolder;
import org.fobstation.audit.Request;
import org.fobstation.audit.RequestClient;
import org.fobstation.audit.RequestResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code replay}: has the running station post dead letters again now. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Has the running station post dead letters again now; without arguments, all of them.")
final class ReplayCommand implements Callable<Integer> {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The station's data folder. Without it: data in the station's folder.")
    private Path data;

    @Option(names = "--all", description = "All dead letters.")
    private boolean all;

    @Parameters(paramLabel = "SEQUENCE", arity = "0..*", description = "Sequence numbers of dead letters.")
    private List<String> sequences = List.of();

    @Override
    public Integer call() throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        Path folder = data == null ? StationHome.find().resolve("data") : data.toAbsolutePath();
        Path requests = new DataFolder(folder).requests();
        if (!Files.isDirectory(requests)) {
            err.println(requests + " is missing: no station has run on this folder. Name its data.dir by --data.");
            return StationMain.UNUSABLE;
        }
        List<String> arguments = all ? List.of() : sequences;
        RequestResult result = RequestClient.submit(
                requests, Request.REPLAY, arguments, System.getProperty("user.name"), LONGEST_WAIT);
        (result.done() ? spec.commandLine().getOut() : err).println(result.message());
        return result.done() ? StationMain.DONE : StationMain.FAILED;
    }
}
