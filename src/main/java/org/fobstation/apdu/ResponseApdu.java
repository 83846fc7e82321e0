package org.fobstation.apdu;

import java.util.Arrays;

/**
 * An answer of the fob, immutable: data, then SW1 SW2.
 *
 * @see "ISO/IEC 7816-3 section 12.1.3"
 */
public final class ResponseApdu {

    private final byte[] data;
    private final StatusWord status;

    private ResponseApdu(byte[] data, StatusWord status) {
        this.data = data;
        this.status = status;
    }

    /** @param data 0..65536 bytes, copied */
    public static ResponseApdu of(byte[] data, StatusWord status) {
        return new ResponseApdu(data.clone(), status);
    }

    /** As {@link #of(byte[], StatusWord)}, the first {@code length} bytes of {@code buffer} being the data. */
    public static ResponseApdu of(byte[] buffer, int length, StatusWord status) {
        return new ResponseApdu(Arrays.copyOf(buffer, length), status);
    }

    /** An answer without data. */
    public static ResponseApdu of(int statusWord) {
        return new ResponseApdu(new byte[0], new StatusWord(statusWord));
    }

    /**
     * @param encoded at least the 2 status bytes
     * @throws IllegalArgumentException if shorter
     */
    public static ResponseApdu parse(byte[] encoded) {
        int n = encoded.length;
        if (n < 2) {
            throw new IllegalArgumentException("an answer has at least 2 bytes, not " + n);
        }
        int sw = (encoded[n - 2] & 0xFF) << 8 | encoded[n - 1] & 0xFF;
        return new ResponseApdu(Arrays.copyOf(encoded, n - 2), new StatusWord(sw));
    }

    /** A copy of the answer data. */
    public byte[] data() {
        return data.clone();
    }

    /** The length of the answer data in bytes, without the status word. */
    public int dataLength() {
        return data.length;
    }

    public StatusWord status() {
        return status;
    }

    /** The bytes as they come over the air: data, SW1, SW2. */
    public byte[] encode() {
        byte[] encoded = Arrays.copyOf(data, data.length + 2);
        encoded[data.length] = (byte) status.sw1();
        encoded[data.length + 1] = (byte) status.sw2();
        return encoded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResponseApdu that && status.equals(that.status) && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return status.hashCode() * 31 + Arrays.hashCode(data);
    }

    /** The status word and the length of the data only: a plain answer may carry what must not be logged. */
    @Override
    public String toString() {
        return status + " (" + data.length + " bytes of data)";
    }
}
