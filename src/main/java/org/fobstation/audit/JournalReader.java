package org.fobstation.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads a journal from its first line to its last and proves it on the way: form, numbers, both hash chains. Writes
 * nothing. While a segment is linked to the one before, the next ones are read on other threads. A line's place is one
 * number: the segment's in the upper 32 bits, the offset of its first byte in the lower.
 */
final class JournalReader {

    /** How many segments are read while one is linked; each takes a few times its size of memory. */
    private static final int READ_AHEAD = 2;

    /** Takes the entries of a journal in order. */
    @FunctionalInterface
    interface Sink {
        /** @throws IllegalArgumentException if the entry contradicts what came before */
        void accept(JournalEntry entry, long n, long place);
    }

    /**
     * Where a segment ends.
     *
     * @param n number of its last line
     * @param hash of its last line
     */
    record Position(int segment, long n, String hash) {

        /** Before the first segment of all. */
        static final Position START = new Position(0, 0, HashChain.START);
    }

    /**
     * The end of a journal.
     *
     * @param segment the last segment's number; 0 without any
     * @param length of its good lines in bytes
     * @param n number of the last good line, 0 without any
     * @param hash of the last good line
     * @param torn what stands behind the good lines: a line whose writing was cut short; empty as a rule
     * @param isEnded whether the last good line has its line feed
     */
    record Tail(int segment, long length, long n, String hash, byte[] torn, boolean isEnded) {

        /** Whether the file is as the writer leaves it. */
        boolean isWhole() {
            return torn.length == 0 && isEnded;
        }
    }

    private final JournalSegments segments;
    private final SegmentLines.Depth depth;
    private final Sink sink;
    private long n;
    private String hash;
    private boolean adoptFirstLine;

    private JournalReader(JournalSegments segments, SegmentLines.Depth depth, Position from, Sink sink) {
        this.segments = segments;
        this.depth = depth;
        this.sink = sink;
        n = from.n();
        hash = from.hash();
    }

    /**
     * Gives what is good to the sink, also where an exception follows.
     *
     * @throws JournalException if the journal is damaged anywhere but in a torn last line; names segment and line
     */
    static Tail read(JournalSegments segments, Sink sink) throws JournalException {
        return read(segments, Position.START, sink, end -> {});
    }

    /**
     * Reads what follows a position.
     *
     * @param sealed told the end of every segment but the last, after its entries
     */
    static Tail read(JournalSegments segments, Position from, Sink sink, Consumer<Position> sealed)
            throws JournalException {
        JournalSegments.Range span = segments.span();
        int missing = segments.firstMissing(span);
        JournalSegments.Range there = new JournalSegments.Range(span.first(), Math.min(span.last(), missing - 1));
        Tail tail = new JournalReader(segments, SegmentLines.Depth.ENTRIES, from, sink).readAll(from, there, sealed);
        if (missing <= span.last()) {
            throw segments.missing(missing);
        }
        return tail;
    }

    /**
     * Reads the segments up to the last given, which is not the one being written.
     *
     * @param sealed told the end of every segment but the last given; may throw to stop
     */
    static Tail readUpTo(
            JournalSegments segments, int last, SegmentLines.Depth depth, Sink sink, Consumer<Position> sealed)
            throws JournalException {
        JournalSegments.Range range = new JournalSegments.Range(segments.span().first(), last);
        return new JournalReader(segments, depth, Position.START, sink).readAll(Position.START, range, sealed);
    }

    private Tail readAll(Position from, JournalSegments.Range range, Consumer<Position> sealed)
            throws JournalException {
        int first = Math.max(from.segment() + 1, range.first());
        // Retention removed what came before: the chain goes on from what the first line there is says.
        adoptFirstLine = from.segment() == 0 && first > 1;
        Tail tail = tailOf(from);
        Queue<CompletableFuture<SegmentLines>> ahead = new ArrayDeque<>();
        int asked = first;
        for (int segment = first; segment <= range.last(); segment++) {
            for (; asked <= Math.min(segment + READ_AHEAD, range.last()); asked++) {
                ahead.add(readAhead(asked));
            }
            SegmentLines lines = await(ahead.remove(), segment);
            tail = link(segment, lines, segment == range.last());
            if (segment < range.last()) {
                sealed.accept(new Position(segment, n, hash));
            }
        }
        return tail;
    }

    private Tail tailOf(Position from) throws JournalException {
        if (from.segment() == 0) {
            return new Tail(0, 0, 0, HashChain.START, new byte[0], true);
        }
        Path segment = segments.segment(from.segment());
        try {
            return new Tail(from.segment(), Files.size(segment), n, hash, new byte[0], true);
        } catch (IOException e) {
            throw JournalSegments.unreadable(segment, e);
        }
    }

