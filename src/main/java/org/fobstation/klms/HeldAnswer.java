package org.fobstation.klms;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.hc.core5.http.MessageConstraintException;

/**
 * The bytes of a key server's answer on their way through an exchange. An InputStream in name only, because that is what
 * camel-http passes on as it is: reading throws, so no tracer, log or converter can print what it holds. {@link #take()}
 * is the one way to the bytes; closing overwrites them.
 */
final class HeldAnswer extends InputStream {

    private static final int FIRST_BUFFER = 8192;

    private byte[] bytes;

    /** @param bytes owned from here on */
    HeldAnswer(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a body to its end. Every buffer it was in is overwritten, but for the one that is held.
     *
     * @param in read to its end or one byte beyond {@code most}; the caller closes it
     * @param expected length in bytes if known, else anything below 0
     * @param most the longest body taken, in bytes
     * @throws MessageConstraintException if it is longer
     */
    static HeldAnswer readFrom(InputStream in, long expected, int most) throws IOException {
        if (expected > most) {
            throw tooLong(most);
        }
        byte[] buffer = new byte[expected > 0 ? (int) expected : FIRST_BUFFER];
        int filled = 0;
        try {
            while (true) {
                int read = in.read(buffer, filled, buffer.length - filled);
                filled += Math.max(read, 0);
                // A full buffer says nothing of the end: one more byte does.
                int next = read < 0 ? -1 : filled < buffer.length ? 0 : in.read();
                if (next < 0) {
                    return new HeldAnswer(Arrays.copyOf(buffer, filled));
                }
                if (filled == buffer.length) {
                    if (filled >= most) {
                        throw tooLong(most);
                    }
                    buffer = grown(buffer, most);
                    buffer[filled++] = (byte) next;
                }
            }
        } finally {
            Arrays.fill(buffer, (byte) 0);
        }
    }

    private static byte[] grown(byte[] buffer, int most) {
        byte[] larger = Arrays.copyOf(buffer, Math.min(2 * buffer.length, most));
        Arrays.fill(buffer, (byte) 0);
        return larger;
    }

    private static MessageConstraintException tooLong(int most) {
        return new MessageConstraintException("longer than " + most + " bytes");
    }

    /**
     * Hands the bytes over, once; the caller overwrites them.
     *
     * @throws IllegalStateException if taken before or closed
     */
    byte[] take() {
        if (bytes == null) {
            throw new IllegalStateException("this answer was taken already");
        }
        byte[] taken = bytes;
        bytes = null;
        return taken;
    }

    @Override
    public int read() throws IOException {
        throw new IOException("a key server's answer is read by the key package's format alone");
    }

    @Override
    public void close() {
        if (bytes != null) {
            Arrays.fill(bytes, (byte) 0);
            bytes = null;
        }
    }

    @Override
    public String toString() {
        return "answer of the key server";
    }
}
