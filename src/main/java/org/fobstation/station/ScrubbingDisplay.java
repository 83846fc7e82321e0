package org.fobstation.station;

import org.fobstation.provisioning.OperatorDisplay;
import org.fobstation.provisioning.RunReport;

/** Passes runs on to a display, and tells the scrub when fobs are served and when their outcome is shown. */
final class ScrubbingDisplay implements OperatorDisplay {

    private final OperatorDisplay display;
    private final IdleScrub scrub;

    ScrubbingDisplay(OperatorDisplay display, IdleScrub scrub) {
        this.display = display;
        this.scrub = scrub;
    }

    @Override
    public void began(String readerId, String uid) {
        scrub.busy(readerId);
        display.began(readerId, uid);
    }

    @Override
    public void ended(RunReport report) {
        try {
            display.ended(report);
        } finally {
            scrub.done(report.readerId());
        }
    }

    @Override
    public void alreadyDone(String readerId, String uid, String transactionId) {
        display.alreadyDone(readerId, uid, transactionId);
    }
}