    private CompletableFuture<SegmentLines> readAhead(int segment) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return SegmentLines.read(segments.segment(segment), depth);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private SegmentLines await(CompletableFuture<SegmentLines> lines, int segment) throws JournalException {
        try {
            return lines.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException unreadable) {
                throw JournalSegments.unreadable(segments.segment(segment), unreadable.getCause());
            }
            throw e;
        }
    }

    private Tail link(int segment, SegmentLines read, boolean isLast) throws JournalException {
        SegmentLines lines = isLast && read.rest().length > 0 ? read.withUnendedLine(depth) : read;
        int number = 0;
        for (SegmentLines.Line line : lines.lines()) {
            number++;
            try {
                take(segment, line);
            } catch (IllegalArgumentException e) {
                throw damage(segment, number, e.getMessage());
            }
        }
        if (lines.rest().length > 0 && !isLast) {
            throw damage(segment, number + 1, lines.fault().orElse("the line is not complete, and segments follow"));
        }
        if (lines.rest().length > 0 && !lines.isTorn()) {
            throw damage(segment, number + 1, lines.fault().orElseThrow());
        }
        return new Tail(segment, lines.length(), n, hash, lines.rest(), lines.isEnded());
    }

    private void take(int segment, SegmentLines.Line line) {
        if (adoptFirstLine) {
            n = line.n() - 1;
            hash = line.prev();
            adoptFirstLine = false;
        }
        if (line.n() != n + 1) {
            throw new IllegalArgumentException("the line has number " + line.n() + ", expected " + (n + 1));
        }
        if (!line.prev().equals(hash)) {
            throw new IllegalArgumentException("the line does not continue the line before it");
        }
        if (line.entry() instanceof SegmentEntry.Begun begun
                && (begun.segment() != segment || !begun.previousHash().equals(hash))) {
            throw new IllegalArgumentException("the line begins another segment than the one it stands in");
        }
        sink.accept(line.entry(), line.n(), place(segment, line.offset()));
        n = line.n();
        hash = line.hash();
    }

    private JournalException damage(int segment, int line, String why) {
        return new JournalException(
                "The audit journal is damaged",
                segments.segment(segment) + ", line " + line,
                why,
                "Call the engineer: keep a copy of the folder, restore the segment from a copy or run: station repair.");
    }

    static long place(int segment, long offset) {
        return (long) segment << 32 | offset;
    }

    static int segmentOf(long place) {
        return (int) (place >>> 32);
    }

    /** The one entry at {@code place}, proved by its own hash only. */
    static JournalEntry at(JournalSegments segments, long place) throws JournalException {
        Path segment = segments.segment(segmentOf(place));
        try (SeekableByteChannel channel = Patience.with(() -> Files.newByteChannel(segment))) {
            channel.position(place & 0xFFFFFFFFL);
            InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
            return EntryReader.read(JournalLine.parse(line(in)).entry());
        } catch (IOException e) {
            throw JournalSegments.unreadable(segment, e);
        } catch (IllegalArgumentException e) {
            throw changed(segment, e);
        }
    }

    /** The record of a number in one segment, each line proved by its own hash only. */
    static Optional<AuditRecord> record(JournalSegments segments, int segment, long auditSeq) throws JournalException {
        return first(
                        segments,
                        segment,
                        entry -> entry instanceof JournalEntry.Result result
                                && result.record().auditSeq() == auditSeq)
                .map(entry -> ((JournalEntry.Result) entry).record());
    }

    /** The first entry of one segment that is wanted, each line proved by its own hash only. */
    static Optional<JournalEntry> first(JournalSegments segments, int segment, Predicate<JournalEntry> wanted)
            throws JournalException {
        try (SeekableByteChannel channel = Patience.with(() -> Files.newByteChannel(segments.segment(segment)));
                InputStream in = new BufferedInputStream(Channels.newInputStream(channel))) {
            for (byte[] line = line(in); line.length > 0; line = line(in)) {
                JournalEntry entry = EntryReader.read(JournalLine.parse(line).entry());
                if (wanted.test(entry)) {
                    return Optional.of(entry);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw JournalSegments.unreadable(segments.segment(segment), e);
        } catch (IllegalArgumentException e) {
            throw changed(segments.segment(segment), e);
        }
    }

    private static JournalException changed(Path segment, IllegalArgumentException e) {
        return new JournalException(
                "The audit journal was changed while the station runs",
                segment.toString(),
                e.getMessage(),
                "Keep other programs away from data.dir and call the engineer.",
                e);
    }

    /** Without its line feed; empty at the end. */
    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toByteArray();
    }

    /** The entries of one segment, each line proved by its own hash only. */
    static List<JournalEntry> entries(Path segment) throws JournalException {
        try {
            return SegmentLines.read(segment, SegmentLines.Depth.ENTRIES).lines().stream()
                    .map(SegmentLines.Line::entry)
                    .toList();
        } catch (IOException e) {
            throw JournalSegments.unreadable(segment, e);
        }
    }
}
