package org.fobstation.scp03;

import static org.fobstation.scp03.Scp03Exception.Fault.ANSWER_MALFORMED;
import static org.fobstation.scp03.Scp03Exception.Fault.CARD_CRYPTOGRAM_MISMATCH;
import static org.fobstation.scp03.Scp03Exception.Fault.KVN_DIFFERS;

import java.security.MessageDigest;
import java.security.SecureRandom;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.TransportException;
import org.fobstation.secret.AesCmac;

/**
 * The opening of a session in two steps: {@link #begin} sends INITIALIZE UPDATE and proves the card, {@link
 * #authenticate} sends EXTERNAL AUTHENTICATE and proves the host. In between the caller may look at the card's answer,
 * write down what it is about to do, or walk away: {@link #close()} wipes the session keys unless a {@link
 * SecureChannel} has taken them over.
 *
 * <p>Nothing is ever repeated here but what 6Cxx asks for: a card may count a session that was begun and not finished as a failed attempt. One
 * thread at a time.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D sections 6.2.2, 7.1.1 and 7.1.2"
 */
public final class Handshake implements AutoCloseable {

    private static final String INITIALIZE_UPDATE = "INITIALIZE UPDATE";
    private static final String EXTERNAL_AUTHENTICATE = "EXTERNAL AUTHENTICATE";

    private final ApduTransport transport;
    private final HandshakeParameters parameters;
    private final InitializeUpdateResponse response;
    private final byte[] hostChallenge;
    private final SessionKeys keys;
    private final AesCmac sMac;
    private boolean spent;

    private Handshake(
            ApduTransport transport,
            HandshakeParameters parameters,
            InitializeUpdateResponse response,
            byte[] hostChallenge,
            SessionKeys keys) {
        this.transport = transport;
        this.parameters = parameters;
        this.response = response;
        this.hostChallenge = hostChallenge;
        this.keys = keys;
        this.sMac = AesCmac.of(keys.mac());
    }

    /** As {@link #begin(ApduTransport, StaticKeys, HandshakeParameters, byte[])} with a host challenge drawn here. */
    public static Handshake begin(
            ApduTransport transport, StaticKeys keys, HandshakeParameters parameters, SecureRandom random)
            throws TransportException, Scp03Exception {
        byte[] hostChallenge = new byte[parameters.mode().length()];
        random.nextBytes(hostChallenge);
        return begin(transport, keys, parameters, hostChallenge);
    }

    /**
     * Sends INITIALIZE UPDATE, checks the answer and compares the card cryptogram in constant time. The security domain
     * must be selected.
     *
     * @param keys the card's static keys; stay the caller's and are not needed afterwards
     * @param hostChallenge 8 or 16 bytes as the mode has it, never used before
     * @return the caller's to close
     * @throws TransportException if no answer came
     * @throws Scp03Exception CARD_REFUSED, NOT_SCP03, WRONG_LENGTH, KVN_DIFFERS or CARD_CRYPTOGRAM_MISMATCH
     */
    public static Handshake begin(
            ApduTransport transport, StaticKeys keys, HandshakeParameters parameters, byte[] hostChallenge)
            throws TransportException, Scp03Exception {
        if (hostChallenge.length != parameters.mode().length()) {
            throw new IllegalArgumentException("in " + parameters.mode() + " mode the host challenge does not have "
                    + hostChallenge.length + " bytes");
        }
        InitializeUpdateResponse response = initializeUpdate(transport, parameters, hostChallenge);
        SessionKeys sessionKeys = KeyDerivation.sessionKeys(keys, hostChallenge, response.cardChallenge());
        return proved(transport, parameters, response, hostChallenge.clone(), sessionKeys);
    }

