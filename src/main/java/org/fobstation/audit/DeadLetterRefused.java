package org.fobstation.audit;

/** A file among the dead letters is not one of this station's. The message says why, in a sentence. */
public final class DeadLetterRefused extends Exception {

    private static final long serialVersionUID = 1L;

    DeadLetterRefused(String reason) {
        super(reason);
    }

    DeadLetterRefused(String reason, Throwable cause) {
        super(reason, cause);
    }
}
