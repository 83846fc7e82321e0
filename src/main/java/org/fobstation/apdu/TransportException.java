package org.fobstation.apdu;

import java.io.IOException;

/** No answer came from the fob. Says what happened; whether the last command was carried out is not known. */
public final class TransportException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What kept the answer away. */
    public enum Fault {
        /** The fob left the reader. */
        FOB_REMOVED,
        /** Somebody reset the fob: its session and selection are gone. */
        FOB_RESET,
        /** The fob does not answer in a way the reader understands. */
        FOB_UNRESPONSIVE,
        /** The exchange failed on the way; usually the fob is being torn away. */
        NOT_TRANSACTED,
        /** Another program holds the fob or the reader. */
        READER_IN_USE,
        /** The reader was unplugged or is not available. */
        READER_LOST,
        /** The PC/SC service is gone. */
        SERVICE_LOST,
        /** The answer is longer than the station's buffer, or shorter than a status word. */
        ANSWER_UNREADABLE,
        /** The time for the run is over: the command was not sent. */
        TIME_IS_UP,
        /** The presentation this transport belonged to has ended. */
        CLOSED,
        /** A code the station does not know; the message names it. */
        UNKNOWN
    }

    private final Fault fault;

    /** @param detail the reader's or the service's own words, with the PC/SC code; never APDU data */
    public TransportException(Fault fault, String detail) {
        super(detail);
        this.fault = fault;
    }

    /** As the other constructor, with the cause. */
    public TransportException(Fault fault, String detail, Throwable cause) {
        super(detail, cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
