package org.fobstation.simulator.klms;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * A card's static keys from a master key, as issuers of SCP03 cards derive them ("KDF3").
 *
 * <pre>
 * key(t) = first bytes of CMAC(master, 01 || T) || CMAC(master, 02 || T)
 * T      = 00 00 00 t || 00 || diversification data [|| length in bits, 2 bytes]      t: 1 ENC, 2 MAC, 3 DEK
 * </pre>
 *
 * @see "NIST SP 800-108 section 4.1, counter mode; constants as GlobalPlatformPro uses them"
 */
public final class Kdf3 {

    /** Whether the length of the key ends the derivation data. */
    public enum Form {
        WITHOUT_LENGTH,
        /** Written in some notes, not known of any real card. */
        WITH_LENGTH
    }

    /**
     * The three keys of one fob, of one length. Test keys: plain arrays.
     *
     * @param enc Key-ENC
     * @param mac Key-MAC
     * @param dek Key-DEK
     */
    public record Keys(byte[] enc, byte[] mac, byte[] dek) {

        /** The length only. */
        @Override
        public String toString() {
            return "keys of " + enc.length + " bytes";
        }
    }

    private Kdf3() {}

    /**
     * @param master 16, 24 or 32 bytes
     * @param diversification the fob's own data, usually 10 bytes
     * @param length of each key in bytes: 16, 24 or 32
     */
    public static Keys derive(byte[] master, byte[] diversification, int length, Form form) {
        return new Keys(
                key(master, 1, diversification, length, form),
                key(master, 2, diversification, length, form),
                key(master, 3, diversification, length, form));
    }

    private static byte[] key(byte[] master, int type, byte[] diversification, int length, Form form) {
        if (length != 16 && length != 24 && length != 32) {
            throw new IllegalArgumentException("a key has 16, 24 or 32 bytes, not " + length);
        }
        ByteArrayOutputStream derived = new ByteArrayOutputStream();
        for (int counter = 1; derived.size() < length; counter++) {
            CMac mac = new CMac(AESEngine.newInstance());
            mac.init(new KeyParameter(master));
            mac.update((byte) counter);
            mac.update(new byte[] {0, 0, 0, (byte) type, 0}, 0, 5);
            mac.update(diversification, 0, diversification.length);
            if (form == Form.WITH_LENGTH) {
                int bits = 8 * length;
                mac.update(new byte[] {(byte) (bits >> 8), (byte) bits}, 0, 2);
            }
            byte[] block = new byte[mac.getMacSize()];
            mac.doFinal(block, 0);
            derived.writeBytes(block);
        }
        return Arrays.copyOf(derived.toByteArray(), length);
    }
}
