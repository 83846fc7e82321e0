package org.fobstation.station;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** The station's folder: the one with {@code fob-station.jar}, {@code lib}, {@code config} and {@code routes}. */
final class StationHome {

    private StationHome() {}

    /** The folder of the jar this runs from; the working directory where it runs from no jar. */
    static Path find() {
        Path working = Path.of("").toAbsolutePath();
        CodeSource source = StationHome.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return working;
        }
        try {
            Path origin = Path.of(source.getLocation().toURI());
            return Files.isRegularFile(origin) ? origin.getParent() : working;
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the station cannot tell its own folder from " + source.getLocation() + "; name it by --home", e);
        }
    }
}
