package org.fobstation.secret;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Optional;

/**
 * Overwrites what is free in the Java heap. Secrets pass through heap arrays that are wiped, but the collector may have
 * moved an array before, and buffers of TLS and HTTP are dropped as they are: both leave text that no program can reach,
 * and that stays until something else is put there. So everything that lives is moved together, and then as much is
 * allocated as the heap ever held.
 *
 * <pre>
 * old    | live | what was here since the last scrub: overwritten | never used |
 * eden   | empty: overwritten to its end                                       |
 * </pre>
 *
 * This needs the serial collector with the flags of {@link #FLAGS}: other collectors keep free memory in places that
 * cannot be aimed at. One scrub at a time; nothing else should hold secrets meanwhile, or their copies may stay until
 * the next one.
 */
public final class HeapScrub {

    /**
     * What the JVM has to be started with, without {@code -XX:}: all that outlives a collection goes to the old
     * generation, which is compacted without gaps; arrays from 64 KB are allocated there; and what a thread takes of
     * eden for its own use is overwritten when it does.
     */
    public static final List<String> FLAGS = List.of(
            "UseSerialGC=true",
            "AlwaysTenure=true",
            "MarkSweepAlwaysCompactCount=1",
            "PretenureSizeThreshold=65536",
            "ZeroTLAB=true");

    private static final int OLD_STEP = 1 << 20;
    private static final int OLD_STEP_MIN = 1 << 16;
    private static final int EDEN_STEP = 1 << 14;

    /** An object with a finalizer takes two collections; more are for a finalizer that is late. */
    private static final int COLLECTIONS_MAX = 4;

    private static final long LATE_MILLIS = 100;

    /** Left free in the old generation: what lives in eden must find room there at any time. */
    private static final int SHARE_LEFT_FREE = 4;

    private final MemoryPoolMXBean old;
    private final MemoryPoolMXBean eden;
    private final GarbageCollectorMXBean youngCollector;

    /** Keeps the compiler from leaving an allocation out. */
    private volatile byte[] filler;

    private HeapScrub(MemoryPoolMXBean old, MemoryPoolMXBean eden, GarbageCollectorMXBean youngCollector) {
        this.old = old;
        this.eden = eden;
        this.youngCollector = youngCollector;
    }

    /** Of the JVM this runs in; empty where it has another collector. */
    public static Optional<HeapScrub> ofThisJvm() {
        Optional<MemoryPoolMXBean> old = pool("Tenured Gen");
        Optional<MemoryPoolMXBean> eden = pool("Eden Space");
        Optional<GarbageCollectorMXBean> young = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(collector -> collector.getName().equals("Copy"))
                .findFirst();
        return old.isEmpty() || eden.isEmpty() || young.isEmpty()
                ? Optional.empty()
                : Optional.of(new HeapScrub(old.get(), eden.get(), young.get()));
    }

    private static Optional<MemoryPoolMXBean> pool(String name) {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals(name))
                .findFirst();
    }

    /**
     * Collects, and overwrites what is free then. Takes as long as two full collections or so.
     *
     * @return whether nothing was left out: not if {@link Remnants} could not be collected yet, if the old generation was
     *     nearly full, or if others allocated so fast that the end of eden was not seen
     */
    public boolean run() throws InterruptedException {
        boolean collected = collect();
        boolean oldFilled = fillOld();
        if (old.getUsage().getUsed() > old.getUsage().getMax() / 2) {
            // The fill itself: taken away before it leaves too little room for the station.
            System.gc();
            old.resetPeakUsage();
        }
        return fillEden() && oldFilled && collected;
    }

    /** Java's TLS sockets have finalizers: with all their buffers they outlive one collection. */
    private static boolean collect() throws InterruptedException {
        for (int collection = 1; collection < COLLECTIONS_MAX; collection++) {
            ReferenceQueue<Object> handled = new ReferenceQueue<>();
            WeakReference<Object> canary = new WeakReference<>(new Object(), handled);
            System.gc();
            if (Remnants.areGone()) {
                return true;
            }
            // What the collection found goes to the finalizer in one go with the canary.
            if (handled.remove(LATE_MILLIS) == canary) {
                System.runFinalization();
            }
        }
        System.gc();
        return Remnants.areGone();
    }

    /** Up to the most that was used since the last time. What was above is as it was left by the last scrub. */
    private boolean fillOld() {
        long most = old.getUsage().getMax() - old.getUsage().getMax() / SHARE_LEFT_FREE;
        long dirty = old.getPeakUsage().getUsed();
        while (old.getUsage().getUsed() < Math.min(dirty, most)) {
            long gap = Math.min(dirty, most) - old.getUsage().getUsed();
            filler = new byte[gap > OLD_STEP ? OLD_STEP : OLD_STEP_MIN];
        }
        filler = null;
        return dirty <= most;
    }

    /** To its very end, which is there when a collection of eden follows. */
    private boolean fillEden() {
        long collections = youngCollector.getCollectionCount();
        long size = eden.getUsage().getCommitted();
        long most = size / EDEN_STEP + 4L * EDEN_STEP;
        for (long i = 0; i < most && youngCollector.getCollectionCount() == collections; i++) {
            boolean nearTheEnd = size - eden.getUsage().getUsed() < 2 * EDEN_STEP;
            filler = new byte[nearTheEnd ? 0 : EDEN_STEP];
        }
        filler = null;
        return youngCollector.getCollectionCount() != collections;
    }
}
