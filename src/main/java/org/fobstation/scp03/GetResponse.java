package org.fobstation.scp03;

import static org.fobstation.scp03.Scp03Exception.Fault.ANSWER_MALFORMED;

import java.io.ByteArrayOutputStream;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.TransportException;

/**
 * Sends a command and fetches what 61xx announces with GET RESPONSE, which goes without secure messaging: R-MAC and
 * R-ENC cover the joined data. Commands under secure messaging go through {@link SecureChannel}; this is the way for
 * those before a session.
 *
 * @see "ISO/IEC 7816-4 section 5.3.4; GlobalPlatform Card Specification 2.3.1 Amendment D section 6.2.5"
 */
public final class GetResponse {

    /** No card needs more; one that never ends must not hold the reader for ever. */
    static final int MAX_ROUNDS = 256;

    /** Longest joined answer in bytes, without status word. */
    static final int MAX_JOINED = 65536;

    private GetResponse() {}

    /**
     * Sends a plain command and gives its whole answer. After 6Cxx, which says that nothing was done, the command goes
     * out once more with the Le asked for.
     *
     * @throws TransportException if no answer came
     * @throws Scp03Exception ANSWER_MALFORMED if an answer has no status word or does not end
     */
    public static ResponseApdu transmit(ApduTransport transport, CommandApdu command)
            throws TransportException, Scp03Exception {
        byte[] answer = transmit(transport, command.encode());
        if (wantsOtherLe(answer)) {
            int asked = answer[1] & 0xFF;
            answer = transmit(
                    transport,
                    command.withNe(asked == 0 ? CommandApdu.NE_SHORT_MAX : asked)
                            .encode());
        }
        return ResponseApdu.parse(answer);
    }

    /** @return joined data and the last status word, at least 2 bytes; 6Cxx only as the answer to the command itself */
    static byte[] transmit(ApduTransport transport, byte[] command) throws TransportException, Scp03Exception {
        byte[] answer = checked(transport.transmit(command));
        return sw1(answer) == 0x61 ? fetch(transport, command[0] & 0x03, answer) : answer;
    }

    private static byte[] fetch(ApduTransport transport, int channel, byte[] first)
            throws TransportException, Scp03Exception {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        byte[] answer = first;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            join(joined, answer);
            int announced = answer[answer.length - 1] & 0xFF;
            int ne = announced == 0 ? CommandApdu.NE_SHORT_MAX : announced;
            CommandApdu getResponse = CommandApdu.of(channel, 0xC0, 0x00, 0x00, new byte[0], ne);
            answer = checked(transport.transmit(getResponse.encode()));
            if (sw1(answer) != 0x61 && !wantsOtherLe(answer)) {
                join(joined, answer);
                joined.write(answer, answer.length - 2, 2);
                return joined.toByteArray();
            }
        }
        throw Scp03Exception.of(ANSWER_MALFORMED, "the card announced more data " + MAX_ROUNDS + " times in a row");
    }

    /** 6Cxx to GET RESPONSE asks for another GET RESPONSE, never for the command again: that was carried out. */
    private static boolean wantsOtherLe(byte[] answer) {
        return answer.length == 2 && sw1(answer) == 0x6C;
    }

    private static void join(ByteArrayOutputStream joined, byte[] answer) throws Scp03Exception {
        if (joined.size() + answer.length - 2 > MAX_JOINED) {
            throw Scp03Exception.of(ANSWER_MALFORMED, "the card's answer is longer than " + MAX_JOINED + " bytes");
        }
        joined.write(answer, 0, answer.length - 2);
    }

    private static int sw1(byte[] answer) {
        return answer[answer.length - 2] & 0xFF;
    }

    private static byte[] checked(byte[] answer) throws Scp03Exception {
        if (answer.length < 2) {
            throw Scp03Exception.of(ANSWER_MALFORMED, "an answer of " + answer.length + " bytes has no status word");
        }
        return answer;
    }
}
