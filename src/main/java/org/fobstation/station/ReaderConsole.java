package org.fobstation.station;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.fobstation.outcome.Stage;
import org.fobstation.pcsc.ReaderListener;
import org.fobstation.pcsc.ReaderStatus;
import org.fobstation.provisioning.OperatorDisplay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator what happens at the readers outside of runs. */
final class ReaderConsole implements ReaderListener {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderConsole.class);

    private final OperatorDisplay display;
    private final Set<String> unseen;

    ReaderConsole(OperatorDisplay display, List<ReaderSettings> readers) {
        this.display = display;
        this.unseen = readers.stream().map(ReaderSettings::id).collect(Collectors.toCollection(HashSet::new));
    }

    @Override
    public void readerAttached(String readerId, String readerName) {
        LOG.info("Reader {} is {}", readerId, readerName);
        display.readerReady(readerId, readerName);
        seen(readerId);
    }

    @Override
    public void readerLost(String readerId, ReaderStatus status) {
        display.refused(readerId, new Failure(FailureCode.READER_LOST, Stage.UID_READ, status.detail()));
        seen(readerId);
    }

    /** The readers are watched once the monitor has told of each, there or not; all calls come from its thread. */
    private void seen(String readerId) {
        if (unseen.remove(readerId) && unseen.isEmpty()) {
            display.watching();
        }
    }

    @Override
    public void serviceLost(String detail) {
        display.refused("all readers", new Failure(FailureCode.SERVICE_LOST, Stage.UID_READ, detail));
    }

    @Override
    public void readerStuck(String readerId, String call) {
        display.refused(readerId, new Failure(FailureCode.READER_STUCK, Stage.UID_READ, call));
    }

    @Override
    public void fobRefused(String readerId, Failure failure) {
        display.refused(readerId, failure);
    }

    /** A run that has begun shows its own end; this is for a step that failed before there was one. */
    @Override
    public void routeFailed(String readerId, String uid, Throwable cause) {
        display.refused(readerId, new Failure(FailureCode.ROUTE_FAILED, Stage.UID_READ, uid + ": " + cause));
    }

    @Override
    public void fobRemoved(String readerId) {
        display.removed(readerId);
    }

    @Override
    public void runHeld(String readerId, Gate.Hold hold) {
        display.held(readerId, hold);
    }
}
