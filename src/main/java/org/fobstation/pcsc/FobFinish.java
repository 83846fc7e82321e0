package org.fobstation.pcsc;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the fobs being served before a station stops, in a bounded time whatever a fob does. One that comes to its end in
 * time is not disturbed; the others are stopped between two commands, so that their runs are recorded as they are.
 *
 * <pre>
 * 0 s     no other fob is served
 * 1 s     a fob that is not being changed is sent nothing more: it stays as it was
 * 2 s     nor is one that is being changed: it is finished when it is presented again
 * 3 s     a fob that still owes an answer is given up, and the answer is dropped if it comes
 * </pre>
 */
final class FobFinish {

    private static final Duration UNCHANGED = Duration.ofSeconds(1);
    private static final Duration CHANGING = Duration.ofSeconds(2);
    private static final Duration OWING = Duration.ofSeconds(3);
    private static final long LOOK_NANOS = 10_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(FobFinish.class);

    private final List<PcscConsumer> consumers;
    private final long began = System.nanoTime();

    /** The time runs from here on. */
    FobFinish(List<PcscConsumer> consumers) {
        this.consumers = List.copyOf(consumers);
    }

    /** @return the ids of the readers whose fob was given up */
    List<String> await() {
        consumers.forEach(PcscConsumer::beginNoMore);
        if (!isIdleWithin(UNCHANGED)) {
            consumers.forEach(consumer -> consumer.sendNoMore(false));
        }
        if (!isIdleWithin(CHANGING)) {
            consumers.forEach(consumer -> consumer.sendNoMore(true));
        }
        if (isIdleWithin(OWING)) {
            return List.of();
        }
        List<String> abandoned = consumers.stream()
                .map(PcscConsumer::abandon)
                .filter(Objects::nonNull)
                .toList();
        abandoned.forEach(id -> LOG.warn("The run on reader {} does not come to its end and is given up", id));
        return abandoned;
    }

    /** Waits until no fob is served, up to a time after the beginning. */
    private boolean isIdleWithin(Duration time) {
        boolean idle = isIdle();
        while (!idle && System.nanoTime() - began < time.toNanos()) {
            LockSupport.parkNanos(LOOK_NANOS);
            idle = isIdle();
        }
        return idle;
    }

    private boolean isIdle() {
        return consumers.stream().noneMatch(PcscConsumer::isServing);
    }
}
