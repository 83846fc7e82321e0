package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What can be trusted of one segment that may be damaged, for a repair.
 *
 * <p>A line is trusted if it proves itself and the line after it, if that can be trusted, continues it: whoever changed a
 * line and made its hash anew could not change what the next one says of it. Lines may be out of order.
 *
 * @param lines the trusted ones by number, each number once
 * @param damaged how many pieces between line feeds are not trusted
 * @param tornTail whether the last piece has no line feed and is no line: it was never acknowledged
 */
record SegmentSalvage(List<JournalLine> lines, int damaged, boolean tornTail) {

    /** More than a segment of the station can hold: a number beyond is damage. */
    static final long LINES_MAX = 1 << 16;

    /**
     * @param before the number of the last line before the segment
     * @param next the first line behind the segment that can be relied on
     */
    static SegmentSalvage of(Path segment, long before, Optional<JournalLine> next) throws IOException {
        if (Files.notExists(segment)) {
            return new SegmentSalvage(List.of(), 0, false);
        }
        byte[] bytes = bytes(segment);
        List<Optional<JournalLine>> pieces = parsed(bytes);
        List<JournalLine> trusted = trusted(within(before, LINES_MAX, LineNumbers.of(pieces, before)), next);
        return new SegmentSalvage(trusted, pieces.size() - trusted.size(), isTorn(bytes));
    }

    /** @throws FileSystemException if it cannot be read: a disk that fails while it is read does not say what was read */
    private static byte[] bytes(Path file) throws IOException {
        try {
            return Patience.with(() -> Files.readAllBytes(file));
        } catch (FileSystemException named) {
            throw named;
        } catch (IOException e) {
            FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    private static boolean isTorn(byte[] bytes) {
        int from = bytes.length;
        while (from > 0 && bytes[from - 1] != '\n') {
            from--;
        }
        return from < bytes.length && parse(bytes, from, bytes.length).isEmpty();
    }

    /**
     * What each piece that ends with a line feed is; empty for what does not prove itself. A last one that lacks nothing
     * but its line feed counts.
     */
    private static List<Optional<JournalLine>> parsed(byte[] bytes) {
        List<Optional<JournalLine>> pieces = new ArrayList<>();
        int from = 0;
        for (int to = SegmentLines.lineFeed(bytes, from); to >= 0; to = SegmentLines.lineFeed(bytes, from)) {
            pieces.add(parse(bytes, from, to));
            from = to + 1;
        }
        parse(bytes, from, bytes.length).ifPresent(unended -> pieces.add(Optional.of(unended)));
        return pieces;
    }

    /**
     * The first line of a segment, to tell where the one before ends: the line that begins it. If that is lost, the first
     * one that the next line in the file continues, else the first one that proves itself; a line may have been put there
     * from elsewhere.
     *
     * @param before the number of a line before the segment
     * @param linesBetween how many there may be between that line and any of the segment
     */
    static Optional<JournalLine> first(Path segment, int number, long before, long linesBetween) throws IOException {
        if (Files.notExists(segment)) {
            return Optional.empty();
        }
        List<Optional<JournalLine>> pieces = parsed(bytes(segment));
        List<JournalLine> lines = within(before, linesBetween, LineNumbers.of(pieces, before));
        Optional<JournalLine> begin =
                lines.stream().filter(line -> begins(line, number)).findFirst();
        for (int i = 1; i < lines.size() && begin.isEmpty(); i++) {
            if (lines.get(i).prev().equals(lines.get(i - 1).hash())) {
                begin = Optional.of(lines.get(i - 1));
            }
        }
        return begin.or(() -> lines.stream().findFirst());
    }

    private static List<JournalLine> within(long before, long linesBetween, List<JournalLine> lines) {
        return lines.stream()
                .filter(line -> line.n() > before && line.n() - before <= linesBetween)
                .toList();
    }

    /** The segments that lines of a file begin: one as a rule, none in the first of all. */
    static List<Integer> begunIn(Path file) throws IOException {
        List<Integer> begun = new ArrayList<>();
        for (Optional<JournalLine> piece : parsed(bytes(file))) {
            if (piece.isPresent() && EntryReader.read(piece.get().entry()) instanceof SegmentEntry.Begun begin) {
                begun.add(begin.segment());
            }
        }
        return begun;
    }

    static boolean begins(JournalLine line, int number) {
        return EntryReader.read(line.entry()) instanceof SegmentEntry.Begun begun && begun.segment() == number;
    }

    /** The first record in the lines after line {@code n}. */
    Optional<AuditRecord> firstRecordAfter(long n) {
        for (JournalLine line : lines) {
            if (line.n() > n && EntryReader.read(line.entry()) instanceof JournalEntry.Result result) {
                return Optional.of(result.record());
            }
        }
        return Optional.empty();
    }

    private static Optional<JournalLine> parse(byte[] bytes, int from, int to) {
        try {
            JournalLine line = JournalLine.parse(Arrays.copyOfRange(bytes, from, to));
            EntryReader.read(line.entry());
            return Optional.of(line);
        } catch (IllegalArgumentException damaged) {
            // Counted by its absence; the repair keeps the bytes.
            return Optional.empty();
        }
    }

    private static List<JournalLine> trusted(List<JournalLine> found, Optional<JournalLine> next) {
        List<JournalLine> byNumber = new ArrayList<>(found);
        byNumber.sort(Comparator.comparingLong(JournalLine::n));
        Deque<JournalLine> trusted = new ArrayDeque<>();
        JournalLine after = next.orElse(null);
        for (int i = byNumber.size() - 1; i >= 0; i--) {
            JournalLine line = byNumber.get(i);
            boolean isBefore = after == null || line.n() < after.n();
            boolean isContinued =
                    after == null || line.n() + 1 != after.n() || after.prev().equals(line.hash());
            if (isBefore && isContinued) {
                trusted.addFirst(line);
                after = line;
            }
        }
        return List.copyOf(trusted);
    }
}
