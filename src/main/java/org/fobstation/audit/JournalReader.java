package org.fobstation.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a journal from its first line to its last and proves it on the way: form, numbers, both hash chains. Writes
 * nothing. A line's place is one number: the segment's in the upper 32 bits, the offset of its first byte in the lower.
 */
final class JournalReader {

    /** Longer than any journal of this station makes a segment; protects the memory from a foreign file. */
    private static final long SEGMENT_BYTES_MAX = 256L << 20;

    /** Takes the entries of a journal in order. */
    @FunctionalInterface
    interface Sink {
        /** @throws IllegalArgumentException if the entry contradicts what came before */
        void accept(JournalEntry entry, long n, long place);
    }

    /**
     * The end of a journal.
     *
     * @param segment the last segment's number; 0 without any
     * @param length of its good lines in bytes
     * @param n number of the last good line, 0 without any
     * @param hash of the last good line
     * @param torn what stands behind the good lines: a line whose writing was cut short; empty as a rule
     */
    record Tail(int segment, long length, long n, String hash, byte[] torn) {}

    private final JournalSegments segments;
    private final Sink sink;
    private long n;
    private String hash = HashChain.START;

    private JournalReader(JournalSegments segments, Sink sink) {
        this.segments = segments;
        this.sink = sink;
    }

    /** @throws JournalException if the journal is damaged anywhere but in a torn last line; names segment and line */
    static Tail read(JournalSegments segments, Sink sink) throws JournalException {
        return new JournalReader(segments, sink).readAll();
    }

    private Tail readAll() throws JournalException {
        int count = segments.count();
        Tail tail = new Tail(0, 0, 0, HashChain.START, new byte[0]);
        for (int segment = 1; segment <= count; segment++) {
            if (tail.torn().length > 0) {
                throw damage(segment - 1, "its last line", "the line is not complete, and segments follow");
            }
            tail = read(segment);
        }
        return tail;
    }

    private Tail read(int segment) throws JournalException {
        byte[] bytes = bytes(segment);
        int from = 0;
        int to;
        for (int number = 1; (to = lineFeed(bytes, from)) >= 0; number++) {
            try {
                take(JournalLine.parse(Arrays.copyOfRange(bytes, from, to)), place(segment, from));
            } catch (IllegalArgumentException e) {
                throw damage(segment, "line " + number, e.getMessage());
            }
            from = to + 1;
        }
        return new Tail(segment, from, n, hash, Arrays.copyOfRange(bytes, from, bytes.length));
    }

    private void take(JournalLine line, long place) {
        if (line.n() != n + 1) {
            throw new IllegalArgumentException("the line has number " + line.n() + ", expected " + (n + 1));
        }
        if (!line.prev().equals(hash)) {
            throw new IllegalArgumentException("the line does not continue the line before it");
        }
        sink.accept(EntryReader.read(line.entry()), line.n(), place);
        n = line.n();
        hash = line.hash();
    }

    private byte[] bytes(int number) throws JournalException {
        Path segment = segments.segment(number);
        try {
            if (Files.size(segment) > SEGMENT_BYTES_MAX) {
                throw damage(number, "its end", "the segment is longer than any the station writes");
            }
            return Files.readAllBytes(segment);
        } catch (IOException e) {
            throw JournalSegments.unreadable(segment, e);
        }
    }

    private JournalException damage(int segment, String line, String why) {
        return new JournalException(
                "The audit journal is damaged",
                segments.segment(segment) + ", " + line,
                why,
                "Leave the folder as it is and call the engineer; restore the segment from a copy.");
    }

    private static int lineFeed(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
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
        try (SeekableByteChannel channel = Files.newByteChannel(segment)) {
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
        try (SeekableByteChannel channel = Files.newByteChannel(segments.segment(segment));
                InputStream in = new BufferedInputStream(Channels.newInputStream(channel))) {
            for (byte[] line = line(in); line.length > 0; line = line(in)) {
                if (EntryReader.read(JournalLine.parse(line).entry()) instanceof JournalEntry.Result result
                        && result.record().auditSeq() == auditSeq) {
                    return Optional.of(result.record());
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
}
