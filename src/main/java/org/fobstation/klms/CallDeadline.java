package org.fobstation.klms;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Bounds one call to the key server as a whole. Socket timeouts bound single reads only: a server that sends a byte now
 * and then would hold a reader for ever. When time is up, {@code abort} runs on the timer's thread and is expected to
 * close the connection, which ends any wait on it.
 */
final class CallDeadline implements AutoCloseable {

    private static final long REPEAT_MILLIS = 50;

    private final long end;
    private final ScheduledFuture<?> alarm;

    /** @param abort must not block; runs again and again, as it may come before there is a connection to close */
    CallDeadline(Duration limit, ScheduledExecutorService timer, Runnable abort) {
        end = System.nanoTime() + limit.toNanos();
        alarm = timer.scheduleWithFixedDelay(abort, limit.toMillis(), REPEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    boolean isOver() {
        return remainingMillis() == 0;
    }

    /** 0 when time is up. */
    int remainingMillis() {
        return (int) Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
    }

    /** Stops the alarm. */
    @Override
    public void close() {
        alarm.cancel(false);
    }
}
