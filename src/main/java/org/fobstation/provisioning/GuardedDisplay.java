package org.fobstation.provisioning;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a display that throws from changing the run it shows. */
final class GuardedDisplay implements OperatorDisplay {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedDisplay.class);

    private final OperatorDisplay display;

    GuardedDisplay(OperatorDisplay display) {
        this.display = display;
    }

    @Override
    public void began(String readerId, String uid) {
        guarded(() -> display.began(readerId, uid));
    }

    @Override
    public void ended(RunReport report) {
        guarded(() -> display.ended(report));
    }

    @Override
    public void alreadyDone(String readerId, String uid, String transactionId) {
        guarded(() -> display.alreadyDone(readerId, uid, transactionId));
    }

    private static void guarded(Runnable show) {
        try {
            show.run();
        } catch (RuntimeException e) {
            LOG.error("The operator display failed; the run itself is not affected", e);
        }
    }
}
