package org.fobstation.pcsc;

import java.time.Duration;

/** Pauses that double from a shortest to a longest. One thread. */
final class BackOff {

    private final Duration shortest;
    private final Duration longest;
    private Duration next;

    BackOff(Duration shortest, Duration longest) {
        this.shortest = shortest;
        this.longest = longest;
        this.next = shortest;
    }

    /** The pause to make now; the one after it is twice as long. */
    Duration next() {
        Duration pause = next;
        Duration twice = pause.multipliedBy(2);
        next = twice.compareTo(longest) < 0 ? twice : longest;
        return pause;
    }

    void reset() {
        next = shortest;
    }
}
