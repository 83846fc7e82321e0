package org.fobstation.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fobstation.apdu.ApduTrace;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;

/**
 * A run that has begun and has no result yet.
 *
 * @param history of its fob when it began
 * @param transactionId empty before the OPEN intent, and where a repair lost that
 * @param intent the last one; empty if the fob is untouched
 * @param lastSign when the last entry of it was written
 */
record OpenRun(
        long run,
        String fobUid,
        String readerId,
        FobHistory history,
        Optional<String> transactionId,
        Optional<Intent> intent,
        Optional<Instant> lastSign) {

    /** A run whose fob is untouched. */
    static OpenRun begun(long run, String fobUid, String readerId, FobHistory history) {
        return new OpenRun(run, fobUid, readerId, history, Optional.empty(), Optional.empty(), Optional.empty());
    }

    OpenRun with(Intent next, Instant at) {
        Optional<String> transaction =
                next instanceof Intent.Open open ? Optional.of(open.transactionId()) : transactionId;
        return new OpenRun(run, fobUid, readerId, history, transaction, Optional.of(next), Optional.of(at));
    }

    /** Whether a command that changes the fob may have been sent. */
    boolean hasBegunToWrite() {
        return intent.filter(last -> !(last instanceof Intent.Open)).isPresent();
    }

    /**
     * The result of a run that a stopped process left behind; it must have an intent. Between INITIALIZE UPDATE and the
     * payload nothing of the fob changes, so there the run was merely interrupted. Afterwards nobody knows. A run whose
     * transaction is lost has one that the station makes.
     */
    RunResult interrupted() {
        Intent last = intent.orElseThrow();
        boolean untouched = !hasBegunToWrite();
        FailureCode code = untouched ? FailureCode.INTERRUPTED : FailureCode.RESULT_UNKNOWN;
        List<ApduTrace.Entry> trace = last.trace();
        return new RunResult(
                transactionId.orElse("lost-" + run),
                fobUid,
                readerId,
                lastSign.orElseThrow(),
                code.outcome(),
                Optional.of(new Failure(code, last.stage(), "last entry of the journal: " + last.kind())),
                last.stage(),
                trace,
                List.of(),
                List.of("made at the next start; the time is that of the last entry"),
                Map.of(),
                true,
                !untouched);
    }
}
