package org.fobstation.pcsc;

import java.util.HexFormat;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.TransportException;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.outcome.StatusTable;

/**
 * What came of asking the reader for the fob's UID: a {@link Uid} or a {@link NoUid}.
 *
 * @see "PC/SC Workgroup specification part 3 section 3.2.2.1.3, Get Data"
 */
sealed interface UidReading {

    /** FF CA 00 00 00. The reader answers it; a contact reader hands it to the card, which refuses. */
    CommandApdu GET_UID = CommandApdu.of(0xFF, 0xCA, 0, 0, new byte[0], CommandApdu.NE_SHORT_MAX);

    /**
     * @param bytes 4, 7 or 10 bytes
     * @param random whether the fob makes a new one for every presentation: 4 bytes, the first 08 (ISO/IEC 14443-3), or
     *     80, which some fobs give instead
     */
    record Uid(byte[] bytes, boolean random) implements UidReading {

        /** Upper-case hex. */
        String hex() {
            return HexFormat.of().withUpperCase().formatHex(bytes);
        }
    }

    /** The reader gave none. */
    record NoUid(Failure failure) implements UidReading {}

    /** Asks; a second time where the answer is 6Cxx. */
    static UidReading read(ApduTransport transport) throws TransportException {
        ResponseApdu answer = send(transport, GET_UID);
        if (answer.status().sw1() == 0x6C) {
            int le = answer.status().sw2();
            answer = send(transport, GET_UID.withNe(le == 0 ? CommandApdu.NE_SHORT_MAX : le));
        }
        return switch (answer.status().value()) {
            // 6282: the reader has fewer bytes than Le asks for, and gives them.
            case 0x9000, 0x6282 -> uid(answer);
            case 0x6300 ->
                new NoUid(new Failure(
                        FailureCode.FOB_UNREADABLE, Stage.UID_READ, "the reader could not read the UID, 6300"));
            default -> new NoUid(StatusTable.failure(Stage.UID_READ, "GET DATA (UID)", answer.status()));
        };
    }

    private static ResponseApdu send(ApduTransport transport, CommandApdu command) throws TransportException {
        return ResponseApdu.parse(transport.transmit(command.encode()));
    }

    private static UidReading uid(ResponseApdu answer) {
        byte[] bytes = answer.data();
        return switch (bytes.length) {
            case 4 -> new Uid(bytes, bytes[0] == 0x08 || bytes[0] == (byte) 0x80);
            case 7, 10 -> new Uid(bytes, false);
            default ->
                new NoUid(new Failure(
                        FailureCode.UID_NOT_AVAILABLE,
                        Stage.UID_READ,
                        "a UID has 4, 7 or 10 bytes, the reader gave " + bytes.length + " with " + answer.status()));
        };
    }
}
