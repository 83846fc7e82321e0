package org.fobstation.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern FORM = Pattern.compile(
            "\\{\"n\":([1-9][0-9]{0,17}),\"prev\":\"([0-9a-f]{64})\",\"hash\":\"([0-9a-f]{64})\",\"entry\":(\\{.*})}");

    /** The line that follows one with hash {@code prev}. */
    static JournalLine after(String prev, long n, String entry) {
        return new JournalLine(n, prev, hash(prev, entry), entry);
    }

    /**
     * @param bytes a line without its line feed
     * @throws IllegalArgumentException if it has another form, or if its hash does not fit its content
     */
    static JournalLine parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Matcher form = FORM.matcher(text);
        if (!form.matches() || !Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException("this is not a line of a journal");
        }
        JournalLine line = new JournalLine(Long.parseLong(form.group(1)), form.group(2), form.group(3), form.group(4));
        if (!line.hash().equals(hash(line.prev(), line.entry()))) {
            throw new IllegalArgumentException("the hash does not fit the entry");
        }
        return line;
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
