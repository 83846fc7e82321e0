package org.fobstation.audit;

import java.util.Objects;
import java.util.Optional;

/**
 * What a file among the dead letters is.
 *
 * @param record the record it stands for; empty where there is none
 * @param reason for a human, a sentence without a full stop
 * @param content SHA-256 of the content that was judged, in hex: the file may hold another one by now
 */
record Ticket(State state, Optional<AuditRecord> record, String reason, String content) {

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
        Objects.requireNonNull(content);
    }

    /** Whether it is left alone until it changes, with a note beside it. */
    boolean isRefused() {
        return state == State.EDITED || state == State.FOREIGN;
    }

    static Ticket of(State state, AuditRecord record, String reason, String content) {
        return new Ticket(state, Optional.of(record), reason, content);
    }

    static Ticket incomplete(String content) {
        return new Ticket(State.INCOMPLETE, Optional.empty(), "it is not complete", content);
    }

    static Ticket foreign(String reason, String content) {
        return new Ticket(State.FOREIGN, Optional.empty(), reason, content);
    }
}
