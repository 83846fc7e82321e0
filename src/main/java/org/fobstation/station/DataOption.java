package org.fobstation.station;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fobstation.audit.DataFolder;
import picocli.CommandLine.Mixin;
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
            description = "A data folder, also a copy. Without it: data.dir of the configuration.")
    private Path data;

    @Mixin
    private StationFiles files;

    /** @throws ParameterException if there is no journal in it */
    DataFolder folder() throws SettingsException {
        DataFolder folder = new DataFolder(data == null ? files.dataDirectory() : data.toAbsolutePath());
        if (Files.isRegularFile(folder.journal())) {
            throw new ParameterException(
                    command.commandLine(),
                    folder.journal()
                            + ": a file stands where the folder belongs. Move it away and put the folder back.");
        }
        if (!Files.isDirectory(folder.journal())) {
            throw new ParameterException(
                    command.commandLine(),
                    folder.journal() + " is missing: no station has run on this folder. Name its data.dir by --data.");
        }
        return folder;
    }
}
