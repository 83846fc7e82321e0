package org.fobstation.station;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of every command that name the station's files. */
final class StationFiles {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration. Without it: config/station.properties in the station's folder.")
    private Path config;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "The station's folder, where relative paths of the configuration start. Without it: the jar's.")
    private Path home;

    /** The whole configuration, checked. */
    StationSettings settings() throws SettingsException {
        return StationSettings.load(file(), System.getenv(), folder());
    }

    /** The readers alone: for commands that need no key server. */
    List<ReaderSettings> readers() throws SettingsException {
        return StationSettings.loadReaders(file(), System.getenv(), folder());
    }

    /** {@code data.dir} alone: for commands that need neither passwords nor a key server. */
    Path dataDirectory() throws SettingsException {
        SettingsReader reader =
                new SettingsReader(file().toString(), SettingsFile.read(file()), System.getenv(), folder());
        Path data = reader.path("data.dir", "data");
        reader.requireNoProblem();
        return data;
    }

    private Path folder() {
        return home == null ? StationHome.find() : home.toAbsolutePath().normalize();
    }

    private Path file() {
        return config == null
                ? folder().resolve("config").resolve("station.properties")
                : config.toAbsolutePath().normalize();
    }
}
