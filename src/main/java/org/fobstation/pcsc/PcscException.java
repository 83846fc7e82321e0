package org.fobstation.pcsc;

import java.io.IOException;

/** A PC/SC call that did not succeed, with its return code as the PC/SC headers define it. */
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

    public static final int F_INTERNAL_ERROR = 0x80100001;
    public static final int E_NO_MEMORY = 0x80100006;
    public static final int E_PROTO_MISMATCH = 0x8010000F;
    public static final int E_NOT_READY = 0x80100010;
    public static final int E_SYSTEM_CANCELLED = 0x80100012;
    public static final int F_UNKNOWN_ERROR = 0x80100014;
    public static final int P_SHUTDOWN = 0x80100018;
    public static final int E_COMM_DATA_LOST = 0x8010002F;
    public static final int E_SERVER_TOO_BUSY = 0x80100031;
    public static final int W_UNSUPPORTED_CARD = 0x80100065;
    public static final int W_SECURITY_VIOLATION = 0x8010006A;

    /** Windows gives this Win32 code instead of {@code E_INVALID_HANDLE} where the service was started anew. */
    public static final int WINDOWS_INVALID_HANDLE = 6;

    private final int code;

    /**
     * @param call the PC/SC function's name
     * @param code the return code as 32 bits
     */
    public PcscException(String call, int code) {
        super(call + " gave " + name(code));
        this.code = code;
    }

    /**
     * @param message what happened, where no PC/SC function has said so
     * @param code the return code that comes nearest
     */
    PcscException(String message, int code, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Throws unless {@code code} is success. */
    static void check(String call, int code) throws PcscException {
        if (code != PcscFunctions.SUCCESS) {
            throw new PcscException(call, code);
        }
    }

    /** The return code as 32 bits. */
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
                    case F_INTERNAL_ERROR -> "F_INTERNAL_ERROR";
                    case E_NO_MEMORY -> "E_NO_MEMORY";
                    case E_PROTO_MISMATCH -> "E_PROTO_MISMATCH";
                    case E_NOT_READY -> "E_NOT_READY";
                    case E_SYSTEM_CANCELLED -> "E_SYSTEM_CANCELLED";
                    case F_UNKNOWN_ERROR -> "F_UNKNOWN_ERROR";
                    case P_SHUTDOWN -> "P_SHUTDOWN";
                    case E_COMM_DATA_LOST -> "E_COMM_DATA_LOST";
                    case E_SERVER_TOO_BUSY -> "E_SERVER_TOO_BUSY";
                    case W_UNSUPPORTED_CARD -> "W_UNSUPPORTED_CARD";
                    case W_SECURITY_VIOLATION -> "W_SECURITY_VIOLATION";
                    case WINDOWS_INVALID_HANDLE -> "WINDOWS_INVALID_HANDLE";
                    default -> "an unknown code";
                };
        return name + String.format(" (%08X)", code);
    }
}
