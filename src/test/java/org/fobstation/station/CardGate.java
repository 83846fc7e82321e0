package org.fobstation.station;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A point in a card session where the fob stands still until a test lets it go on. */
final class CardGate {

    private final CountDownLatch standing = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    /** Called by the fob. */
    void stand() {
        standing.countDown();
        await(open, "the fob was not let go on");
    }

    void awaitStanding() {
        await(standing, "the fob did not come to the point");
    }

    void open() {
        open.countDown();
    }

    private static void await(CountDownLatch latch, String otherwise) {
        try {
            if (!latch.await(TestStation.LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(otherwise);
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted: " + otherwise, e);
        }
    }
}
