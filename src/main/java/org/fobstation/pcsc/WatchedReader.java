package org.fobstation.pcsc;

import java.util.Objects;

/**
 * A configured reader as the monitor is asked to watch it.
 *
 * @param id the configured id
 * @param pattern which PC/SC reader is meant
 * @param slot where the monitor leaves what it sees
 * @param calls which PC/SC call its thread is in
 */
record WatchedReader(String id, ReaderPattern pattern, FobSlot slot, CallClock calls) {

    WatchedReader {
        Objects.requireNonNull(id);
        Objects.requireNonNull(pattern);
        Objects.requireNonNull(slot);
        Objects.requireNonNull(calls);
    }
}
