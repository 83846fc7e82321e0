package org.fobstation.station;

import org.fobstation.audit.LineStop;
import org.fobstation.provisioning.OperatorDisplay;
import org.fobstation.provisioning.RunReport;

/** Passes runs on to a display, and behind the fob that stopped the line tells that the line is stopped. */
final class StopNotice implements OperatorDisplay {

    private final OperatorDisplay display;
    private final LineStop line;

    StopNotice(OperatorDisplay display, LineStop line) {
        this.display = display;
        this.line = line;
    }

    @Override
    public void began(String readerId, String uid) {
        display.began(readerId, uid);
    }

    @Override
    public void ended(RunReport report) {
        display.ended(report);
        tell();
    }

    @Override
    public void alreadyDone(String readerId, String uid, String transactionId) {
        display.alreadyDone(readerId, uid, transactionId);
    }

    /** Tells of a stop that nobody was told of, if there is one. */
    void tell() {
        line.untold().ifPresent(display::stopped);
    }
}
