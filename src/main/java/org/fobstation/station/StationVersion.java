package org.fobstation.station;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The software version, from the jar's manifest. */
public final class StationVersion implements IVersionProvider {

    /** The version as records name it; {@code unpacked} where the station runs from no jar. */
    public static String text() {
        return Objects.requireNonNullElse(StationVersion.class.getPackage().getImplementationVersion(), "unpacked");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"Fob station " + text(), "Java " + Runtime.version()};
    }
}
