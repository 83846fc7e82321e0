package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The lines of one segment, each proved by its own hash; what links them is for the {@link JournalReader}. Reading stops
 * at the first line that is none.
 *
 * @param lines in the order of the file
 * @param length of these lines in bytes
 * @param rest what follows them; empty as a rule
 * @param fault what is wrong with the line that begins {@code rest}; empty if that has no line feed
 */
record SegmentLines(List<Line> lines, long length, byte[] rest, Optional<String> fault) {

    /** Longer than any journal of this station makes a segment; protects the memory from a foreign file. */
    static final long BYTES_MAX = 256L << 20;

    /**
     * @param entry null where only the links were asked for
     * @param offset of the line's first byte
     */
    record Line(long n, String prev, String hash, JournalEntry entry, long offset) {}

    /** How much of a line is looked at. */
    enum Depth {
        /** Form, number and hash. */
        LINKS,
        /** The entry too. */
        ENTRIES
    }

    static SegmentLines read(Path segment, Depth depth) throws IOException {
        if (Files.size(segment) > BYTES_MAX) {
            throw new IOException("the segment is longer than any the station writes");
        }
        return of(Patience.with(() -> Files.readAllBytes(segment)), depth);
    }

    static SegmentLines of(byte[] bytes, Depth depth) {
        List<Line> lines = new ArrayList<>();
        int from = 0;
        for (int to = lineFeed(bytes, from); to >= 0; to = lineFeed(bytes, from)) {
            try {
                JournalLine.Proved line = JournalLine.prove(bytes, from, to);
                JournalEntry entry =
                        depth == Depth.LINKS ? null : EntryReader.read(bytes, line.entryAt(), line.entryLength());
                lines.add(new Line(line.n(), line.prev(), line.hash(), entry, from));
            } catch (IllegalArgumentException e) {
                return new SegmentLines(lines, from, rest(bytes, from), Optional.of(e.getMessage()));
            }
            from = to + 1;
        }
        return new SegmentLines(lines, from, rest(bytes, from), Optional.empty());
    }

    private static byte[] rest(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    static int lineFeed(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /**
     * Whether the rest can be a line whose writing was cut short: no line feed, or blocks of it that never came to the
     * disk and read as zeros, which no line holds. A whole line with anything else wrong was changed afterwards.
     */
    boolean isTorn() {
        int lineFeed = lineFeed(rest, 0);
        return lineFeed < 0 || lineFeed == rest.length - 1 && hasZero(rest);
    }

    private static boolean hasZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }
}
