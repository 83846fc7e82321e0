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
 * @param fault what is wrong with the line that begins {@code rest}; empty if that just has no line feed
 * @param isEnded false where a line that proves itself has no line feed
 */
record SegmentLines(List<Line> lines, long length, byte[] rest, Optional<String> fault, boolean isEnded) {

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
                lines.add(line(bytes, from, to, from, depth));
            } catch (IllegalArgumentException e) {
                return new SegmentLines(lines, from, rest(bytes, from), Optional.of(e.getMessage()), true);
            }
            from = to + 1;
        }
        return new SegmentLines(lines, from, rest(bytes, from), Optional.empty(), true);
    }

    private static Line line(byte[] bytes, int from, int end, long offset, Depth depth) {
        JournalLine.Proved line = JournalLine.prove(bytes, from, end);
        JournalEntry entry = depth == Depth.LINKS ? null : EntryReader.read(bytes, line.entryAt(), line.entryLength());
        return new Line(line.n(), line.prev(), line.hash(), entry, offset);
    }

    private static byte[] rest(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    /**
     * The same with one line more, if the rest begins with one that proves itself but for its line feed. Such a line may
     * have been acknowledged, and is taken for one that was: as after a crash between its force and what came of it.
     */
    SegmentLines withUnendedLine(Depth depth) {
        int end = endOfUnendedLine();
        if (end == 0) {
            return this;
        }
        try {
            List<Line> more = new ArrayList<>(lines);
            more.add(line(rest, 0, end, length, depth));
            Optional<String> behind = Optional.of("the line before it has no line feed");
            return new SegmentLines(more, length + end, rest(rest, end), behind, false);
        } catch (IllegalArgumentException e) {
            return new SegmentLines(lines, length, rest, Optional.of(e.getMessage()), false);
        }
    }

    /** No line holds a zero: it ends before the first one, or before the one byte that was a line feed. */
    private int endOfUnendedLine() {
        for (int end : new int[] {indexOf((byte) 0, rest), rest.length - 1}) {
            try {
                JournalLine.prove(rest, 0, end);
                return end;
            } catch (IllegalArgumentException notHere) {
                // Nor anywhere else, if it is the last place: the rest is told as what it is.
            }
        }
        return 0;
    }

    private static int indexOf(byte wanted, byte[] bytes) {
        int at = 0;
        while (at < bytes.length && bytes[at] != wanted) {
            at++;
        }
        return at;
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
     * disk and read as zeros, which no line holds. Behind a line without its line feed it can be that byte, or zeros. A
     * whole line with anything else wrong was changed afterwards.
     */
    boolean isTorn() {
        if (!isEnded) {
            return rest.length <= 1 || Arrays.equals(rest, new byte[rest.length]);
        }
        int lineFeed = lineFeed(rest, 0);
        return lineFeed < 0 || lineFeed == rest.length - 1 && indexOf((byte) 0, rest) < rest.length;
    }
}
