package org.fobstation.pcsc;

import org.fobstation.apdu.TransportException;
import org.fobstation.apdu.TransportException.Fault;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FaultTable;
import org.fobstation.outcome.Stage;

/**
 * The one table from PC/SC return codes to what they mean for a fob that is being served; what the operator sees then is
 * in {@link FaultTable}. The monitor reads the same codes otherwise: see {@link ReaderMonitor}.
 */
final class PcscFaults {

    private PcscFaults() {}

    /** What a return code of SCardConnect, SCardBeginTransaction, SCardStatus or SCardTransmit means. */
    static Fault fault(int code) {
        return switch (code) {
            case PcscException.W_REMOVED_CARD, PcscException.E_NO_SMARTCARD -> Fault.FOB_REMOVED;
            case PcscException.W_RESET_CARD -> Fault.FOB_RESET;
            case PcscException.W_UNRESPONSIVE_CARD,
                    PcscException.W_UNPOWERED_CARD,
                    PcscException.W_UNSUPPORTED_CARD,
                    PcscException.E_PROTO_MISMATCH,
                    PcscException.E_NOT_READY,
                    PcscException.E_TIMEOUT -> Fault.FOB_UNRESPONSIVE;
            case PcscException.E_NOT_TRANSACTED, PcscException.E_COMM_DATA_LOST -> Fault.NOT_TRANSACTED;
            case PcscException.E_SHARING_VIOLATION -> Fault.READER_IN_USE;
            case PcscException.E_UNKNOWN_READER,
                    PcscException.E_READER_UNAVAILABLE,
                    PcscException.E_NO_READERS_AVAILABLE -> Fault.READER_LOST;
            case PcscException.E_INSUFFICIENT_BUFFER -> Fault.ANSWER_UNREADABLE;
            case PcscException.E_CANCELLED -> Fault.CLOSED;
            default -> isServiceLost(code) ? Fault.SERVICE_LOST : Fault.UNKNOWN;
        };
    }

    /** Whether a code says that the context is worth nothing any more and a new one may help. */
    static boolean isServiceLost(int code) {
        return switch (code) {
            case PcscException.F_COMM_ERROR,
                    PcscException.E_INVALID_HANDLE,
                    PcscException.E_NO_SERVICE,
                    PcscException.E_SERVICE_STOPPED,
                    PcscException.E_SYSTEM_CANCELLED,
                    PcscException.P_SHUTDOWN,
                    PcscException.WINDOWS_INVALID_HANDLE -> true;
            default -> false;
        };
    }

    /** As a transport says it. */
    static TransportException transportException(PcscException cause) {
        return new TransportException(fault(cause.code()), cause.getMessage(), cause);
    }

    /** The failure of a fob that could not be reached, before its run began. */
    static Failure failure(Fault fault, String detail) {
        return new Failure(FaultTable.code(fault), Stage.UID_READ, detail == null ? "" : detail);
    }
}
