package org.fobstation.simulator.fob;

import java.util.Arrays;

/**
 * The session keys the card derives in INITIALIZE UPDATE, with the context they came from.
 *
 * @param context host challenge, then card challenge
 * @param n length of a cryptogram in bytes
 * @see "GlobalPlatform Amendment D 1.1.1 section 6.2.1"
 */
record SessionSecrets(byte[] enc, byte[] mac, byte[] rmac, byte[] context, int n) {

    static SessionSecrets derive(CardKeys keys, byte[] hostChallenge, byte[] cardChallenge) {
        byte[] context = CardCrypto.join(hostChallenge, cardChallenge);
        int bits = 8 * keys.length();
        return new SessionSecrets(
                CardCrypto.derive(keys.enc(), 0x04, context, bits),
                CardCrypto.derive(keys.mac(), 0x06, context, bits),
                CardCrypto.derive(keys.mac(), 0x07, context, bits),
                context,
                hostChallenge.length);
    }

    byte[] cardCryptogram() {
        return CardCrypto.derive(mac, 0x00, context, 8 * n);
    }

    byte[] hostCryptogram() {
        return CardCrypto.derive(mac, 0x01, context, 8 * n);
    }

    /**
     * Checks EXTERNAL AUTHENTICATE, {@code 84 82 LL 00 Lc host-cryptogram(n) C-MAC(n)}.
     *
     * @param raw the command as it came
     * @return the MAC chaining value the session begins with, 16 bytes; null if cryptogram or C-MAC is wrong
     */
    byte[] check(byte[] raw) {
        int macAt = 5 + n;
        byte[] chaining = CardCrypto.cmac(mac, new byte[CardCrypto.BLOCK], Arrays.copyOf(raw, macAt));
        boolean authentic = Arrays.equals(raw, 5, macAt, hostCryptogram(), 0, n)
                & Arrays.equals(raw, macAt, macAt + n, chaining, 0, n);
        return authentic ? chaining : null;
    }
}
