package org.fobstation.audit;

import java.util.Objects;

/**
 * Who writes the records.
 *
 * @param stationId as the KLMS knows the station, the audit body's {@code eol_station_id}
 * @param softwareVersion of the station's program
 */
public record StationIdentity(String stationId, String softwareVersion) {

    public StationIdentity {
        Objects.requireNonNull(stationId);
        Objects.requireNonNull(softwareVersion);
    }
}
