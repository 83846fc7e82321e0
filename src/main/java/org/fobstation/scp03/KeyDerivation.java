package org.fobstation.scp03;

import java.util.Arrays;
import org.fobstation.secret.AesCmac;
import org.fobstation.secret.SecretBytes;

/**
 * The data derivation function of SCP03, a KDF in counter mode over AES-CMAC.
 *
 * <pre>
 * block(i) = CMAC(key, 00 x 11 | constant | 00 | L L | i | context)     L in bits, i = 1, 2
 * </pre>
 *
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D section 4.1.5; NIST SP 800-108 section 5.1"
 */
public final class KeyDerivation {

    /** Derivation constant of the card cryptogram. Key S-MAC, context host challenge, card challenge. */
    static final int CARD_CRYPTOGRAM = 0x00;

    /** Of the host cryptogram. Key and context as above. */
    static final int HOST_CRYPTOGRAM = 0x01;

    /** Of a pseudo-random card challenge. Key Key-ENC, context sequence counter, AID. */
    static final int CARD_CHALLENGE = 0x02;

    /** Of S-ENC. Key Key-ENC, context host challenge, card challenge. */
    static final int S_ENC = 0x04;

    /** Of S-MAC. Key Key-MAC, context as above. */
    static final int S_MAC = 0x06;

    /** Of S-RMAC. Key Key-MAC, context as above. */
    static final int S_RMAC = 0x07;

    private static final int FIXED_LENGTH = 16;
    private static final int MAX_LENGTH = 2 * AesCmac.LENGTH;

    private KeyDerivation() {}

    /**
     * The session keys. The sequence counter has no part in them.
     *
     * @param keys stay the caller's
     * @param hostChallenge 8 or 16 bytes
     * @param cardChallenge as many
     * @return the caller's to close
     */
    public static SessionKeys sessionKeys(StaticKeys keys, byte[] hostChallenge, byte[] cardChallenge) {
        SecretBytes enc = null;
        SecretBytes mac = null;
        SecretBytes rmac = null;
        try (AesCmac staticEnc = AesCmac.of(keys.enc());
                AesCmac staticMac = AesCmac.of(keys.mac())) {
            enc = key(staticEnc, S_ENC, hostChallenge, cardChallenge, keys.keyLength());
            mac = key(staticMac, S_MAC, hostChallenge, cardChallenge, keys.keyLength());
            rmac = key(staticMac, S_RMAC, hostChallenge, cardChallenge, keys.keyLength());
            return new SessionKeys(enc, mac, rmac);
        } finally {
            if (rmac == null) {
                close(enc);
                close(mac);
            }
        }
    }

    private static void close(SecretBytes key) {
        if (key != null) {
            key.close();
        }
    }

    private static SecretBytes key(AesCmac prf, int constant, byte[] host, byte[] card, int length) {
        byte[] key = new byte[length];
        try {
            derive(prf, constant, host, card, key);
            return SecretBytes.takeFrom(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** A cryptogram, as long as the challenges. {@code sMac} is a CMAC under S-MAC. */
    static byte[] cryptogram(AesCmac sMac, int constant, byte[] hostChallenge, byte[] cardChallenge) {
        byte[] cryptogram = new byte[hostChallenge.length];
        derive(sMac, constant, hostChallenge, cardChallenge, cryptogram);
        return cryptogram;
    }

    /**
     * Fills {@code output}; its length is the L of the derivation.
     *
     * @param context1 first part of the context
     * @param context2 the rest of it
     * @param output 1..32 bytes
     */
    static void derive(AesCmac prf, int constant, byte[] context1, byte[] context2, byte[] output) {
        if (output.length > MAX_LENGTH) {
            throw new IllegalArgumentException("at most 32 bytes are derived, not " + output.length);
        }
        byte[] fixed = new byte[FIXED_LENGTH];
        fixed[11] = (byte) constant;
        fixed[13] = (byte) (8 * output.length >> 8);
        fixed[14] = (byte) (8 * output.length);
        byte[] block = new byte[AesCmac.LENGTH];
        try {
            for (int at = 0; at < output.length; at += AesCmac.LENGTH) {
                fixed[15]++;
                prf.update(fixed).update(context1).update(context2).finish(block);
                System.arraycopy(block, 0, output, at, Math.min(AesCmac.LENGTH, output.length - at));
            }
        } finally {
            Arrays.fill(block, (byte) 0);
        }
    }
}
