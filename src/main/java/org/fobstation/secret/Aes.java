package org.fobstation.secret;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The one door to AES for card keys. Bouncy Castle's light engine does the work; its key schedule, whose first row is
 * the key itself, is overwritten on {@link #close()}. No JCE key object is ever made: those leave schedules behind that
 * nobody can reach. One thread at a time.
 *
 * @see "FIPS 197; NIST SP 800-38A section 6.2 (CBC)"
 */
public final class Aes implements AutoCloseable {

    /** Block length in bytes. */
    public static final int BLOCK = 16;

    private static final Field SCHEDULE = scheduleField();

    private final SecretBytes key;
    private final BlockCipher encryption;
    private BlockCipher decryption;
    private boolean closed;

    private Aes(SecretBytes key) {
        this.key = key;
        this.encryption = engine(key, true);
    }

    /**
     * @param key 16, 24 or 32 bytes; stays the caller's, and open at least until the first decryption
     * @throws IllegalArgumentException for any other length
     * @throws IllegalStateException if {@code key} is closed
     */
    public static Aes of(SecretBytes key) {
        if (key.length() != 16 && key.length() != 24 && key.length() != 32) {
            throw new IllegalArgumentException("an AES key has 16, 24 or 32 bytes, not " + key.length());
        }
        return new Aes(key);
    }

    /** Encrypts one block of 16 bytes; {@code in} and {@code out} may be the same array. */
    public void encryptBlock(byte[] in, int inOffset, byte[] out, int outOffset) {
        requireOpen();
        encryption.processBlock(in, inOffset, out, outOffset);
    }

    /**
     * AES-CBC without padding.
     *
     * @param iv 16 bytes, left as it is
     * @param plain a multiple of 16 bytes
     * @return as many bytes as {@code plain}
     */
    public byte[] encryptCbc(byte[] iv, byte[] plain) {
        requireOpen();
        requireBlocks(iv, plain.length);
        byte[] out = plain.clone();
        encryptCbc(iv, out, 0, out.length);
        return out;
    }

    /** The reverse of {@link #encryptCbc(byte[], byte[])}. */
    public byte[] decryptCbc(byte[] iv, byte[] encrypted) {
        byte[] out = encrypted.clone();
        decryptCbc(iv, out, 0, out.length);
        return out;
    }

    /** As {@link #encryptCbc(byte[], byte[])}, in place: {@code length} bytes of {@code buffer}, whole blocks. */
    public void encryptCbc(byte[] iv, byte[] buffer, int offset, int length) {
        requireOpen();
        requireBlocks(iv, length);
        byte[] chain = iv;
        int chainAt = 0;
        for (int at = offset; at < offset + length; at += BLOCK) {
            xor(buffer, at, chain, chainAt);
            encryption.processBlock(buffer, at, buffer, at);
            chain = buffer;
            chainAt = at;
        }
    }

    /** As {@link #decryptCbc(byte[], byte[])}, in place. Goes from the last block to the first: each needs the one before. */
    public void decryptCbc(byte[] iv, byte[] buffer, int offset, int length) {
        requireOpen();
        requireBlocks(iv, length);
        if (decryption == null) {
            decryption = engine(key, false);
        }
        for (int at = offset + length - BLOCK; at >= offset; at -= BLOCK) {
            decryption.processBlock(buffer, at, buffer, at);
            if (at == offset) {
                xor(buffer, at, iv, 0);
            } else {
                xor(buffer, at, buffer, at - BLOCK);
            }
        }
    }

    private static void xor(byte[] into, int at, byte[] with, int withAt) {
        for (int i = 0; i < BLOCK; i++) {
            into[at + i] ^= with[withAt + i];
        }
    }

    /** Overwrites the key schedules. May be called again; every other call afterwards throws. */
    @Override
    public void close() {
        closed = true;
        wipe(encryption);
        if (decryption != null) {
            wipe(decryption);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this cipher was wiped");
        }
    }

    private static void requireBlocks(byte[] iv, int length) {
        if (iv.length != BLOCK || length % BLOCK != 0) {
            throw new IllegalArgumentException(
                    "CBC needs an IV of 16 bytes and whole blocks, not " + iv.length + " and " + length);
        }
    }

    private static BlockCipher engine(SecretBytes key, boolean forEncryption) {
        byte[] raw = new byte[key.length()];
        KeyParameter parameter = null;
        try {
            key.exposeTo(raw, 0);
            parameter = new KeyParameter(raw);
            BlockCipher engine = AESEngine.newInstance();
            engine.init(forEncryption, parameter);
            return engine;
        } finally {
            Arrays.fill(raw, (byte) 0);
            if (parameter != null) {
                Arrays.fill(parameter.getKey(), (byte) 0);
            }
        }
    }

    private static void wipe(BlockCipher engine) {
        for (int[] row : schedule(engine)) {
            Arrays.fill(row, 0);
        }
    }

    /** The key schedules made so far, for the test that sees them overwritten. */
    List<int[][]> schedules() {
        return decryption == null
                ? List.<int[][]>of(schedule(encryption))
                : List.of(schedule(encryption), schedule(decryption));
    }

    private static int[][] schedule(BlockCipher engine) {
        try {
            return (int[][]) SCHEDULE.get(engine);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the AES key schedule cannot be reached to wipe it", e);
        }
    }

    /** Bouncy Castle has no call that wipes an engine. Failing here, at class loading, beats leaving keys behind. */
    private static Field scheduleField() {
        try {
            Field field = AESEngine.class.getDeclaredField("WorkingKey");
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(
                    "this Bouncy Castle keeps its AES key schedule elsewhere; "
                            + "use the version the station was built with",
                    e);
        }
    }

    /** Nothing of the key. */
    @Override
    public String toString() {
        return "AES-" + 8 * key.length();
    }
}
