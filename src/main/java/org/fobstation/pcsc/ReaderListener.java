package org.fobstation.pcsc;

import org.fobstation.outcome.Failure;
import org.fobstation.outcome.Gate;

/**
 * Hears what happens at the readers, so that the operator does too. Every method does nothing unless overridden. What
 * a listener throws is logged and changes nothing.
 *
 * <p>Threads: {@code reader...} and {@code service...} come from the monitor's thread, {@code fob...}, {@code
 * routeFailed} and {@code runHeld} from the thread of that reader, in the order in which they happen. They must return
 * quickly: that thread serves no fob meanwhile.
 *
 * <p>A presented fob gives exactly one of {@link #fobArrived}, {@link #fobRefused}, {@link #runHeld}, and {@link
 * #fobRemoved} at its end; a run in progress is finished first. Nothing is told of a fob that only bounces (see the
 * option debounce) or that still lies there after the service was away, unless that cut its run off.
 */
public interface ReaderListener {

    /** Hears nothing. */
    ReaderListener NONE = new ReaderListener() {};

    /** The reader of an id is there; its fobs are served from now on. */
    default void readerAttached(String readerId, String readerName) {}

    /** There is no unique reader for the id any more, or the monitor finds none at its first look. */
    default void readerLost(String readerId, ReaderStatus status) {}

    /** The PC/SC service is gone, and with it every reader; told once until it is back. */
    default void serviceLost(String detail) {}

    /** The service answers again; {@link #readerAttached} follows for every reader that is there. */
    default void serviceBack() {}

    /**
     * The fob on a reader has not answered for the time of the option stuckAfter; its reader serves no other until it
     * does or is taken away. Comes from the watchdog's thread.
     *
     * @param call the PC/SC call it hangs in, and for how long
     */
    default void readerStuck(String readerId, String call) {}

    /** The reader that was stuck goes on. Comes from the watchdog's thread. */
    default void readerFreed(String readerId) {}

    /** A fob was identified; its run begins. */
    default void fobArrived(String readerId, String uid) {}

    /** A fob gets no run: it could not be reached, gives no UID, or one that is no identity. */
    default void fobRefused(String readerId, Failure failure) {}

    /** The fob is gone from the reader. */
    default void fobRemoved(String readerId) {}

    /** A fob was presented while the station is stopped. It was not touched; present it again afterwards. */
    default void runHeld(String readerId, Gate.Hold hold) {}

    /** The route ended with an exception, and nobody was shown before what became of the fob. */
    default void routeFailed(String readerId, String uid, Throwable cause) {}
}
