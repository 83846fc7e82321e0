package org.fobstation.pcsc;

import org.fobstation.outcome.Failure;
import org.fobstation.outcome.Gate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a listener throws away from the thread that tells it. */
final class GuardedListener implements ReaderListener {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderListener.class);

    private final ReaderListener listener;

    GuardedListener(ReaderListener listener) {
        this.listener = listener;
    }

    @Override
    public void readerAttached(String readerId, String readerName) {
        guard("readerAttached", () -> listener.readerAttached(readerId, readerName));
    }

    @Override
    public void readerLost(String readerId, ReaderStatus status) {
        guard("readerLost", () -> listener.readerLost(readerId, status));
    }

    @Override
    public void serviceLost(String detail) {
        guard("serviceLost", () -> listener.serviceLost(detail));
    }

    @Override
    public void serviceBack() {
        guard("serviceBack", listener::serviceBack);
    }

    @Override
    public void readerStuck(String readerId, String call) {
        guard("readerStuck", () -> listener.readerStuck(readerId, call));
    }

    @Override
    public void readerFreed(String readerId) {
        guard("readerFreed", () -> listener.readerFreed(readerId));
    }

    @Override
    public void fobArrived(String readerId, String uid) {
        guard("fobArrived", () -> listener.fobArrived(readerId, uid));
    }

    @Override
    public void fobRefused(String readerId, Failure failure) {
        guard("fobRefused", () -> listener.fobRefused(readerId, failure));
    }

    @Override
    public void fobRemoved(String readerId) {
        guard("fobRemoved", () -> listener.fobRemoved(readerId));
    }

    @Override
    public void runHeld(String readerId, Gate.Hold hold) {
        guard("runHeld", () -> listener.runHeld(readerId, hold));
    }

    @Override
    public void routeFailed(String readerId, String uid, Throwable cause) {
        guard("routeFailed", () -> listener.routeFailed(readerId, uid, cause));
    }

    private void guard(String what, Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            // Errors too: a listener with a missing class must not look like a lost service.
            LOG.error("The reader listener {} failed in {}; the readers are watched on", listener, what, e);
        }
    }
}
