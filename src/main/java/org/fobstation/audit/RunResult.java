package org.fobstation.audit;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.fobstation.apdu.ApduTrace;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;

/**
 * How a run ended, as the run itself tells it. Immutable.
 *
 * @param transactionId the KLMS's, or one the station made where the run never got one
 * @param fobUid the raw NFC UID in hex, 8, 14 or 20 digits
 * @param readerId the configured id of the reader
 * @param endedAt the end of the run, UTC; kept in milliseconds
 * @param outcome what the operator is shown
 * @param failure why not PASS; empty with PASS and only then
 * @param stageReached the stage the run was in when it ended
 * @param trace what went over the air
 * @param stageTimes how long each stage took
 * @param warnings what was odd but stopped nothing; no secrets
 * @param cardFacts what the card said of itself, by name; hex or a few words, nobody authenticated it; no secrets
 * @param post whether the KLMS is to get the record
 * @param unknown whether nobody knows what state the fob is in; never with PASS
 */
public record RunResult(
        String transactionId,
        String fobUid,
        String readerId,
        Instant endedAt,
        Outcome outcome,
        Optional<Failure> failure,
        Stage stageReached,
        List<ApduTrace.Entry> trace,
        List<StageTime> stageTimes,
        List<String> warnings,
        Map<String, String> cardFacts,
        boolean post,
        boolean unknown) {

    /** @throws IllegalArgumentException if outcome, failure and unknown contradict each other */
    public RunResult {
        Objects.requireNonNull(transactionId);
        Objects.requireNonNull(fobUid);
        Objects.requireNonNull(readerId);
        Objects.requireNonNull(endedAt);
        Objects.requireNonNull(stageReached);
        if ((outcome == Outcome.PASS) != failure.isEmpty()) {
            throw new IllegalArgumentException(
                    outcome + (failure.isEmpty() ? " without a failure" : " with a failure"));
        }
        if (outcome == Outcome.PASS && unknown) {
            throw new IllegalArgumentException("PASS cannot be unknown");
        }
        trace = List.copyOf(trace);
        stageTimes = List.copyOf(stageTimes);
        warnings = List.copyOf(warnings);
        cardFacts = Collections.unmodifiableMap(new LinkedHashMap<>(cardFacts));
    }

    /** A run whose end is known and whose card was asked nothing. */
    public RunResult(
            String transactionId,
            String fobUid,
            String readerId,
            Instant endedAt,
            Outcome outcome,
            Optional<Failure> failure,
            Stage stageReached,
            List<ApduTrace.Entry> trace,
            List<StageTime> stageTimes,
            List<String> warnings,
            boolean post) {
        this(
                transactionId,
                fobUid,
                readerId,
                endedAt,
                outcome,
                failure,
                stageReached,
                trace,
                stageTimes,
                warnings,
                Map.of(),
                post,
                false);
    }
}
