package org.fobstation.station;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fobstation.audit.DataFolder;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** {@code --data}: the data folder that a command reads or repairs. */
final class DataOption {

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The station's data folder. Without it: data in the station's folder.")
    private Path data;

    /** @throws ParameterException if there is no journal in it */
    DataFolder folder() {
        DataFolder folder = new DataFolder(data == null ? StationHome.find().resolve("data") : data.toAbsolutePath());
        if (!Files.isDirectory(folder.journal())) {
            throw new ParameterException(
                    command.commandLine(),
                    folder.journal() + " is missing: no station has run on this folder. Name its data.dir by --data.");
        }
        return folder;
    }
}
