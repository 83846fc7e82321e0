package org.fobstation.scp03;

import static org.fobstation.scp03.Scp03Exception.Fault.SESSION_UNUSABLE;

import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.TransportException;
import org.fobstation.secret.SecretBytes;

/**
 * An open SCP03 session. Plain commands in, plain answers out; MACs, encryption, chaining and counter happen here.
 *
 * <p>A status word other than 9000 is an answer like any other and leaves the session open. Anything that leaves doubt
 * about the session (no answer, a missing or wrong R-MAC, wrong padding, an error answer with data) ends it: the session
 * keys are wiped and every further command gives SESSION_UNUSABLE. One thread at a time; {@link #close()} wipes the keys
 * and sends nothing.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D section 6.2"
 */
public final class SecureChannel implements AutoCloseable {

    private final ApduTransport transport;
    private final SecureMessaging messaging;
    private final Scp03Mode mode;
    private boolean usable = true;

    SecureChannel(ApduTransport transport, SecureMessaging messaging, Scp03Mode mode) {
        this.transport = transport;
        this.messaging = messaging;
        this.mode = mode;
    }

    public SecurityLevel level() {
        return messaging.level();
    }

    public Scp03Mode mode() {
        return mode;
    }

    /** Whether the next command can be sent. */
    public boolean isUsable() {
        return usable;
    }

    /** How many bytes of plain data fit a short command at this level and mode: 223..255. */
    public int maxShortData() {
        return level().maxShortData(mode);
    }

    /**
     * Sends one command under secure messaging and gives its plain answer. 61xx is followed by GET RESPONSE; after 6Cxx
     * the command goes out once more with the Le asked for.
     *
     * @param command plain, CLA 00..03, 10..13, 80..83 or 90..93
     * @return the plain answer with any status word; 62xx and 63xx have had their R-MAC checked, errors come bare
     * @throws TransportException if no answer came; the session is over
     * @throws Scp03Exception if the answer is not what the session demands, which ends it; or COMMAND_TOO_LONG, which
     *     leaves it as it was
     */
    public ResponseApdu transmit(CommandApdu command) throws TransportException, Scp03Exception {
        return exchange(command, new CommandData.OfCommand(command));
    }

    /**
     * As {@link #transmit(CommandApdu)} with data that are secret: they reach the heap only inside the command that is
     * encrypted and sent.
     *
     * @param header CLA INS P1 P2 and Le; has no data of its own
     * @param data stays the caller's
     */
    public ResponseApdu transmit(CommandApdu header, SecretBytes data) throws TransportException, Scp03Exception {
        return transmit(header, data, 0, data.length());
    }

    ResponseApdu transmit(CommandApdu header, SecretBytes data, int from, int length)
            throws TransportException, Scp03Exception {
        if (header.dataLength() != 0) {
            throw new IllegalArgumentException("the header has " + header.dataLength() + " bytes of data of its own");
        }
        return exchange(header, new CommandData.OfSecret(data, from, length));
    }

    private ResponseApdu exchange(CommandApdu command, CommandData data) throws TransportException, Scp03Exception {
        requireUsable();
        requireClass(command.cla());
        byte[] wire = messaging.wrap(command, data, command.ne());
        boolean settled = false;
        try {
            byte[] answer = GetResponse.transmit(transport, wire);
            if (answer.length == 2 && answer[0] == 0x6C) {
                int ne = answer[1] == 0 ? CommandApdu.NE_SHORT_MAX : answer[1] & 0xFF;
                answer = GetResponse.transmit(transport, messaging.wrap(command, data, ne));
            }
            ResponseApdu response = messaging.unwrap(answer);
            settled = true;
            return response;
        } finally {
            if (!settled) {
                close();
            }
        }
    }

    private void requireUsable() throws Scp03Exception {
        if (!usable) {
            throw Scp03Exception.of(
                    SESSION_UNUSABLE, "the session was closed or has failed; open a new one with a new handshake");
        }
    }

    /**
     * Whether a plain command with this CLA can be sent under secure messaging. Bits 0C must be free for it; with bit 40
     * they mean something else (channels 4 to 19).
     */
    public static boolean carries(int cla) {
        return (cla & 0x6C) == 0;
    }

    private static void requireClass(int cla) {
        if (!carries(cla)) {
            throw new IllegalArgumentException(String.format("CLA %02X cannot carry SCP03 secure messaging", cla));
        }
    }

    /** Wipes the session keys. May be called again. */
    @Override
    public void close() {
        usable = false;
        messaging.close();
    }
}
