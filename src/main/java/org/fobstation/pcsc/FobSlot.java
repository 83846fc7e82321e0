package org.fobstation.pcsc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * What lies on one configured reader: the state machine that turns state words into presentations, and the place where
 * the monitor leaves them for the reader's worker. {@link #see} and {@link #lost} change the state, which only the
 * monitor's thread calls, and {@link #guessReplaced}, which the worker calls where pcsc-lite overlooks a fob. Holds the latest presentation, not a queue: a fob that is gone is not served.
 *
 * <pre>
 *            EMPTY            PRESENT                    lost
 * UNKNOWN    EMPTY            PRESENT, presentation      UNKNOWN
 * EMPTY      EMPTY            PRESENT, presentation      UNKNOWN
 * PRESENT    EMPTY, removal   PRESENT; presentation if   UNKNOWN, not a removal
 *                             the counter moved by 2
 * </pre>
 *
 * A word with MUTE, or with neither EMPTY nor PRESENT, changes nothing.
 */
final class FobSlot {

    private enum Sight {
        UNKNOWN,
        EMPTY,
        PRESENT
    }

    private static final Duration NEVER = Duration.ofDays(36500);

    private final Clock clock;
    private final LongSupplier nanoTime;
    private Sight sight = Sight.UNKNOWN;
    private int eventCount;
    private boolean lying;
    private long removedNumber = -1;
    private long removedNanos;
    private Presentation latest = new Presentation(0, "", Instant.EPOCH, NEVER, false, false);
    private boolean stopped;

    /**
     * @param clock for the time of a presentation
     * @param nanoTime monotonic, in nanoseconds
     */
    FobSlot(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Takes in what the service says of the reader. */
    synchronized void see(ReaderState state) {
        if (state.has(ReaderState.MUTE) || state.has(ReaderState.PRESENT) == state.has(ReaderState.EMPTY)) {
            return;
        }
        if (state.has(ReaderState.EMPTY)) {
            if (lying) {
                remove();
            }
            sight = Sight.EMPTY;
        } else {
            seePresent(state);
        }
        eventCount = state.eventCount();
        notifyAll();
    }

    private void seePresent(ReaderState state) {
        boolean swapped = sight == Sight.PRESENT && (state.eventCount() - eventCount & 0xFFFF) >= 2;
        if (sight == Sight.PRESENT && !swapped) {
            return;
        }
        if (swapped) {
            remove();
        }
        Duration since = removedNumber >= 0 ? Duration.ofNanos(nanoTime.getAsLong() - removedNanos) : NEVER;
        latest = new Presentation(latest.number() + 1, state.reader(), clock.instant(), since, lying, false);
        lying = true;
        sight = Sight.PRESENT;
    }

    private void remove() {
        lying = false;
        removedNumber = latest.number();
        removedNanos = nanoTime.getAsLong();
    }

    /** The reader or the service is gone: nothing is known, and nothing was removed as far as anyone saw. */
    synchronized void lost() {
        sight = Sight.UNKNOWN;
    }

    /**
     * Takes the fob that lies there for another one than that of a presentation, although nobody saw it come. pcsc-lite
     * looks for a fob every 400 ms; one that is put on within that time after another was torn away in a command
     * changes nothing in its state word (1.9.9, measured).
     *
     * @param number the presentation whose fob broke its link; without effect once its end was seen
     */
    synchronized void guessReplaced(long number) {
        if (sight == Sight.PRESENT && isLying(number)) {
            remove();
            latest = new Presentation(number + 1, latest.readerName(), clock.instant(), Duration.ZERO, false, true);
            lying = true;
            notifyAll();
        }
    }

    /** Ends every wait, now and later. Any thread. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    /**
     * Waits for a fob that lies there now and was presented after another.
     *
     * @param number the last presentation served
     * @return the presentation, or null once stopped
     */
    synchronized Presentation awaitAfter(long number) throws InterruptedException {
        while (!stopped && !(sight == Sight.PRESENT && latest.number() > number)) {
            wait();
        }
        return stopped ? null : latest;
    }

    /** Waits until the fob of a presentation is gone, or another presentation has begun, or the slot is stopped. */
    synchronized void awaitEndOf(long number) throws InterruptedException {
        while (!stopped && isLying(number)) {
            wait();
        }
    }

    /** Whether the fob of a presentation was seen leaving. */
    synchronized boolean wasRemoved(long number) {
        return removedNumber >= number;
    }

    /**
     * Pauses while a presentation lasts.
     *
     * @return false if it is over or the slot is stopped
     */
    synchronized boolean pauseDuring(long number, Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        long left = pause.toNanos();
        while (left > 0 && !stopped && isLying(number)) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = end - System.nanoTime();
        }
        return !stopped && isLying(number);
    }

    private boolean isLying(long number) {
        return lying && latest.number() == number;
    }
}
