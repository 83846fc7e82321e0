package org.fobstation.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * Runs of one fob in a row that sent INITIALIZE UPDATE under issued keys and did not authenticate. A run that
 * authenticated, or an engineer, sets them back to none.
 *
 * @param last when the last of them ended, UTC; empty if there is none
 */
public record Attempts(int count, Optional<Instant> last) {

    static final Attempts NONE = new Attempts(0, Optional.empty());

    Attempts andOneMore(Instant endedAt) {
        return new Attempts(count + 1, Optional.of(endedAt));
    }
}
