package org.fobstation.simulator.fob;

import org.fobstation.apdu.StatusWord;

/** The card's way out of a command it does not carry out: a status word without data. */
final class CardRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    CardRefusal(int status) {
        super(new StatusWord(status).toString(), null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    /** Refuses with {@code status} unless {@code condition} holds. */
    static void unless(boolean condition, int status) {
        if (!condition) {
            throw new CardRefusal(status);
        }
    }
}
