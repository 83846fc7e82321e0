package org.fobstation.secret;

import java.lang.reflect.Field;
import java.util.Arrays;
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
        requireBlocks(iv, plain);
        byte[] out = new byte[plain.length];
        byte[] chain = iv.clone();
        for (int at = 0; at < plain.length; at += BLOCK) {
            for (int i = 0; i < BLOCK; i++) {
                chain[i] ^= plain[at + i];
            }
            encryption.processBlock(chain, 0, chain, 0);
            System.arraycopy(chain, 0, out, at, BLOCK);
        }
        return out;
    }

    /** The reverse of {@link #encryptCbc(byte[], byte[])}. */
    public byte[] decryptCbc(byte[] iv, byte[] encrypted) {
        requireOpen();
        requireBlocks(iv, encrypted);
        if (decryption == null) {
            decryption = engine(key, false);
        }
        byte[] out = new byte[encrypted.length];
        for (int at = 0; at < encrypted.length; at += BLOCK) {
            decryption.processBlock(encrypted, at, out, at);
            for (int i = 0; i < BLOCK; i++) {
                out[at + i] ^= at == 0 ? iv[i] : encrypted[at - BLOCK + i];
            }
        }
        return out;
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

    private static void requireBlocks(byte[] iv, byte[] data) {
        if (iv.length != BLOCK || data.length % BLOCK != 0) {
            throw new IllegalArgumentException(
                    "CBC needs an IV of 16 bytes and whole blocks, not " + iv.length + " and " + data.length);
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

    static int[][] schedule(BlockCipher engine) {
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
