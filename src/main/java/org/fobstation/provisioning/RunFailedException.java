package org.fobstation.provisioning;

import org.fobstation.outcome.Failure;

/** Ends a run at the stage it is in. Carries the failure; thrown and caught inside this package only. */
final class RunFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    RunFailedException(Failure failure) {
        super(failure.describe());
        this.failure = failure;
    }

    RunFailedException(Failure failure, Throwable cause) {
        super(failure.describe(), cause);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
