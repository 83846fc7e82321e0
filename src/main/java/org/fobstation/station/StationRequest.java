package org.fobstation.station;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.fobstation.audit.DataFolder;
import org.fobstation.audit.RequestClient;
import org.fobstation.audit.RequestResult;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Options and way of the commands that ask the running station for something. */
final class StationRequest {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private StationFiles files;

    /** Gives the command and prints what came of it; the exit code. */
    int give(String command, List<String> arguments) throws IOException, InterruptedException, SettingsException {
        PrintWriter err = spec.commandLine().getErr();
        Path requests = new DataFolder(files.dataDirectory()).requests();
        if (Files.isRegularFile(requests)) {
            err.println(
                    requests + ": a file stands where the folder belongs. Move it away and start the station again.");
            return StationMain.UNUSABLE;
        }
        if (!Files.isDirectory(requests)) {
            err.println(requests + " is missing: no station has run on this folder. Check data.dir, or name the"
                    + " configuration by --config.");
            return StationMain.UNUSABLE;
        }
        if (!Files.isWritable(requests)) {
            err.println(requests + " may only be written by the station's user. Give this command as that user.");
            return StationMain.UNUSABLE;
        }
        RequestResult result =
                RequestClient.submit(requests, command, arguments, System.getProperty("user.name"), LONGEST_WAIT);
        (result.done() ? spec.commandLine().getOut() : err).println(result.message());
        return result.done() ? StationMain.DONE : StationMain.FAILED;
    }
}
