package org.fobstation.secret;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Secret bytes outside the Java heap, where the collector copies nothing. Open in try-with-resources: {@link #close()}
 * overwrites them, and every use afterwards throws {@link IllegalStateException}. Prints nothing, compares in constant
 * time, cannot be serialized. Safe to close from any thread; reading and writing belong to one thread at a time.
 */
public final class SecretBytes implements AutoCloseable {

    private static final AtomicLong OPEN = new AtomicLong();

    private final ByteBuffer bytes;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SecretBytes(int length) {
        bytes = ByteBuffer.allocateDirect(length);
        OPEN.addAndGet(length);
    }

    /** How many bytes of secrets are not closed in this process: none while no fob is served. Any thread may ask. */
    public static long bytesOpen() {
        return OPEN.get();
    }

    /** {@code length} zero bytes, to be filled with {@link #put(int, byte)}. */
    public static SecretBytes allocate(int length) {
        return new SecretBytes(length);
    }

    /** Takes the bytes over: copies {@code source} and fills it with zeros. */
    public static SecretBytes takeFrom(byte[] source) {
        try {
            SecretBytes secret = new SecretBytes(source.length);
            secret.bytes.put(0, source);
            return secret;
        } finally {
            Arrays.fill(source, (byte) 0);
        }
    }

    /** {@code length} bytes drawn from {@code random}; the array in between is overwritten. */
    public static SecretBytes random(int length, SecureRandom random) {
        byte[] drawn = new byte[length];
        random.nextBytes(drawn);
        return takeFrom(drawn);
    }

    /** A second, independent copy with a life of its own. */
    public SecretBytes copy() {
        requireOpen();
        SecretBytes copy = new SecretBytes(length());
        copy.bytes.put(0, bytes, 0, length());
        return copy;
    }

    /** Length in bytes; known after closing too. */
    public int length() {
        return bytes.capacity();
    }

    /** @throws IllegalStateException after {@link #close()} */
    public byte get(int index) {
        requireOpen();
        return bytes.get(index);
    }

    /** @throws IllegalStateException after {@link #close()} */
    public void put(int index, byte value) {
        requireOpen();
        bytes.put(index, value);
    }

    /**
     * Copies all bytes into a heap array that the caller overwrites in a {@code finally}. The one way out of this type,
     * with the method below: search for their callers to know who sees raw secrets.
     *
     * @throws IllegalStateException after {@link #close()}
     */
    public void exposeTo(byte[] target, int offset) {
        exposeTo(0, length(), target, offset);
    }

    /** As {@link #exposeTo(byte[], int)}, {@code length} bytes from index {@code from}. */
    public void exposeTo(int from, int length, byte[] target, int offset) {
        requireOpen();
        bytes.get(from, target, offset, length);
    }

    /**
     * Whether both hold the same bytes. Takes the same time for any two secrets of one length.
     *
     * @throws IllegalStateException if either is closed
     */
    public boolean sameAs(SecretBytes other) {
        requireOpen();
        other.requireOpen();
        if (length() != other.length()) {
            return false;
        }
        int difference = 0;
        for (int i = 0; i < length(); i++) {
            difference |= bytes.get(i) ^ other.bytes.get(i);
        }
        return difference == 0;
    }

    public boolean isClosed() {
        return closed.get();
    }

    /** Overwrites the bytes with zeros. May be called again. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            OPEN.addAndGet(-length());
        }
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) 0);
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("this secret was wiped");
        }
    }

    /** The length only. */
    @Override
    public String toString() {
        return "secret of " + length() + " bytes";
    }
}
