package org.fobstation.provisioning;

import org.fobstation.outcome.Failure;
import org.fobstation.outcome.Gate;

/**
 * Shows the operator where a fob stands. Called on the reader's thread, so it must not block; what it throws is logged
 * and changes nothing.
 */
public interface OperatorDisplay {

    /** Shows nothing. */
    OperatorDisplay NONE = new OperatorDisplay() {};

    /** A run has begun. */
    default void began(String readerId, String uid) {}

    /** A run has ended, and its record is on disk unless the report says JOURNAL_FAILED. */
    default void ended(RunReport report) {}

    /** A fob never became a run: it could not be read, or its reader is not usable. */
    default void refused(String readerId, Failure failure) {}

    /** A fob was presented while the station is stopped: it was not touched. */
    default void held(String readerId, Gate.Hold hold) {}

    /** The station is stopped: no fob is begun until somebody releases it. Also told at a start. */
    default void stopped(Gate.Hold hold) {}

    /** Somebody has released the station. */
    default void released(String user, String reason) {}

    /** The fob is gone from the reader. */
    default void removed(String readerId) {}

    /** A reader is there; its fobs are served from now on. */
    default void readerReady(String readerId, String readerName) {}

    /** The readers are watched: told once, when each configured reader was looked for. */
    default void watching() {}

    /** The fob was done before: it was not touched. */
    default void alreadyDone(String readerId, String uid, String transactionId) {}
}
