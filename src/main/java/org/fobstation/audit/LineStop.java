package org.fobstation.audit;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.fobstation.outcome.Gate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the line: after so many failures in a row, and at once after a failure that says the station or its keys are
 * wrong. A stop is an entry of the journal, so that it outlives the process, and ends with another one that says who
 * released it and why. As a gate it is closed from the moment the record is on the disk that stops the line; runs of
 * other readers that have begun by then are brought to their end. Any thread may use it.
 */
public final class LineStop implements Gate {

    private static final Logger LOG = LoggerFactory.getLogger(LineStop.class);

    private final AuditJournal journal;
    private final int afterFailures;
    private final Clock clock;
    private final AtomicReference<LineHold> untold = new AtomicReference<>();

    private LineStop(AuditJournal journal, int afterFailures, Clock clock) {
        this.journal = journal;
        this.afterFailures = afterFailures;
        this.clock = clock;
    }

    /**
     * Watches the records. A process that was killed between a record and the stop it makes is made up for here.
     *
     * @param afterFailures {@code hold.after-failures}, at least 1
     * @throws JournalException if the stop of an earlier process cannot be written
     */
    public static LineStop watch(AuditJournal journal, int afterFailures, Clock clock) throws JournalException {
        LineStop stop = new LineStop(journal, afterFailures, clock);
        stop.holdIfDue();
        stop.untold.set(journal.line().held().orElse(null));
        journal.addListener(stop::recordMade);
        return stop;
    }

    private void recordMade() {
        try {
            holdIfDue();
        } catch (JournalException e) {
            // The journal's fault closes the gate by itself, and the next start makes up for the entry.
            LOG.error("The stop of the line could not be written", e);
        }
    }

    private void holdIfDue() throws JournalException {
        journal.appendFor(ledger ->
                        ledger.line().toBeHeld(afterFailures).map(hold -> new JournalEntry.Held(clock.instant(), hold)))
                .ifPresent(entry -> {
                    LineHold hold = ((JournalEntry.Held) entry).hold();
                    untold.set(hold);
                    LOG.error("The line is stopped: {}, {}", hold.code(), hold.detail());
                });
    }

    @Override
    public Optional<Hold> hold() {
        LineState line = journal.line();
        return line.held().or(() -> line.toBeHeld(afterFailures)).map(LineHold::toGate);
    }

    /** The stop that was not asked for by this yet; for whoever tells the operator, once. */
    public Optional<Hold> untold() {
        return Optional.ofNullable(untold.getAndSet(null)).map(LineHold::toGate);
    }

    /**
     * Lets the line go on.
     *
     * @param request who gives it; it is in the journal already
     * @param reason why, in his own words
     * @return what the line was held for; empty if it was not held, and then nothing is written
     */
    public Optional<LineHold> release(Request request, String reason) throws JournalException {
        AtomicReference<LineHold> held = new AtomicReference<>();
        journal.appendFor(ledger -> ledger.line().held().map(hold -> {
            held.set(hold);
            return new JournalEntry.Released(clock.instant(), request.user(), request.fileOwner(), reason);
        }));
        return Optional.ofNullable(held.get());
    }
}
