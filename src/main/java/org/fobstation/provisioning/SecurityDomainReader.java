package org.fobstation.provisioning;

import java.util.Arrays;
import java.util.Optional;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;
import org.fobstation.apdu.TransportException;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.outcome.StatusTable;
import org.fobstation.scp03.GetResponse;
import org.fobstation.scp03.Scp03Exception;

/**
 * Asks a fob without a session: SELECT of the issuer security domain and GET DATA. Neither touches the card in the sense
 * of the audit: no state of it changes. 61xx and 6Cxx are followed.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 sections 11.9 (SELECT) and 11.3 (GET DATA)"
 */
final class SecurityDomainReader {

    /** Length of the key diversification data in bytes. */
    static final int KDD_LENGTH = 10;

    private static final int KDD = 0xCF;
    private static final int KEY_INFORMATION = 0xE0;
    private static final int WARNING_CARD_LOCKED = 0x6283;

    private final ApduTransport transport;
    private final byte[] aid;
    private final Stage stage;

    /**
     * @param aid of the issuer security domain, 5..16 bytes; empty for the card's default
     * @param stage where the run is, for failures
     */
    SecurityDomainReader(ApduTransport transport, byte[] aid, Stage stage) {
        this.transport = transport;
        this.aid = aid.clone();
        this.stage = stage;
    }

    /** @throws RunFailedException if there is none, or the card is CARD_LOCKED */
    void select() throws RunFailedException, TransportException {
        if (isCardLocked()) {
            throw failed(FailureCode.CARD_LOCKED, "SELECT gave " + described(new StatusWord(WARNING_CARD_LOCKED)));
        }
    }

    /**
     * Selects and says whether the card is CARD_LOCKED.
     *
     * @throws RunFailedException if it says neither yes nor no
     */
    boolean isCardLocked() throws RunFailedException, TransportException {
        StatusWord status = send(CommandApdu.of(0x00, 0xA4, 0x04, 0x00, aid, CommandApdu.NE_SHORT_MAX))
                .status();
        if (!status.isSuccess() && status.value() != WARNING_CARD_LOCKED) {
            throw failed(StatusTable.code(Stage.INITIALIZE_UPDATE, status), "SELECT gave " + described(status));
        }
        return !status.isSuccess();
    }

    /** The card's key diversification data, 10 bytes (GET DATA CF). */
    byte[] keyDiversificationData() throws RunFailedException, TransportException {
        ResponseApdu answer = send(getData(KDD));
        byte[] data = answer.data();
        boolean wellFormed = data.length == 2 + KDD_LENGTH && (data[0] & 0xFF) == KDD && data[1] == KDD_LENGTH;
        if (!answer.status().isSuccess() || !wellFormed) {
            throw failed(
                    FailureCode.CARD_ANSWER_INVALID,
                    "GET DATA CF gave " + answer + ", 10 bytes of key diversification data are needed");
        }
        return Arrays.copyOfRange(data, 2, data.length);
    }

    /** The card's key sets (GET DATA E0); empty if it does not tell, or not in the form there is for it. */
    Optional<KeyInformation> keyInformation() throws RunFailedException, TransportException {
        return data(KEY_INFORMATION).flatMap(KeyInformation::parse);
    }

    /**
     * A data object with tag and length; empty if the card does not give it.
     *
     * @throws RunFailedException if what came has no status word or no end: that is no refusal but a card that fails
     */
    Optional<byte[]> data(int tag) throws RunFailedException, TransportException {
        ResponseApdu answer = send(getData(tag));
        return answer.status().isSuccess() ? Optional.of(answer.data()) : Optional.empty();
    }

    private static CommandApdu getData(int tag) {
        return CommandApdu.of(0x80, 0xCA, tag >> 8, tag & 0xFF, new byte[0], CommandApdu.NE_SHORT_MAX);
    }

    private ResponseApdu send(CommandApdu command) throws RunFailedException, TransportException {
        try {
            return GetResponse.transmit(transport, command);
        } catch (Scp03Exception e) {
            throw failed(FailureCode.CARD_ANSWER_INVALID, e.getMessage());
        }
    }

    private RunFailedException failed(FailureCode code, String detail) {
        return new RunFailedException(new Failure(code, stage, detail));
    }

    private static String described(StatusWord status) {
        return status + ", " + status.meaning();
    }
}
