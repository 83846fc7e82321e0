package org.fobstation.station;

import java.util.Map;
import org.fobstation.audit.JournalFile;

/**
 * What a proof puts into a station: it kills it at named points, which are in the proof and not here. Only code of this
 * package can hand one over; no setting, no argument and no file can.
 *
 * @param disk what the journal writes to
 * @param beans for Camel's registry, by name
 */
record StationSeams(JournalFile.Opener disk, Map<String, Object> beans) {

    /** The real station. */
    static final StationSeams NONE = new StationSeams(JournalFile::onDisk, Map.of());
}
