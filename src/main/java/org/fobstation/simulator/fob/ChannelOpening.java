package org.fobstation.simulator.fob;

import java.util.random.RandomGenerator;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;
import org.fobstation.simulator.fob.CardSession.Handshake;

/**
 * INITIALIZE UPDATE and EXTERNAL AUTHENTICATE on the card's side. Guarded by the fob.
 *
 * @see "GlobalPlatform Amendment D 1.1.1 section 7.1"
 */
final class ChannelOpening {

    private static final int SCP03 = 0x03;

    private final FobFeatures features;
    private final byte[] kdd;
    private final byte[] isdAid;
    private final RandomGenerator random;
    private final CardMemory memory;
    private final CardSession session;
    private boolean everAuthenticated;

    ChannelOpening(
            FobFeatures features,
            byte[] kdd,
            byte[] isdAid,
            RandomGenerator random,
            CardMemory memory,
            CardSession session) {
        this.features = features;
        this.kdd = kdd;
        this.isdAid = isdAid;
        this.random = random;
        this.memory = memory;
        this.session = session;
    }

    boolean everAuthenticated() {
        return everAuthenticated;
    }

    ResponseApdu initializeUpdate(CommandApdu command) {
        session.begin(null);
        CardRefusal.unless(command.p2() == 0, 0x6A86);
        CardRefusal.unless(command.dataLength() == features.n(), 0x6700);
        CardKeySet keySet = memory.keyRing().find(command.p1());
        requireNotBlocked(keySet);
        keySet.advanceCounter();
        byte[] cardChallenge = challenge(keySet);
        SessionSecrets secrets = SessionSecrets.derive(keySet.keys(), command.data(), cardChallenge);
        if (features.startedSessionCounts()) {
            keySet.countFailure();
        }
        session.begin(new Handshake(keySet, secrets));
        byte[] keyInformation = {(byte) keySet.kvn(), SCP03, (byte) features.i()};
        byte[] counter = features.pseudoRandomChallenge() ? keySet.sequenceCounterBytes() : new byte[0];
        byte[] data = CardCrypto.join(kdd, keyInformation, cardChallenge, secrets.cardCryptogram(), counter);
        return ResponseApdu.of(data, StatusWord.SUCCESS);
    }

    private byte[] challenge(CardKeySet keySet) {
        if (features.pseudoRandomChallenge()) {
            byte[] context = CardCrypto.join(keySet.sequenceCounterBytes(), isdAid);
            return CardCrypto.derive(keySet.keys().enc(), 0x02, context, 8 * features.n());
        }
        byte[] drawn = new byte[features.n()];
        random.nextBytes(drawn);
        return drawn;
    }

    ResponseApdu externalAuthenticate(byte[] raw, CommandApdu command, Handshake handshake) {
        session.close();
        CardRefusal.unless(handshake != null, 0x6985);
        int level = command.p1();
        CardRefusal.unless(CardSecureChannel.isLevel(level) && features.supports(level), 0x6A86);
        CardRefusal.unless(command.p2() == 0, 0x6A86);
        CardRefusal.unless(command.dataLength() == 2 * features.n() && !CardSecureChannel.isExtended(raw), 0x6700);
        CardKeySet keySet = handshake.keySet();
        byte[] chaining = handshake.secrets().check(raw);
        if (chaining == null) {
            if (!features.startedSessionCounts()) {
                keySet.countFailure();
            }
            throw new CardRefusal(features.authenticationFailureStatus());
        }
        keySet.forgetFailures();
        everAuthenticated = true;
        session.open(new CardSecureChannel(handshake.secrets(), level, chaining, features), keySet.keys());
        return ResponseApdu.of(0x9000);
    }

    private void requireNotBlocked(CardKeySet keySet) {
        CardRefusal.unless(keySet.failures() < features.failureLimit(), 0x6983);
    }
}
