package org.fobstation.provisioning;

import java.time.Clock;
import java.time.Duration;
import org.fobstation.audit.Attempts;
import org.fobstation.audit.AuditJournal;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;

/**
 * Keeps a fob from being tried until it blocks its keys for ever. Asked before keys are asked for, so that none leave the
 * KLMS for a fob that will not be tried. The journal counts, so that a restart forgets nothing.
 */
final class AttemptGuard {

    private final AttemptLimits limits;
    private final AuditJournal journal;
    private final Clock clock;

    /** @param clock UTC, the one that dates the journal's records */
    AttemptGuard(AttemptLimits limits, AuditJournal journal, Clock clock) {
        this.limits = limits;
        this.journal = journal;
        this.clock = clock;
    }

    /** @throws RunFailedException ATTEMPTS_USED_UP or ATTEMPT_TOO_SOON */
    void requireAttempt(String uid) throws RunFailedException {
        Attempts attempts = journal.attempts(uid);
        if (attempts.count() >= limits.most()) {
            throw refused(
                    FailureCode.ATTEMPTS_USED_UP,
                    attempts.count() + " attempts without a session, card.max-attempts is " + limits.most()
                            + "; clear-attempts " + uid + " allows more");
        }
        if (attempts.last().isEmpty()) {
            return;
        }
        Duration waited = Duration.between(attempts.last().get(), clock.instant());
        // A clock that was set back starts the pause anew, and makes it no longer than it is.
        Duration left = limits.pause().minus(waited.isNegative() ? Duration.ZERO : waited);
        if (left.compareTo(Duration.ZERO) > 0) {
            throw refused(
                    FailureCode.ATTEMPT_TOO_SOON, (left.toMillis() + 999) / 1000 + " s of card.attempt-pause are left");
        }
    }

    private static RunFailedException refused(FailureCode code, String detail) {
        return new RunFailedException(new Failure(code, Stage.UID_READ, detail));
    }
}
