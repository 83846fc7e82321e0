package org.fobstation.pcsc;

import java.io.IOException;

/** A PC/SC call that did not succeed, with its return code. */
public final class PcscException extends IOException {

    private static final long serialVersionUID = 1L;

    public static final int F_COMM_ERROR = 0x80100013;
    public static final int E_CANCELLED = 0x80100002;
    public static final int E_INVALID_HANDLE = 0x80100003;
    public static final int E_INVALID_PARAMETER = 0x80100004;
    public static final int E_INSUFFICIENT_BUFFER = 0x80100008;
    public static final int E_UNKNOWN_READER = 0x80100009;
    public static final int E_TIMEOUT = 0x8010000A;
    public static final int E_SHARING_VIOLATION = 0x8010000B;
    public static final int E_NO_SMARTCARD = 0x8010000C;
    public static final int E_NOT_TRANSACTED = 0x80100016;
    public static final int E_READER_UNAVAILABLE = 0x80100017;
    public static final int E_NO_SERVICE = 0x8010001D;
    public static final int E_SERVICE_STOPPED = 0x8010001E;
    public static final int E_NO_READERS_AVAILABLE = 0x8010002E;
    public static final int W_UNRESPONSIVE_CARD = 0x80100066;
    public static final int W_UNPOWERED_CARD = 0x80100067;
    public static final int W_RESET_CARD = 0x80100068;
    public static final int W_REMOVED_CARD = 0x80100069;

    private final int code;

    /**
     * @param call the PC/SC function's name
     * @param code the return code as 32 bits
     */
    public PcscException(String call, int code) {
        super(call + " gave " + name(code));
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The code's name with its number, or the number alone. */
    public static String name(int code) {
        String name =
                switch (code) {
                    case F_COMM_ERROR -> "F_COMM_ERROR";
                    case E_CANCELLED -> "E_CANCELLED";
                    case E_INVALID_HANDLE -> "E_INVALID_HANDLE";
                    case E_INVALID_PARAMETER -> "E_INVALID_PARAMETER";
                    case E_INSUFFICIENT_BUFFER -> "E_INSUFFICIENT_BUFFER";
                    case E_UNKNOWN_READER -> "E_UNKNOWN_READER";
                    case E_TIMEOUT -> "E_TIMEOUT";
                    case E_SHARING_VIOLATION -> "E_SHARING_VIOLATION";
                    case E_NO_SMARTCARD -> "E_NO_SMARTCARD";
                    case E_NOT_TRANSACTED -> "E_NOT_TRANSACTED";
                    case E_READER_UNAVAILABLE -> "E_READER_UNAVAILABLE";
                    case E_NO_SERVICE -> "E_NO_SERVICE";
                    case E_SERVICE_STOPPED -> "E_SERVICE_STOPPED";
                    case E_NO_READERS_AVAILABLE -> "E_NO_READERS_AVAILABLE";
                    case W_UNRESPONSIVE_CARD -> "W_UNRESPONSIVE_CARD";
                    case W_UNPOWERED_CARD -> "W_UNPOWERED_CARD";
                    case W_RESET_CARD -> "W_RESET_CARD";
                    case W_REMOVED_CARD -> "W_REMOVED_CARD";
                    default -> "an unknown code";
                };
        return name + String.format(" (%08X)", code);
    }
}
