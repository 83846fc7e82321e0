package org.fobstation.provisioning;

import java.util.Arrays;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;
import org.fobstation.apdu.TransportException;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.outcome.StatusTable;

/**
 * Reads a fob before anything is written: SELECT of the issuer security domain and GET DATA. Neither touches the card
 * in the sense of the audit: no state of it changes.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 sections 11.9 (SELECT) and 11.3 (GET DATA)"
 */
final class SecurityDomainReader {

    /** Length of the key diversification data in bytes. */
    static final int KDD_LENGTH = 10;

    private static final int WARNING_CARD_LOCKED = 0x6283;

    private final ApduTransport transport;

    SecurityDomainReader(ApduTransport transport) {
        this.transport = transport;
    }

    /** @throws RunFailedException if there is none, or the card is CARD_LOCKED already */
    void select(byte[] aid, Stage stage) throws RunFailedException, TransportException {
        ResponseApdu answer = send(CommandApdu.of(0x00, 0xA4, 0x04, 0x00, aid, CommandApdu.NE_SHORT_MAX), stage);
        if (!answer.status().isSuccess()) {
            FailureCode code = StatusTable.code(Stage.INITIALIZE_UPDATE, answer.status());
            throw new RunFailedException(new Failure(code, stage, "SELECT gave " + described(answer.status())));
        }
    }

    /** Whether the selected card says that it is CARD_LOCKED. */
    boolean saysCardLocked(byte[] aid, Stage stage) throws RunFailedException, TransportException {
        return send(CommandApdu.of(0x00, 0xA4, 0x04, 0x00, aid, CommandApdu.NE_SHORT_MAX), stage)
                        .status()
                        .value()
                == WARNING_CARD_LOCKED;
    }

    /** The card's key diversification data, 10 bytes (GET DATA CF). */
    byte[] keyDiversificationData(Stage stage) throws RunFailedException, TransportException {
        ResponseApdu answer =
                send(CommandApdu.of(0x80, 0xCA, 0x00, 0xCF, new byte[0], CommandApdu.NE_SHORT_MAX), stage);
        byte[] data = answer.data();
        boolean wellFormed = data.length == 2 + KDD_LENGTH && (data[0] & 0xFF) == 0xCF && data[1] == KDD_LENGTH;
        if (!answer.status().isSuccess() || !wellFormed) {
            throw new RunFailedException(new Failure(
                    FailureCode.CARD_ANSWER_INVALID,
                    stage,
                    "GET DATA CF gave " + answer + ", 10 bytes of key diversification data are needed"));
        }
        return Arrays.copyOfRange(data, 2, data.length);
    }

    private ResponseApdu send(CommandApdu command, Stage stage) throws RunFailedException, TransportException {
        byte[] answer = transport.transmit(command.encode());
        if (answer.length < 2) {
            throw new RunFailedException(
                    new Failure(FailureCode.CARD_ANSWER_INVALID, stage, "an answer without a status word"));
        }
        return ResponseApdu.parse(answer);
    }

    private static String described(StatusWord status) {
        return status + ", " + status.meaning();
    }
}
