package org.fobstation.audit;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses that double from a first to a longest one. Each is drawn between its half and its whole, so that stations that
 * lost their key server at one moment do not all come back at one moment. Used by one thread at a time.
 */
final class Backoff {

    private static final int DOUBLINGS_MAX = 20;

    private final long first;
    private final long longest;
    private int failures;

    /** @param first in milliseconds, as is {@code longest} */
    Backoff(long first, long longest) {
        this.first = Math.max(first, 1);
        this.longest = Math.max(longest, 1);
    }

    /** The pause after one more failure, in milliseconds. */
    long next() {
        long whole = Math.min(first << Math.min(failures, DOUBLINGS_MAX), longest);
        failures++;
        return whole - ThreadLocalRandom.current().nextLong(whole / 2 + 1);
    }

    /** How many failures there were in a row. */
    int failures() {
        return failures;
    }

    void reset() {
        failures = 0;
    }
}
