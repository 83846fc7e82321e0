package org.fobstation.provisioning;

import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
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

    private static final int PUT_KEY = 0xD8;
    private static final int PUT_DATA = 0xDA;
    private static final int STORE_DATA = 0xE2;

    /** Lc of an extended command less the longest padding and the longest MAC. */
    private static final int EXTENDED_LIMIT = 65535 - 16 - 16;

    private final Payload payload;
    private final RunSettings settings;

    PayloadDelivery(Payload payload, RunSettings settings) {
        this.payload = payload;
        this.settings = settings;
    }

    /** @throws RunFailedException if the station may not or cannot send this payload */
    void check() throws RunFailedException {
        if (payload.cla() != 0x80 || !settings.payloadInstructions().contains(payload.ins())) {
            throw refused(
                    FailureCode.PAYLOAD_NOT_ALLOWED,
                    payload + ": allowed are CLA 80 and the INS of payload.instructions");
        }
        if (payload.ins() == STORE_DATA && payload.p2() != 0) {
            throw refused(FailureCode.PAYLOAD_NOT_ALLOWED, payload + ": P2 of STORE DATA counts blocks and must be 00");
        }
        int most = payload.ins() == STORE_DATA ? StoreData.MAX_BLOCKS * blockLength() : commandLimit();
        if (payload.data().length() > most) {
            throw refused(FailureCode.PAYLOAD_TOO_LONG, payload + ", at most " + most + " at this level");
        }
    }

    /** Whether it may be sent again to a fob that left while it was written. */
    boolean isRepeatable() {
        return settings.repeatableInstructions().contains(payload.ins());
    }

    void deliver(SecureChannel channel) throws RunFailedException, Scp03Exception, TransportException {
        ResponseApdu answer = payload.ins() == STORE_DATA
                ? StoreData.of(payload.p1(), payload.data(), blockLength())
                        .send(channel)
                        .answer()
                : channel.transmit(header(), payload.data());
        if (!answer.status().isSuccess()) {
            throw new RunFailedException(StatusTable.failure(Stage.PAYLOAD_DELIVERY, name(), answer.status()));
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

    private int blockLength() {
        return settings.level().maxShortData(Scp03Mode.S8);
    }

    private int commandLimit() {
        return settings.extendedLength() ? EXTENDED_LIMIT : blockLength();
    }

    private static RunFailedException refused(FailureCode code, String detail) {
        return new RunFailedException(new Failure(code, Stage.KEY_REQUEST, detail));
    }
}
