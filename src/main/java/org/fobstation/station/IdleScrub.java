package org.fobstation.station;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the memory scrubbed after fobs were provisioned, in a pause between them: a scrub stops all threads for a moment,
 * and a fob in the field would have to wait. Where no pause comes, it does not wait for one for ever. Its own thread does
 * it, and what goes wrong there is logged and harms no run. Safe for any thread.
 */
final class IdleScrub implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IdleScrub.class);

    /** So long no fob was served: the operator is changing fobs. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** So long after a fob it is done without a pause. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** As often a scrub that left something out is repeated; then the next fob's has to do. */
    private static final int ATTEMPTS_MAX = 3;

    /** Overwrites memory. */
    @FunctionalInterface
    interface Scrub {

        /** Whether nothing was left out. */
        boolean run() throws InterruptedException;
    }

    private final Scrub scrub;
    private final long pauseNanos;
    private final long longestWaitNanos;
    private final Thread thread = new Thread(this::work, "scrub");
    private final Set<String> busyReaders = new HashSet<>();
    private boolean due;
    private int attempts;
    private long dueSince;
    private long idleSince;
    private boolean closed;

    private IdleScrub(Scrub scrub, Duration pause, Duration longestWait) {
        this.scrub = scrub;
        this.pauseNanos = pause.toNanos();
        this.longestWaitNanos = longestWait.toNanos();
        thread.setDaemon(true);
    }

    static IdleScrub start(Scrub scrub) {
        return start(scrub, PAUSE, LONGEST_WAIT);
    }

    static IdleScrub start(Scrub scrub, Duration pause, Duration longestWait) {
        IdleScrub started = new IdleScrub(scrub, pause, longestWait);
        started.thread.start();
        return started;
    }

    /** A fob is being provisioned on a reader. */
    synchronized void busy(String readerId) {
        busyReaders.add(readerId);
    }

    /** Its outcome is shown; a scrub is due. */
    synchronized void done(String readerId) {
        busyReaders.remove(readerId);
        idleSince = System.nanoTime();
        if (!due) {
            due = true;
            dueSince = idleSince;
        }
        notifyAll();
    }

    /** Waits until no fob is served and no scrub is due or under way; false if that takes longer than the limit. */
    synchronized boolean awaitClean(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (long left = limit.toNanos(); isUnclean() && left > 0; left = end - System.nanoTime()) {
            waitNanos(left);
        }
        return !isUnclean();
    }

    private boolean isUnclean() {
        return due || !busyReaders.isEmpty();
    }

    private void work() {
        try {
            while (awaitTurn()) {
                scrub();
            }
        } catch (InterruptedException e) {
            LOG.error("Nobody ends the scrub like this; memory is not scrubbed any more", e);
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it is to be done now; false at the end. What comes due from here on needs another one. */
    private synchronized boolean awaitTurn() throws InterruptedException {
        while (!closed) {
            long wait = nanosToWait();
            if (wait <= 0) {
                return true;
            }
            waitNanos(wait);
        }
        return false;
    }

    private long nanosToWait() {
        if (!due) {
            return Long.MAX_VALUE;
        }
        long now = System.nanoTime();
        long latest = dueSince + longestWaitNanos - now;
        return busyReaders.isEmpty() ? Math.min(latest, idleSince + pauseNanos - now) : latest;
    }

    private void waitNanos(long nanos) throws InterruptedException {
        wait(Math.max(1, nanos / 1_000_000));
    }

    private void scrub() throws InterruptedException {
        long begun = System.nanoTime();
        boolean complete = false;
        try {
            complete = scrub.run();
        } catch (RuntimeException e) {
            LOG.error("The memory was not scrubbed after a fob", e);
        }
        LOG.debug("scrubbed in {} ms", (System.nanoTime() - begun) / 1_000_000);
        settle(begun, complete);
    }

    private synchronized void settle(long begun, boolean complete) {
        attempts = complete ? 0 : attempts + 1;
        boolean again = attempts > 0 && attempts < ATTEMPTS_MAX;
        if (attempts == ATTEMPTS_MAX) {
            LOG.warn("Copies of the last fob's keys may stay in memory until the next fob: not all of it was scrubbed");
            attempts = 0;
        }
        // A fob that was done meanwhile may have left something behind the scrub's back.
        due = again || idleSince - begun > 0;
        if (due) {
            dueSince = System.nanoTime();
            idleSince = dueSince;
        }
        notifyAll();
    }

    /** Ends the thread; a scrub under way is finished first. May be called again. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
