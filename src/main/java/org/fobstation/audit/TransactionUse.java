package org.fobstation.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * The run that a transaction id belongs to.
 *
 * @param fobUid the raw NFC UID in upper-case hex; empty where only the run's beginning is left of it
 * @param endedAt UTC; empty if the run goes on, or was not seen to end
 */
public record TransactionUse(Optional<String> fobUid, Optional<Instant> endedAt) {

    static TransactionUse of(AuditRecord record) {
        return new TransactionUse(
                Optional.of(record.fobUid()), Optional.of(record.envelope().endedAt()));
    }

    /** In a few words: of which fob, and when. */
    public String describe() {
        return fobUid.map(uid -> "fob " + uid).orElse("another fob")
                + endedAt.map(end -> ", " + end).orElse(", now");
    }
}
