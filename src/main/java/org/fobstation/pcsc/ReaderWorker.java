package org.fobstation.pcsc;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.fobstation.apdu.TransportException;
import org.fobstation.apdu.TransportException.Fault;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.fobstation.outcome.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the fobs of one reader on one thread: asks the gate, connects, reads the UID, hands the fob on, waits until it
 * is gone. Ends when its slot is stopped, after the fob in progress; it is never interrupted.
 */
final class ReaderWorker implements Runnable {

    /** More than the 400 ms in which pcsc-lite looks for a fob: what it says afterwards is of now. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(ReaderWorker.class);

    private final String readerId;
    private final FobSlot slot;
    private final FobConnector connector;
    private final LastFob lastFob;
    private final boolean allowRandomUid;
    private final Gate gate;
    private final ReaderListener listener;
    private final FobHandler handler;
    private volatile boolean suspended;
    private volatile boolean busy;
    private volatile FobTransport current;
    private volatile PresentedFob presented;
    private volatile boolean silent;
    private boolean linkBroken;
    private boolean shown;

    /** @param listener is not expected to throw, see {@link GuardedListener} */
    ReaderWorker(
            String readerId,
            FobSlot slot,
            FobConnector connector,
            LastFob lastFob,
            boolean allowRandomUid,
            Gate gate,
            ReaderListener listener,
            FobHandler handler) {
        this.readerId = Objects.requireNonNull(readerId);
        this.slot = Objects.requireNonNull(slot);
        this.connector = Objects.requireNonNull(connector);
        this.lastFob = Objects.requireNonNull(lastFob);
        this.allowRandomUid = allowRandomUid;
        this.gate = Objects.requireNonNull(gate);
        this.listener = Objects.requireNonNull(listener);
        this.handler = Objects.requireNonNull(handler);
    }

    /** While suspended, fobs are held as by a closed gate. Any thread. */
    void suspend(boolean suspend) {
        suspended = suspend;
    }

    /** Whether a fob is being served, from its connection to its release. Any thread. */
    boolean isBusy() {
        return busy;
    }

    /**
     * Sends no further command to the fob being served, nor to one that is served later.
     *
     * @param changed whether also to a fob that is being changed
     */
    void sendNoMore(boolean changed) {
        silent = true;
        PresentedFob fob = presented;
        FobTransport transport = current;
        if (transport != null && (changed || fob == null || !fob.isChanging())) {
            transport.sendNoMore();
        }
    }

    /** Gives up the fob being served: nothing is sent to it any more. Waits for nothing. Any thread. */
    void abandon() {
        FobTransport abandoned = current;
        if (abandoned != null) {
            abandoned.abandon();
        }
    }

    @Override
    public void run() {
        long served = 0;
        while (!slot.isStopped()) {
            try {
                slot.awaitEndOf(served);
                if (shown && slot.wasRemoved(served)) {
                    endShow();
                }
                Presentation presentation = slot.awaitAfter(served);
                if (presentation != null) {
                    served = presentation.number();
                    serve(presentation);
                    lookAgain(presentation);
                }
            } catch (InterruptedException e) {
                // Stopping never interrupts. A route that left the flag set behind has no say here.
                LOG.debug("The worker of reader {} was interrupted; it goes on", readerId);
            } catch (Throwable e) {
                // A reader whose thread is dead would look alive and serve no fob.
                report("Reader " + readerId + " failed to serve a fob", e);
                refuse(new Failure(FailureCode.STATION_FAULT, Stage.UID_READ, e.toString()));
            }
        }
        connector.close();
    }

