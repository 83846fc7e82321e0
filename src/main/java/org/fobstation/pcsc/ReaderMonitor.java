package org.fobstation.pcsc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches all configured readers on one thread with a context of its own, from {@link #start()} to {@link #stop}. Where
 * the service goes away it tries again for ever, after 50 ms at first and every 2 s at last. A monitor is started once.
 *
 * <p>{@link #add}, {@link #remove}, {@link #status} and {@link #stop} may be called by any thread.
 */
final class ReaderMonitor {

    /** One entry of a wait is the one for readers that come and go. */
    static final int READERS_MAX = SmartCardContext.MAX_WAIT_ENTRIES - 1;

    /** Readers are listed again at least this often, for what the service did not tell. */
    private static final Duration WAIT = Duration.ofSeconds(2);

    /** Long enough for an answer, short enough not to be noticed where no reader is there to answer for. */
    private static final Duration FIRST_LOOK = Duration.ofMillis(20);

    private static final Duration OUTAGE_SHORTEST = Duration.ofMillis(50);
    private static final Duration OUTAGE_LONGEST = Duration.ofSeconds(2);
    private static final Duration IDLING_SHORTEST = Duration.ofMillis(20);
    private static final Duration IDLING_LONGEST = Duration.ofMillis(500);
    private static final Duration AT_ONCE = Duration.ofMillis(10);
    private static final long CANCEL_EVERY_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(ReaderMonitor.class);

    private final SmartCardService service;
    private final ReaderListener listener;
    private final List<WatchedReader> readers = new CopyOnWriteArrayList<>();
    private final AtomicInteger revision = new AtomicInteger();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final FaultLog faults = new FaultLog(LOG);
    private final BackOff outage = new BackOff(OUTAGE_SHORTEST, OUTAGE_LONGEST);
    private final BackOff idling = new BackOff(IDLING_SHORTEST, IDLING_LONGEST);
    private final Thread thread = new Thread(this::run, "pcsc-monitor");
    private volatile SmartCardContext context;
    private volatile Sight sight = new Sight(WatchStatus.Service.STARTING, "", Map.of());

    /** What the thread last saw, as one value. */
    private record Sight(WatchStatus.Service service, String fault, Map<String, ReaderStatus> readers) {}

    /** @param listener is not expected to throw, see {@link GuardedListener} */
    ReaderMonitor(SmartCardService service, ReaderListener listener) {
        this.service = service;
        this.listener = listener;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** @throws IllegalArgumentException for the 16th reader, which no wait could take, and for an id that is watched */
    void add(WatchedReader reader) {
        if (readers.stream().anyMatch(other -> other.id().equals(reader.id()))) {
            throw new IllegalArgumentException(
                    "The reader id " + reader.id() + " is consumed twice. Give each route a reader of its own.");
        }
        if (readers.size() >= READERS_MAX) {
            throw new IllegalArgumentException("A station watches at most " + READERS_MAX + " readers; " + reader.id()
                    + " is one too many. Serve it from a second station.");
        }
        readers.add(reader);
        lookAgain();
    }

    void remove(WatchedReader reader) {
        readers.remove(reader);
        lookAgain();
    }

    boolean isEmpty() {
        return readers.isEmpty();
    }

    private void lookAgain() {
        revision.incrementAndGet();
        cancel();
    }

    private void cancel() {
        SmartCardContext waiting = context;
        if (waiting != null) {
            waiting.cancel();
        }
    }

    WatchStatus status() {
        Sight now = sight;
        boolean complete = readers.stream().allMatch(reader -> now.readers().containsKey(reader.id()));
        boolean starting = now.service() == WatchStatus.Service.UP && !complete;
        String missing = now.service() == WatchStatus.Service.LOST ? "the PC/SC service is gone" : "not looked for yet";
        List<ReaderStatus> statuses = readers.stream()
                .map(reader -> status(
                        reader, now.readers().getOrDefault(reader.id(), ReaderStatus.missing(reader.id(), missing))))
                .toList();
        return new WatchStatus(starting ? WatchStatus.Service.STARTING : now.service(), now.fault(), statuses);
    }

    private static ReaderStatus status(WatchedReader reader, ReaderStatus seen) {
        return reader.calls().stuckIn().map(seen::stuckIn).orElse(seen);
    }

    List<WatchedReader> readers() {
        return readers;
    }

    /**
     * Ends the thread. A cancel that comes just before a wait is lost, so it is repeated until the thread has ended.
     *
     * @return false if it has not ended in time; it is a daemon and does nothing any more but end
     */
    boolean stop(Duration bound) {
        stop.countDown();
        long end = System.nanoTime() + bound.toNanos();
        try {
            while (thread.isAlive() && thread != Thread.currentThread() && System.nanoTime() < end) {
                cancel();
                thread.join(CANCEL_EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    private void run() {
        while (!isStopped()) {
            try (SmartCardContext fresh = service.establish()) {
                context = fresh;
                watch(fresh);
            } catch (Throwable e) {
                // Whatever it is: a station whose monitor is dead would look alive and serve no fob.
                lost(e);
            } finally {
                context = null;
            }
        }
    }

    /** Looks and waits until stopped; whatever it throws means that the service is lost. */
    private void watch(SmartCardContext fresh) throws PcscException {
        ReaderTable table = new ReaderTable(listener);
        int assigned = revision.get();
        List<String> names = fresh.readers();
        // A service may list readers and yet not wait for them; it is back when it does both.
        look(fresh, table, FIRST_LOOK);
        back();
        table.assign(readers, names);
        Duration timeout = FIRST_LOOK;
        while (!isStopped()) {
            long began = System.nanoTime();
            boolean changed = look(fresh, table, revision.get() == assigned ? timeout : FIRST_LOOK);
            if (isStopped()) {
                return;
            }
            sight = new Sight(WatchStatus.Service.UP, "", table.statuses());
            assigned = revision.get();
            changed |= table.assign(readers, fresh.readers());
            timeout = WAIT;
            restIfIdle(changed, began);
        }
    }

    private boolean look(SmartCardContext fresh, ReaderTable table, Duration timeout) throws PcscException {
        List<ReaderState> known = table.known();
        if (known.isEmpty()) {
            pause(timeout);
            return false;
        }
        try {
            List<ReaderState> seen = fresh.waitForChange(known, timeout);
            // Stopped meanwhile: another monitor may watch these readers by now.
            return !isStopped() && table.see(seen);
        } catch (PcscException e) {
            switch (e.code()) {
                case PcscException.E_TIMEOUT,
                        PcscException.E_CANCELLED,
                        PcscException.E_NO_READERS_AVAILABLE,
                        PcscException.E_UNKNOWN_READER,
                        PcscException.E_READER_UNAVAILABLE -> {
                    return false;
                }
                default -> throw e;
            }
        }
    }

    /** A wait that comes back at once and empty-handed, again and again, must not take the whole processor. */
    private void restIfIdle(boolean changed, long began) {
        if (changed || System.nanoTime() - began > AT_ONCE.toNanos()) {
            idling.reset();
        } else {
            pause(idling.next());
        }
    }

    private void back() {
        outage.reset();
        faults.recovered();
        if (sight.service() == WatchStatus.Service.LOST) {
            sight = new Sight(WatchStatus.Service.STARTING, "", Map.of());
            listener.serviceBack();
        }
    }

    private void lost(Throwable cause) {
        if (isStopped()) {
            return;
        }
        String fault = cause instanceof PcscException ? cause.getMessage() : cause.toString();
        faults.note(fault, cause);
        boolean wasThere = sight.service() != WatchStatus.Service.LOST;
        sight = new Sight(WatchStatus.Service.LOST, fault, Map.of());
        readers.forEach(reader -> reader.slot().lost());
        if (wasThere) {
            listener.serviceLost(fault);
        }
        pause(outage.next());
    }

    /** Pauses until stopped. Nobody interrupts this thread; if someone does, it looks again earlier. */
    private void pause(Duration pause) {
        try {
            if (stop.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("The reader monitor was stopped in a pause");
            }
        } catch (InterruptedException e) {
            LOG.debug("The reader monitor was interrupted; it looks again");
        }
    }
}
