package org.fobstation.audit;

import java.util.Objects;
import java.util.Optional;

/**
 * What a file among the dead letters is.
 *
 * @param record the record it stands for; empty where there is none
 * @param reason for a human, a sentence without a full stop
 */
record Ticket(State state, Optional<AuditRecord> record, String reason) {

    enum State {
        /** What the station wrote, under the name it gave. */
        WHOLE,
        /** What the station wrote, under another name. */
        RENAMED,
        /** What the station wrote, under another name beside the one it gave. */
        DUPLICATE,
        /** The beginning of a file: somebody is copying it, or its end was lost. Ignored until it is whole. */
        INCOMPLETE,
        /** A record of this journal, but not as the station wrote it. */
        EDITED,
        /** Nothing of this journal. */
        FOREIGN
    }

    Ticket {
        Objects.requireNonNull(state);
        Objects.requireNonNull(record);
        Objects.requireNonNull(reason);
    }

    static Ticket of(State state, AuditRecord record, String reason) {
        return new Ticket(state, Optional.of(record), reason);
    }

    static Ticket incomplete() {
        return new Ticket(State.INCOMPLETE, Optional.empty(), "it is not complete");
    }

    static Ticket foreign(String reason) {
        return new Ticket(State.FOREIGN, Optional.empty(), reason);
    }
}
