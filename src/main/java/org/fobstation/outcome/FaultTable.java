package org.fobstation.outcome;

import org.fobstation.apdu.TransportException.Fault;

/**
 * The one table from what kept a fob's answer away to the failure. Before a run and within one it says the same, as long
 * as nothing was changed on the fob.
 */
public final class FaultTable {

    private FaultTable() {}

    /** The failure of a fob that was not changed. */
    public static FailureCode code(Fault fault) {
        return switch (fault) {
            case FOB_REMOVED, NOT_TRANSACTED -> FailureCode.FOB_REMOVED;
            case FOB_RESET -> FailureCode.FOB_RESET;
            case FOB_UNRESPONSIVE, ANSWER_UNREADABLE -> FailureCode.FOB_UNREADABLE;
            case TIME_IS_UP -> FailureCode.FOB_TOO_SLOW;
            case READER_IN_USE -> FailureCode.READER_IN_USE;
            case READER_LOST -> FailureCode.READER_LOST;
            case SERVICE_LOST -> FailureCode.SERVICE_LOST;
            case CLOSED -> FailureCode.INTERRUPTED;
            // A code the station does not know is a doubt, and a doubt is a HOLD.
            case UNKNOWN -> FailureCode.STATION_FAULT;
        };
    }

    /** The failure of a fob that may have been changed before its answer stayed away. */
    public static FailureCode codeWhileChanging(Fault fault) {
        return switch (fault) {
            case FOB_REMOVED, NOT_TRANSACTED, FOB_RESET, FOB_UNRESPONSIVE, ANSWER_UNREADABLE ->
                FailureCode.FOB_REMOVED_HALF_DONE;
            case CLOSED -> FailureCode.STOPPED_HALF_DONE;
            default -> code(fault);
        };
    }
}
