package org.fobstation.pcsc;

import java.util.Objects;

/**
 * A configured reader as the monitor is asked to watch it.
 *
 * @param id the configured id
 * @param pattern which PC/SC reader is meant
 * @param slot where the monitor leaves what it sees
 */
record WatchedReader(String id, ReaderPattern pattern, FobSlot slot) {

    WatchedReader {
        Objects.requireNonNull(id);
        Objects.requireNonNull(pattern);
        Objects.requireNonNull(slot);
    }
}
