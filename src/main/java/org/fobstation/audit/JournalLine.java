package org.fobstation.audit;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One line of the journal:
 *
 * <pre>
 * {"n":7,"prev":"64 hex digits","hash":"64 hex digits","entry":{...}}\n
 * </pre>
 *
 * {@code hash} is SHA-256 over the bytes of {@code prev} and the UTF-8 bytes of {@code entry} as written. Read strictly:
 * what is not exactly of this form is damage.
 *
 * @param n 1, 2, 3 and so on through all segments
 * @param entry a JSON object without line breaks
 */
record JournalLine(long n, String prev, String hash, String entry) {

    private static final byte[] N = ascii("{\"n\":");
    private static final byte[] PREV = ascii(",\"prev\":\"");
    private static final byte[] HASH = ascii("\",\"hash\":\"");
    private static final byte[] ENTRY = ascii("\",\"entry\":{");
    private static final int HEX_LENGTH = 64;
    private static final int N_DIGITS_MAX = 18;

    /** The line that follows one with hash {@code prev}. */
    static JournalLine after(String prev, long n, String entry) {
        return new JournalLine(n, prev, hash(prev, entry), entry);
    }

    /**
     * A line that proved itself, in the bytes it was read from.
     *
     * @param entryAt where the entry begins
     * @param entryLength in bytes
     */
    record Proved(long n, String prev, String hash, int entryAt, int entryLength) {}

    /**
     * @param bytes a line without its line feed
     * @throws IllegalArgumentException if it has another form, or if its hash does not fit its content
     */
    static JournalLine parse(byte[] bytes) {
        Proved line = prove(bytes, 0, bytes.length);
        return new JournalLine(line.n(), line.prev(), line.hash(), utf8(bytes, line.entryAt(), line.entryLength()));
    }

    /** As {@link #parse}, of the bytes from {@code from} to {@code end}, without a look into the entry. */
    static Proved prove(byte[] bytes, int from, int end) {
        int at = expect(bytes, from, end, N);
        int digits = at;
        while (digits < end && bytes[digits] >= '0' && bytes[digits] <= '9') {
            digits++;
        }
        if (digits == at || digits - at > N_DIGITS_MAX || bytes[at] == '0') {
            throw noLine();
        }
        long n = Long.parseLong(new String(bytes, at, digits - at, StandardCharsets.US_ASCII));
        at = expect(bytes, digits, end, PREV);
        String prev = hex(bytes, at, end);
        at = expect(bytes, at + HEX_LENGTH, end, HASH);
        String hash = hex(bytes, at, end);
        at = expect(bytes, at + HEX_LENGTH, end, ENTRY) - 1;
        if (end < at + 3 || bytes[end - 1] != '}' || bytes[end - 2] != '}') {
            throw noLine();
        }
        int length = end - 1 - at;
        if (!hash.equals(HashChain.next(prev, bytes, at, length))) {
            throw new IllegalArgumentException("the hash does not fit the entry");
        }
        return new Proved(n, prev, hash, at, length);
    }

    private static int expect(byte[] bytes, int at, int end, byte[] expected) {
        int after = at + expected.length;
        if (after > end || !Arrays.equals(bytes, at, after, expected, 0, expected.length)) {
            throw noLine();
        }
        return after;
    }

    private static String hex(byte[] bytes, int at, int end) {
        if (at + HEX_LENGTH > end) {
            throw noLine();
        }
        for (int i = at; i < at + HEX_LENGTH; i++) {
            boolean digit = bytes[i] >= '0' && bytes[i] <= '9' || bytes[i] >= 'a' && bytes[i] <= 'f';
            if (!digit) {
                throw noLine();
            }
        }
        return new String(bytes, at, HEX_LENGTH, StandardCharsets.US_ASCII);
    }

    private static String utf8(byte[] bytes, int at, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("this is not a line of a journal", e);
        }
    }

    private static IllegalArgumentException noLine() {
        return new IllegalArgumentException("this is not a line of a journal");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String hash(String prev, String entry) {
        return HashChain.next(prev, entry.getBytes(StandardCharsets.UTF_8));
    }

    /** With its line feed. */
    byte[] bytes() {
        String line = "{\"n\":" + n + ",\"prev\":\"" + prev + "\",\"hash\":\"" + hash + "\",\"entry\":" + entry + "}\n";
        return line.getBytes(StandardCharsets.UTF_8);
    }
}
