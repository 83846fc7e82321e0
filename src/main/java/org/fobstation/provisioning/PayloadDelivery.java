package org.fobstation.provisioning;

import java.util.HexFormat;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;
import org.fobstation.apdu.TransportException;
import org.fobstation.klms.Payload;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.outcome.StatusTable;
import org.fobstation.scp03.Scp03Exception;
import org.fobstation.scp03.Scp03Mode;
import org.fobstation.scp03.SecureChannel;
import org.fobstation.scp03.StoreData;

/**
 * Writes the OEM's payload under secure messaging: STORE DATA in blocks, anything else as one command with the header
 * that the KLMS gave. Checked as a whole before the card is touched, so that a payload the station will not send costs
 * the fob nothing.
 */
final class PayloadDelivery {

    static final int PUT_KEY = 0xD8;
    private static final int PUT_DATA = 0xDA;
    private static final int STORE_DATA = 0xE2;

    private static final int REFERENCED_DATA_NOT_FOUND = 0x6A88;
    private static final int APPLICATION_NOT_FOUND = 0x6A82;

    /** Lc of an extended command less the longest padding and the longest MAC. */
    private static final int EXTENDED_LIMIT = 65535 - 16 - 16;

    private final Payload payload;
    private final PayloadSettings settings;
    private final boolean extendedLength;

    PayloadDelivery(Payload payload, RunSettings settings) {
        this.payload = payload;
        this.settings = settings.payload();
        this.extendedLength = settings.session().extendedLength();
    }

    /**
     * @param mode of the session, or the one that holds more where it is not known yet
     * @throws RunFailedException if the station may not or cannot send this payload
     */
    void check(Scp03Mode mode, Stage stage) throws RunFailedException {
        if (payload.cla() != 0x80 || !settings.instructions().contains(payload.ins())) {
            throw refused(
                    FailureCode.PAYLOAD_NOT_ALLOWED,
                    stage,
                    payload + ": allowed are CLA 80 and the INS of payload.instructions");
        }
        if (payload.ins() == STORE_DATA && payload.p2() != 0) {
            throw refused(
                    FailureCode.PAYLOAD_NOT_ALLOWED,
                    stage,
                    payload + ": P2 of STORE DATA counts blocks and must be 00");
        }
        int most = payload.ins() == STORE_DATA ? StoreData.MAX_BLOCKS * blockLength(mode) : commandLimit(mode);
        if (payload.data().length() > most) {
            throw refused(FailureCode.PAYLOAD_TOO_LONG, stage, payload + ", at most " + most + limitReason(mode));
        }
    }

    /** Whether it may be sent again to a fob that left while it was written. */
    boolean isRepeatable() {
        return settings.repeatable().contains(payload.ins());
    }

    /** Whether it is a PUT KEY that replaces the key set of a version: then the session's keys are not what was issued. */
    boolean replacesKeySet(int kvn) {
        // Bit 80 of P1 says that more PUT KEY commands follow (2.3.1 table 11-64).
        return payload.ins() == PUT_KEY
                && ((payload.p1() & 0x7F) == kvn
                        || payload.data().length() > 0 && (payload.data().get(0) & 0xFF) == kvn);
    }

    void deliver(SecureChannel channel) throws RunFailedException, Scp03Exception, TransportException {
        if (payload.ins() == STORE_DATA && settings.appletAid().length > 0) {
            installForPersonalization(channel);
        }
        ResponseApdu answer = payload.ins() == STORE_DATA
                ? StoreData.of(payload.p1(), payload.data(), blockLength(channel.mode()))
                        .send(channel)
                        .answer()
                : channel.transmit(header(), payload.data());
        if (!answer.status().isSuccess()) {
            throw new RunFailedException(StatusTable.failure(Stage.PAYLOAD_DELIVERY, name(), answer.status()));
        }
    }

    /**
     * Makes an applet the destination of STORE DATA: 00 00 | length AID | 00 00 00.
     *
     * @see "GlobalPlatform Card Specification 2.3.1 section 11.5.2.3.6"
     */
    private void installForPersonalization(SecureChannel channel)
            throws RunFailedException, Scp03Exception, TransportException {
        byte[] aid = settings.appletAid();
        byte[] data = new byte[2 + 1 + aid.length + 3];
        data[2] = (byte) aid.length;
        System.arraycopy(aid, 0, data, 3, aid.length);
        StatusWord status = channel.transmit(CommandApdu.of(0x80, 0xE6, 0x20, 0x00, data, CommandApdu.NE_SHORT_MAX))
                .status();
        if (status.value() == REFERENCED_DATA_NOT_FOUND || status.value() == APPLICATION_NOT_FOUND) {
            throw refused(
                    FailureCode.APPLET_NOT_FOUND,
                    Stage.PAYLOAD_DELIVERY,
                    "INSTALL [for personalization] gave " + status + " for "
                            + HexFormat.of().withUpperCase().formatHex(aid));
        }
        if (!status.isSuccess()) {
            throw new RunFailedException(
                    StatusTable.failure(Stage.PAYLOAD_DELIVERY, "INSTALL [for personalization]", status));
        }
    }

    private CommandApdu header() {
        int ne = payload.ins() == PUT_KEY ? CommandApdu.NE_SHORT_MAX : 0;
        return CommandApdu.of(payload.cla(), payload.ins(), payload.p1(), payload.p2(), new byte[0], ne);
    }

    private String name() {
        return switch (payload.ins()) {
            case STORE_DATA -> "STORE DATA";
            case PUT_KEY -> "PUT KEY";
            case PUT_DATA -> "PUT DATA";
            default -> String.format("command 80%02X", payload.ins());
        };
    }

    private int blockLength(Scp03Mode mode) {
        return settings.blockSize().orElseGet(() -> SessionSettings.shortLimit(mode));
    }

    private int commandLimit(Scp03Mode mode) {
        return extendedLength ? EXTENDED_LIMIT : SessionSettings.shortLimit(mode);
    }

    private String limitReason(Scp03Mode mode) {
        if (payload.ins() == STORE_DATA) {
            return ", " + StoreData.MAX_BLOCKS + " blocks of " + blockLength(mode);
        }
        return extendedLength ? " in one command" : " in one short command; see card.extended-length";
    }

    private static RunFailedException refused(FailureCode code, Stage stage, String detail) {
        return new RunFailedException(new Failure(code, stage, detail));
    }
}
