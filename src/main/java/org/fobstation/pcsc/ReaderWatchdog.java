package org.fobstation.pcsc;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says so when a fob hangs its reader, once, and once more when the reader goes on. On a thread of its own, since the
 * reader's own thread is what hangs. Started once; {@link #stop()} may come from any thread.
 */
final class ReaderWatchdog {

    private static final Duration LOOK_LONGEST = Duration.ofMillis(500);
    private static final Duration LOOK_SHORTEST = Duration.ofMillis(10);
    private static final Logger LOG = LoggerFactory.getLogger(ReaderWatchdog.class);

    private final Supplier<List<WatchedReader>> readers;
    private final ReaderListener listener;
    private final Map<WatchedReader, String> told = new HashMap<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "pcsc-watchdog");

    /**
     * @param readers those watched now
     * @param listener is not expected to throw, see {@link GuardedListener}
     */
    ReaderWatchdog(Supplier<List<WatchedReader>> readers, ReaderListener listener) {
        this.readers = readers;
        this.listener = listener;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void stop() {
        stop.countDown();
    }

    private void run() {
        try {
            Duration pause;
            do {
                List<WatchedReader> watched = readers.get();
                look(watched);
                pause = pause(watched);
            } while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            // Nobody interrupts this thread. Whoever does wants it to end.
            LOG.warn("The watchdog of the readers was interrupted and ends");
        }
    }

    /** Often enough to be on time for the shortest limit. */
    private static Duration pause(List<WatchedReader> watched) {
        Duration pause = watched.stream()
                .map(reader -> reader.calls().stuckAfter().dividedBy(4))
                .min(Duration::compareTo)
                .orElse(LOOK_LONGEST);
        return pause.compareTo(LOOK_LONGEST) > 0
                ? LOOK_LONGEST
                : pause.compareTo(LOOK_SHORTEST) < 0 ? LOOK_SHORTEST : pause;
    }

    /** Looks at every reader once. */
    void look(List<WatchedReader> watched) {
        told.keySet().retainAll(watched);
        for (WatchedReader reader : watched) {
            String stuck = reader.calls().stuckIn().orElse(null);
            if (stuck != null && told.putIfAbsent(reader, stuck) == null) {
                LOG.error(
                        "Reader {} is stuck: {}. It serves no fob until the one on it is taken away; the other readers"
                                + " go on.",
                        reader.id(),
                        stuck);
                listener.readerStuck(reader.id(), stuck);
            } else if (stuck == null && told.remove(reader) != null) {
                LOG.info("Reader {} is not stuck any more", reader.id());
                listener.readerFreed(reader.id());
            }
        }
    }
}
