package org.fobstation.simulator.klms;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The rule by which a master key becomes the keys of each fob. The embedded KLMS issues them, and a virtual fob that is
 * made by the same rule holds them.
 *
 * @param master 16, 24 or 32 bytes
 * @param keyLength of each derived key in bytes: 16, 24 or 32
 */
public record FobKeys(byte[] master, int keyLength, Kdf3.Form form, Padding padding) {

    private static final int DIVERSIFICATION_LENGTH = 10;

    /** How a fob's UID becomes diversification data. */
    public enum Padding {
        /** As it is. */
        RAW,
        /** Zeros in front, 10 bytes. */
        LEFT,
        /** Zeros at the end, 10 bytes. */
        RIGHT
    }

    /** A master key of 16 bytes drawn at random, keys of 16 bytes, UIDs padded at their end. */
    public static FobKeys random() {
        byte[] master = new byte[16];
        new SecureRandom().nextBytes(master);
        return new FobKeys(master, 16, Kdf3.Form.WITHOUT_LENGTH, Padding.RIGHT);
    }

    /** @param fobUid at most 10 bytes in hex, as the request names the fob */
    public Kdf3.Keys keysOf(String fobUid) {
        byte[] uid = HexFormat.of().parseHex(fobUid);
        if (uid.length == 0 || uid.length > DIVERSIFICATION_LENGTH) {
            throw new IllegalArgumentException("a fob is named by 1 to 10 bytes, not " + uid.length);
        }
        return Kdf3.derive(master, diversification(uid), keyLength, form);
    }

    private byte[] diversification(byte[] uid) {
        if (padding == Padding.RAW) {
            return uid;
        }
        if (padding == Padding.RIGHT) {
            return Arrays.copyOf(uid, DIVERSIFICATION_LENGTH);
        }
        byte[] padded = new byte[DIVERSIFICATION_LENGTH];
        System.arraycopy(uid, 0, padded, padded.length - uid.length, uid.length);
        return padded;
    }

    /** Lengths and rule, no key. */
    @Override
    public String toString() {
        return "keys of " + keyLength + " bytes, " + form + ", " + padding;
    }
}
