package org.fobstation.secret;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Objects that are done with and have held secrets where nobody can wipe them, such as sockets with buffers of their own.
 * A {@link HeapScrub} goes on until the collector has them all: until then their memory is not free. Safe for any thread.
 */
public final class Remnants {

    private static final Set<PhantomReference<Object>> LEFT = ConcurrentHashMap.newKeySet();
    private static final ReferenceQueue<Object> UNUSED = new ReferenceQueue<>();

    private Remnants() {}

    /** @param object not kept: what else refers to it has to let it go */
    public static void add(Object object) {
        LEFT.removeIf(reference -> reference.refersTo(null));
        LEFT.add(new PhantomReference<>(object, UNUSED));
    }

    /** Whether none is left in the heap, as of the last collection. */
    static boolean areGone() {
        LEFT.removeIf(reference -> reference.refersTo(null));
        return LEFT.isEmpty();
    }
}
