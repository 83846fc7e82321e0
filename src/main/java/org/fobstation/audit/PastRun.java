package org.fobstation.audit;

import java.time.Instant;
import java.util.Optional;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;

/**
 * An earlier run of a fob, as the journal has it.
 *
 * @param outcome what the operator was shown
 * @param unknown whether nobody knows what state that run left the fob in
 * @param endedAt UTC
 * @param lastIntent the kind of its last intent; empty if the fob was not touched
 * @param halfDone how often in a row, that run included, the fob was left half-done and was to be presented again
 * @param failureCode why it was not PASS, as it was named then
 */
public record PastRun(
        long auditSeq,
        String transactionId,
        Outcome outcome,
        boolean unknown,
        Instant endedAt,
        Stage stageReached,
        Optional<String> lastIntent,
        int halfDone,
        Optional<String> failureCode) {

    static PastRun of(AuditRecord record) {
        Envelope envelope = record.envelope();
        return new PastRun(
                record.auditSeq(),
                envelope.transactionId(),
                envelope.shown(),
                envelope.outcome() == AuditOutcome.UNKNOWN,
                envelope.endedAt(),
                envelope.stageReached(),
                envelope.lastIntent(),
                halfDone(envelope),
                envelope.failureCode());
    }

    /** Records of versions that did not count say it of themselves alone. */
    private static int halfDone(Envelope envelope) {
        boolean isHalfDone = envelope.outcome() == AuditOutcome.UNKNOWN && envelope.shown() == Outcome.RETRY;
        return Math.max(envelope.halfDone(), isHalfDone ? 1 : 0);
    }
}
