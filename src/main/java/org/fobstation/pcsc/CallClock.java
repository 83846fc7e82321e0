package org.fobstation.pcsc;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which PC/SC call a reader's thread is in, and since when. PC/SC knows no time limit for a connection or a command, and
 * a native call cannot be interrupted: what can be done about a fob that never answers is to say so. The reader's thread
 * writes, any thread reads.
 */
final class CallClock {

    private final Duration stuckAfter;
    private final LongSupplier nanoTime;
    private volatile Call call;

    private record Call(String name, long since) {}

    /**
     * @param stuckAfter a call that takes longer is stuck
     * @param nanoTime monotonic, in nanoseconds
     */
    CallClock(Duration stuckAfter, LongSupplier nanoTime) {
        this.stuckAfter = stuckAfter;
        this.nanoTime = nanoTime;
    }

    Duration stuckAfter() {
        return stuckAfter;
    }

    /** The reader's thread goes into a call. */
    void enter(String name) {
        call = new Call(name, nanoTime.getAsLong());
    }

    /** The call has come back. */
    void leave() {
        call = null;
    }

    /** The present call and its age for a person, if it is stuck. */
    Optional<String> stuckIn() {
        Call present = call;
        return Optional.ofNullable(present)
                .map(this::age)
                .filter(age -> age.compareTo(stuckAfter) >= 0)
                .map(age -> present.name() + " has not come back for " + age.toSeconds() + " s");
    }

    private Duration age(Call present) {
        return Duration.ofNanos(nanoTime.getAsLong() - present.since());
    }
}
