package org.fobstation.pcsc;

import java.time.Duration;
import org.fobstation.pcsc.UidReading.Uid;

/**
 * Remembers the fob a reader served last, to tell a new presentation from the same one seen twice. Outlives
 * the worker's thread where the route is stopped and started again.
 */
final class LastFob {

    private final Duration debounce;
    private String uid = "";
    private boolean random;
    private boolean expectedAgain;

    /** @param debounce a fob that comes back sooner after its removal has bounced; zero for never */
    LastFob(Duration debounce) {
        this.debounce = debounce;
    }

    /**
     * Whether this is the fob served last, still there. A random UID says nothing of that: such a fob bounces never,
     * and where its removal may have been overlooked it counts as the same. A presentation that nobody saw is one if
     * another fob lies there, or the one that was asked for again.
     */
    synchronized boolean isStillThere(Presentation presentation, Uid now) {
        boolean same = now.hex().equals(uid);
        if (presentation.guessed()) {
            return same && !expectedAgain;
        }
        if (presentation.maybeSame()) {
            return same || now.random() && random;
        }
        return same
                && !expectedAgain
                && !now.random()
                && presentation.sinceRemoval().compareTo(debounce) < 0;
    }

    synchronized void remember(Uid served) {
        uid = served.hex();
        random = served.random();
        expectedAgain = false;
    }

    /** The fob's run was cut off by an outage of reader or service: it is served anew, also where it still lies there. */
    synchronized void forget() {
        uid = "";
        random = false;
    }

    /** The operator was asked to present the fob again: it does not bounce when it comes back. */
    synchronized void expectAgain() {
        expectedAgain = true;
    }
}
