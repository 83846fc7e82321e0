package org.fobstation.provisioning;

import java.util.OptionalInt;
import org.fobstation.apdu.TransportException;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.FaultTable;
import org.fobstation.outcome.Stage;
import org.fobstation.outcome.StatusTable;
import org.fobstation.scp03.Scp03Exception;

/** From what can go wrong on the way to a fob, or in its session, to the failure of the run. */
final class CardFailures {

    private CardFailures() {}

    /** @param changing whether the fob may have been changed before the answer stayed away */
    static Failure of(TransportException e, Stage stage, boolean changing) {
        FailureCode code = changing ? FaultTable.codeWhileChanging(e.fault()) : FaultTable.code(e.fault());
        return new Failure(code, stage, e.getMessage());
    }

    static Failure of(Scp03Exception e, Stage stage) {
        FailureCode code =
                switch (e.fault()) {
                    case CARD_REFUSED ->
                        e.status()
                                .map(status -> StatusTable.code(stage, status))
                                .orElse(FailureCode.COMMAND_REFUSED);
                    case NOT_SCP03 -> isOlder(e.protocol()) ? FailureCode.SCP02_CARD : FailureCode.SCP03_NOT_SUPPORTED;
                    case WRONG_LENGTH -> FailureCode.SCP03_NOT_SUPPORTED;
                    case KVN_DIFFERS -> FailureCode.KEY_SET_NOT_FOUND;
                    case CARD_CRYPTOGRAM_MISMATCH -> FailureCode.CARD_CRYPTOGRAM_MISMATCH;
                    case RMAC_MISSING, RMAC_WRONG, PADDING_WRONG -> FailureCode.RESPONSE_MAC_INVALID;
                    case ANSWER_MALFORMED ->
                        stage == Stage.INITIALIZE_UPDATE
                                ? FailureCode.CARD_ANSWER_INVALID
                                : FailureCode.RESPONSE_MAC_INVALID;
                    case SESSION_UNUSABLE -> FailureCode.SECURE_MESSAGING_LOST;
                    case COMMAND_TOO_LONG -> FailureCode.PAYLOAD_TOO_LONG;
                    case KEY_CHECK_VALUE_WRONG -> FailureCode.ROTATION_KCV_WRONG;
                };
        return new Failure(code, stage, e.getMessage());
    }

    /** SCP01 was given up for SCP02; cards that name it are of the same age and want the same keys. */
    private static boolean isOlder(OptionalInt protocol) {
        return protocol.isPresent() && (protocol.getAsInt() == 0x01 || protocol.getAsInt() == 0x02);
    }
}