    private static InitializeUpdateResponse initializeUpdate(
            ApduTransport transport, HandshakeParameters parameters, byte[] hostChallenge)
            throws TransportException, Scp03Exception {
        CommandApdu command =
                CommandApdu.of(0x80, 0x50, parameters.kvn(), 0x00, hostChallenge, CommandApdu.NE_SHORT_MAX);
        ResponseApdu answer = GetResponse.transmit(transport, command);
        if (!answer.status().isSuccess()) {
            throw Scp03Exception.refused(INITIALIZE_UPDATE, answer.status());
        }
        InitializeUpdateResponse response = InitializeUpdateResponse.parse(answer.data(), parameters.mode());
        if (parameters.kvn() != 0 && response.kvn() != parameters.kvn()) {
            throw Scp03Exception.of(
                    KVN_DIFFERS,
                    String.format(
                            "the card was asked for key version %02X and uses %02X", parameters.kvn(), response.kvn()));
        }
        return response;
    }

    /** Takes {@code sessionKeys} over and wipes them unless the card has shown that it holds them. */
    static Handshake proved(
            ApduTransport transport,
            HandshakeParameters parameters,
            InitializeUpdateResponse response,
            byte[] hostChallenge,
            SessionKeys sessionKeys)
            throws Scp03Exception {
        boolean matches = false;
        Handshake handshake = null;
        try {
            handshake = new Handshake(transport, parameters, response, hostChallenge, sessionKeys);
            byte[] computed = handshake.cryptogram(KeyDerivation.CARD_CRYPTOGRAM);
            matches = MessageDigest.isEqual(computed, response.cardCryptogram());
        } finally {
            if (handshake == null) {
                sessionKeys.close();
            } else if (!matches) {
                handshake.close();
            }
        }
        if (!matches) {
            throw Scp03Exception.of(
                    CARD_CRYPTOGRAM_MISMATCH,
                    "the card cryptogram does not match: the card does not hold the keys issued for it");
        }
        return handshake;
    }

    /** What the card answered to INITIALIZE UPDATE. */
    public InitializeUpdateResponse response() {
        return response;
    }

    /** The mode the session will have. */
    public Scp03Mode mode() {
        return parameters.mode();
    }

    /**
     * Sends EXTERNAL AUTHENTICATE and opens the session. May be called once; if it fails, the session keys are wiped.
     *
     * @return the caller's to close; this handshake has then nothing left to wipe
     * @throws IllegalStateException if called before, or after {@link #close()}
     * @throws TransportException if no answer came: whether the card has opened the session is not known
     * @throws Scp03Exception CARD_REFUSED, or ANSWER_MALFORMED if the card answers with data
     */
    public SecureChannel authenticate(SecurityLevel level) throws TransportException, Scp03Exception {
        if (spent) {
            throw new IllegalStateException("a handshake authenticates once; begin another");
        }
        SecureMessaging messaging = new SecureMessaging(keys, sMac, level, parameters);
        spent = true;
        boolean authenticated = false;
        try {
            byte[] command = messaging.wrapAuthentication(cryptogram(KeyDerivation.HOST_CRYPTOGRAM));
            ResponseApdu answer = ResponseApdu.parse(GetResponse.transmit(transport, command));
            requireBareSuccess(answer);
            authenticated = true;
            return new SecureChannel(transport, messaging, parameters.mode());
        } finally {
            if (!authenticated) {
                messaging.close();
            }
        }
    }

    private static void requireBareSuccess(ResponseApdu answer) throws Scp03Exception {
        if (!answer.status().isSuccess()) {
            throw Scp03Exception.refused(EXTERNAL_AUTHENTICATE, answer.status());
        }
        if (answer.dataLength() != 0) {
            throw Scp03Exception.of(
                    ANSWER_MALFORMED,
                    EXTERNAL_AUTHENTICATE + " gave " + answer.dataLength() + " bytes of data; it gives none",
                    answer.status());
        }
    }

    private byte[] cryptogram(int constant) {
        return KeyDerivation.cryptogram(sMac, constant, hostChallenge, response.cardChallenge());
    }

    /** Wipes the session keys, unless {@link #authenticate} has passed them on. May be called again. */
    @Override
    public void close() {
        if (!spent) {
            spent = true;
            sMac.close();
            keys.close();
        }
    }
}
