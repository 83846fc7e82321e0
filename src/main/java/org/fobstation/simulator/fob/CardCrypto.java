package org.fobstation.simulator.fob;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The card's cryptography: AES from the JDK, AES-CMAC from Bouncy Castle. Shares nothing with the station's.
 *
 * @see "NIST SP 800-38A, 800-38B; GlobalPlatform Amendment D 1.1.1 section 4.1"
 */
final class CardCrypto {

    static final int BLOCK = 16;

    private CardCrypto() {}

    /** AES-CMAC over the parts one after another, 16 bytes. */
    static byte[] cmac(byte[] key, byte[]... parts) {
        CMac mac = new CMac(AESEngine.newInstance());
        mac.init(new KeyParameter(key));
        for (byte[] part : parts) {
            mac.update(part, 0, part.length);
        }
        byte[] result = new byte[BLOCK];
        mac.doFinal(result, 0);
        return result;
    }

    static byte[] encryptCbc(byte[] key, byte[] iv, byte[] data) {
        return cbc(Cipher.ENCRYPT_MODE, key, iv, data);
    }

    static byte[] decryptCbc(byte[] key, byte[] iv, byte[] data) {
        return cbc(Cipher.DECRYPT_MODE, key, iv, data);
    }

    /** One block; CBC with IV 0 is the bare cipher. */
    static byte[] encryptBlock(byte[] key, byte[] block) {
        return encryptCbc(key, new byte[BLOCK], block);
    }

    private static byte[] cbc(int mode, byte[] key, byte[] iv, byte[] data) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            return cipher.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CBC over " + data.length + " bytes failed", e);
        }
    }

    /**
     * The data derivation function: 11 zero bytes, constant, 00, length in bits, block number, context.
     *
     * @param bits 40, 80, C0 or 100 (hex)
     * @see "GlobalPlatform Amendment D 1.1.1 section 4.1.5"
     */
    static byte[] derive(byte[] key, int constant, byte[] context, int bits) {
        byte[] derived = new byte[bits / 8];
        for (int block = 1, at = 0; at < derived.length; block++, at += BLOCK) {
            byte[] header = new byte[BLOCK];
            header[11] = (byte) constant;
            header[13] = (byte) (bits >> 8);
            header[14] = (byte) bits;
            header[15] = (byte) block;
            byte[] mac = cmac(key, header, context);
            System.arraycopy(mac, 0, derived, at, Math.min(BLOCK, derived.length - at));
        }
        return derived;
    }

    /** Appends 80 and zeros up to the next multiple of 16, always at least one byte. */
    static byte[] pad(byte[] data) {
        byte[] padded = Arrays.copyOf(data, (data.length / BLOCK + 1) * BLOCK);
        padded[data.length] = (byte) 0x80;
        return padded;
    }

    /** The reverse of {@link #pad}; null if the padding is wrong. */
    static byte[] unpad(byte[] padded) {
        int end = padded.length - 1;
        while (end >= 0 && padded[end] == 0) {
            end--;
        }
        return end >= 0 && padded[end] == (byte) 0x80 ? Arrays.copyOf(padded, end) : null;
    }

    /** Key check value: the first 3 bytes of one encrypted block of 01 bytes. */
    static byte[] kcv(byte[] key) {
        byte[] ones = new byte[BLOCK];
        Arrays.fill(ones, (byte) 1);
        return Arrays.copyOf(encryptBlock(key, ones), 3);
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }
}
