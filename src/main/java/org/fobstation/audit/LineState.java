package org.fobstation.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.fobstation.outcome.FailureCode;

/**
 * What the records say of the line as a whole, all readers together and in the order of the records. PASS ends a row of
 * failures, FAIL goes on with it, RETRY does neither. HOLD stops the line at once, unless it is of those that end with
 * their cause. Immutable.
 *
 * @param failures FAILs in a row
 * @param firstFailure the record of the first of them, 0 without any
 * @param last what the line is held for if the last one of them is one too many; empty without any
 * @param due a HOLD that no entry of the journal has answered yet: the line is to be held for it
 * @param held why the line stands still
 */
record LineState(
        int failures, long firstFailure, Optional<LineHold> last, Optional<LineHold> due, Optional<LineHold> held) {

    /** Nothing has failed. */
    static final LineState RUNNING = new LineState(0, 0, Optional.empty(), Optional.empty(), Optional.empty());

    LineState after(AuditRecord record) {
        Envelope envelope = record.envelope();
        String code = envelope.failureCode().orElse("");
        return switch (envelope.shown()) {
            case PASS -> new LineState(0, 0, Optional.empty(), due, held);
            case RETRY -> this;
            case FAIL ->
                new LineState(
                        failures + 1,
                        failures == 0 ? record.auditSeq() : firstFailure,
                        Optional.of(inARow(failures + 1, code, record, envelope.endedAt())),
                        due,
                        held);
            case HOLD ->
                endsByItself(code)
                        ? this
                        : new LineState(
                                failures,
                                firstFailure,
                                last,
                                due.or(() -> Optional.of(atOnce(code, record, envelope))),
                                held);
        };
    }

    private static boolean endsByItself(String code) {
        return Stream.of(FailureCode.values())
                .filter(known -> known.name().equals(code))
                .anyMatch(FailureCode::endsByItself);
    }

    private static LineHold inARow(int failures, String code, AuditRecord record, Instant at) {
        String detail = failures + " in a row, the last one record " + record.auditSeq() + ", " + code;
        return new LineHold(FailureCode.FAILURES_IN_A_ROW.name(), detail, record.auditSeq(), at);
    }

    private static LineHold atOnce(String code, AuditRecord record, Envelope envelope) {
        String detail = "record " + record.auditSeq() + (envelope.detail().isEmpty() ? "" : ", " + envelope.detail());
        return new LineHold(code, detail, record.auditSeq(), envelope.endedAt());
    }

    /** What the line is to be held for although no entry says so yet. */
    Optional<LineHold> toBeHeld(int afterFailures) {
        Predicate<LineHold> enough = hold -> failures >= afterFailures;
        return held.isPresent() ? Optional.empty() : due.or(() -> last.filter(enough));
    }

    LineState held(LineHold hold) {
        return new LineState(failures, firstFailure, last, Optional.empty(), Optional.of(hold));
    }

    /** Released for everything that has failed so far, runs included that ended while the line was held. */
    LineState released() {
        return RUNNING;
    }

    /** The oldest record that this stands on; empty if on none. */
    Optional<Long> oldestRecord() {
        Optional<Long> first = Optional.of(firstFailure).filter(seq -> seq > 0);
        return Stream.of(first, due.map(LineHold::auditSeq), held.map(LineHold::auditSeq))
                .flatMap(Optional::stream)
                .min(Long::compare);
    }
}
