package org.fobstation.outcome;

import org.fobstation.apdu.StatusWord;

/**
 * The one table from stage and status word to failure. Until the card cryptogram matched, a refusal says the fob is
 * foreign (FAIL); afterwards the same status words say the station sends what it should not (HOLD).
 */
public final class StatusTable {

    private StatusTable() {}

    /**
     * The failure that a status word other than 9000 means at a stage.
     *
     * @param command the refused command's name as the specifications write it
     */
    public static Failure failure(Stage stage, String command, StatusWord status) {
        return new Failure(code(stage, status), stage, command + " gave " + status + ", " + status.meaning());
    }

    /** As {@link #failure}, the code alone. */
    public static FailureCode code(Stage stage, StatusWord status) {
        if (status.value() == 0x6581) {
            return FailureCode.MEMORY_FAILURE;
        }
        if (status.triesLeft() >= 0) {
            return status.triesLeft() == 0 ? FailureCode.KEYS_BLOCKED : FailureCode.TRIES_LEFT;
        }
        return switch (stage) {
            case UID_READ -> FailureCode.UID_NOT_AVAILABLE;
            case KEY_REQUEST -> FailureCode.STATION_FAULT;
            case INITIALIZE_UPDATE -> beforeTheCryptogram(status);
            case EXTERNAL_AUTHENTICATE -> FailureCode.HOST_CRYPTOGRAM_REFUSED;
            case PAYLOAD_DELIVERY -> underSecureMessaging(status, FailureCode.PAYLOAD_REFUSED);
            case ISD_LOCK -> underSecureMessaging(status, FailureCode.LOCK_REFUSED);
        };
    }

    private static FailureCode beforeTheCryptogram(StatusWord status) {
        return switch (status.value()) {
            case 0x6283 -> FailureCode.CARD_LOCKED;
            case 0x6A81, 0x6A82 -> FailureCode.ISD_NOT_FOUND;
            case 0x6A88 -> FailureCode.KEY_SET_NOT_FOUND;
            case 0x6982, 0x6983 -> FailureCode.KEYS_BLOCKED;
            case 0x6985 -> FailureCode.COUNTER_EXHAUSTED;
            case 0x6700, 0x6A86, 0x6D00, 0x6E00 -> FailureCode.SCP03_NOT_SUPPORTED;
            default -> FailureCode.COMMAND_REFUSED;
        };
    }

    private static FailureCode underSecureMessaging(StatusWord status, FailureCode refused) {
        return switch (status.value()) {
            case 0x6982, 0x6988 -> FailureCode.SECURE_MESSAGING_LOST;
            case 0x6300, 0x6700, 0x6A86, 0x6D00, 0x6E00 -> FailureCode.COMMAND_NOT_UNDERSTOOD;
            case 0x6A84 -> FailureCode.CARD_MEMORY_FULL;
            default -> refused;
        };
    }
}
