package org.fobstation.provisioning;

import java.util.Optional;
import org.fobstation.audit.AuditJournal;
import org.fobstation.audit.JournalException;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;

/**
 * Sees to it that a transaction id serves one run: an answer that comes a second time, to whichever fob, brings keys that
 * were given away before, and its audit would contradict the first one's. The run that is refused is recorded as one that
 * never got an id.
 */
final class TransactionGuard {

    private final AuditJournal journal;

    TransactionGuard(AuditJournal journal) {
        this.journal = journal;
    }

    /** Why the run may not have the id; empty if it is the run's from here on. */
    Optional<Failure> refusal(long run, String transactionId) {
        try {
            return journal.claim(run, transactionId)
                    .map(use -> failure(
                            FailureCode.TRANSACTION_REUSED, "transaction " + transactionId + ": " + use.describe()));
        } catch (JournalException e) {
            return Optional.of(failure(FailureCode.JOURNAL_FAILED, e.getMessage()));
        }
    }

    private static Failure failure(FailureCode code, String detail) {
        return new Failure(code, Stage.KEY_REQUEST, detail);
    }
}
