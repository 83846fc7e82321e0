package org.fobstation.audit;

import java.util.Objects;
import java.util.Optional;

/**
 * Who writes the records.
 *
 * @param stationId as the KLMS knows the station, the audit body's {@code eol_station_id}
 * @param softwareVersion of the station's program
 * @param configuration what it was started with; empty where nobody asks, as in a tool
 */
public record StationIdentity(String stationId, String softwareVersion, Optional<StationConfiguration> configuration) {

    public StationIdentity {
        Objects.requireNonNull(stationId);
        Objects.requireNonNull(softwareVersion);
        Objects.requireNonNull(configuration);
    }

    /** Without a configuration to be recorded. */
    public StationIdentity(String stationId, String softwareVersion) {
        this(stationId, softwareVersion, Optional.empty());
    }
}