    private void serve(Presentation presentation) throws InterruptedException {
        Optional<Gate.Hold> hold = hold();
        if (hold.isPresent()) {
            show();
            listener.runHeld(readerId, hold.get());
            return;
        }
        busy = true;
        linkBroken = false;
        try (FobTransport transport = new FobTransport(connector.connect(presentation, slot))) {
            current = transport;
            if (silent) {
                transport.sendNoMore();
            }
            UidReading reading = UidReading.read(transport);
            if (reading instanceof UidReading.Uid uid) {
                identified(presentation, transport, uid);
            } else if (reading instanceof UidReading.NoUid none) {
                refuse(none.failure());
            }
            linkBroken = isBroken(transport.fault());
            if (transport.fault() == Fault.SERVICE_LOST || transport.fault() == Fault.READER_LOST) {
                lastFob.forget();
            }
        } catch (PcscException e) {
            unreachable(presentation, PcscFaults.fault(e.code()), e);
        } catch (TransportException e) {
            unreachable(presentation, e.fault(), e);
        } finally {
            presented = null;
            current = null;
            busy = false;
        }
    }

    private void unreachable(Presentation presentation, Fault fault, Exception cause) {
        linkBroken = isBroken(fault);
        if (presentation.guessed()) {
            // The operator has been told of the fob that broke its link; there was no second one.
            LOG.debug("No other fob on reader {}: {}", readerId, cause.getMessage());
        } else {
            refuse(PcscFaults.failure(fault, cause.getMessage()));
        }
    }

    private static boolean isBroken(Fault fault) {
        return fault == Fault.FOB_REMOVED || fault == Fault.NOT_TRANSACTED;
    }

    /**
     * After a fob was torn away, looks who lies there, where the service has not seen it leave. Once: a fob that keeps
     * breaking its link waits for the operator.
     */
    private void lookAgain(Presentation presentation) throws InterruptedException {
        if (linkBroken && !presentation.guessed() && slot.pauseDuring(presentation.number(), LOOK_AGAIN)) {
            LOG.info("The fob on reader {} broke its link and was not seen leaving; looking again", readerId);
            slot.guessReplaced(presentation.number());
        }
    }

    private void identified(Presentation presentation, FobTransport transport, UidReading.Uid uid) {
        if (uid.random() && !allowRandomUid) {
            refuse(new Failure(FailureCode.UID_RANDOM, Stage.UID_READ, uid.hex()));
        } else if (lastFob.isStillThere(presentation, uid)) {
            LOG.debug("Fob {} on reader {} was not really taken away; not served again", uid.hex(), readerId);
        } else if (!slot.isStopped()) {
            lastFob.remember(uid);
            show();
            listener.fobArrived(readerId, uid.hex());
            PresentedFob fob = new PresentedFob(
                    readerId, presentation.readerName(), uid.bytes(), transport.atr(), presentation.at(), transport);
            presented = fob;
            Throwable failure = handler.handle(fob);
            if (fob.isExpectedAgain()) {
                lastFob.expectAgain();
            }
            if (failure != null && !fob.isShown()) {
                listener.routeFailed(readerId, uid.hex(), failure);
            }
        }
    }

    /** A gate that fails is closed. */
    private Optional<Gate.Hold> hold() {
        if (suspended) {
            return Optional.of(new Gate.Hold(FailureCode.STATION_STARTING, "the route of the reader is suspended"));
        }
        try {
            return gate.hold();
        } catch (RuntimeException e) {
            report("The gate failed; reader " + readerId + " serves no fob", e);
            return Optional.of(new Gate.Hold(FailureCode.STATION_FAULT, "the gate failed: " + e));
        }
    }

    private void report(String message, Throwable cause) {
        try {
            handler.workerFailed(message, cause);
        } catch (Throwable e) {
            LOG.error("{}, and the exception handler failed too: {}", message, e, cause);
        }
    }

    private void refuse(Failure failure) {
        LOG.warn("Reader {}: {}", readerId, failure.describe());
        show();
        listener.fobRefused(readerId, failure);
    }

    /** Whatever is told of a fob ends what was told of the one before, where nobody saw that one leave. */
    private void show() {
        endShow();
        shown = true;
    }

    private void endShow() {
        if (shown) {
            shown = false;
            listener.fobRemoved(readerId);
        }
    }
}
