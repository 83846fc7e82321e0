package org.fobstation.secret;

import java.util.Arrays;

/**
 * AES-CMAC over data given piece by piece. Own code over {@link Aes}, because Bouncy Castle's CMac keeps its subkeys
 * where they cannot be overwritten. One thread at a time; reusable after {@link #finish(byte[])}.
 *
 * @see "NIST SP 800-38B section 6"
 */
public final class AesCmac implements AutoCloseable {

    /** Length of a MAC in bytes. */
    public static final int LENGTH = Aes.BLOCK;

    private final Aes aes;
    private final byte[] subkey1;
    private final byte[] subkey2;
    private final byte[] state = new byte[Aes.BLOCK];
    private final byte[] block = new byte[Aes.BLOCK];
    private int filled;

    private AesCmac(Aes aes) {
        this.aes = aes;
        byte[] l = new byte[Aes.BLOCK];
        aes.encryptBlock(l, 0, l, 0);
        subkey1 = doubled(l);
        subkey2 = doubled(subkey1);
        Arrays.fill(l, (byte) 0);
    }

    /** @param key 16, 24 or 32 bytes; stays the caller's and is not needed afterwards */
    public static AesCmac of(SecretBytes key) {
        return new AesCmac(Aes.of(key));
    }

    public AesCmac update(byte[] data) {
        return update(data, 0, data.length);
    }

    public AesCmac update(byte[] data, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == Aes.BLOCK) {
                absorb();
            }
            int part = Math.min(left, Aes.BLOCK - filled);
            System.arraycopy(data, at, block, filled, part);
            filled += part;
            at += part;
            left -= part;
        }
        return this;
    }

    public AesCmac update(byte value) {
        if (filled == Aes.BLOCK) {
            absorb();
        }
        block[filled++] = value;
        return this;
    }

    /** Writes the MAC, 16 bytes, and starts over. */
    public void finish(byte[] mac) {
        byte[] subkey = filled == Aes.BLOCK ? subkey1 : subkey2;
        if (filled < Aes.BLOCK) {
            block[filled] = (byte) 0x80;
            Arrays.fill(block, filled + 1, Aes.BLOCK, (byte) 0);
        }
        for (int i = 0; i < Aes.BLOCK; i++) {
            block[i] ^= subkey[i];
        }
        absorb();
        System.arraycopy(state, 0, mac, 0, LENGTH);
        Arrays.fill(state, (byte) 0);
    }

    /** The MAC, 16 bytes, in a new array. */
    public byte[] finish() {
        byte[] mac = new byte[LENGTH];
        finish(mac);
        return mac;
    }

    private void absorb() {
        for (int i = 0; i < Aes.BLOCK; i++) {
            state[i] ^= block[i];
        }
        aes.encryptBlock(state, 0, state, 0);
        Arrays.fill(block, (byte) 0);
        filled = 0;
    }

    /** Multiplication by x in GF(2^128), reduced by 87. */
    private static byte[] doubled(byte[] value) {
        byte[] twice = new byte[Aes.BLOCK];
        int carry = 0;
        for (int i = Aes.BLOCK - 1; i >= 0; i--) {
            int shifted = (value[i] & 0xFF) << 1 | carry;
            twice[i] = (byte) shifted;
            carry = shifted >> 8;
        }
        twice[Aes.BLOCK - 1] ^= (byte) (-carry & 0x87);
        return twice;
    }

    /** Overwrites the key schedule, the subkeys and what was begun. */
    @Override
    public void close() {
        aes.close();
        Arrays.fill(subkey1, (byte) 0);
        Arrays.fill(subkey2, (byte) 0);
        Arrays.fill(state, (byte) 0);
        Arrays.fill(block, (byte) 0);
    }
}
