package org.fobstation.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Appends lines to the last segment and begins a new one when it is full. Every line is forced to disk before the call
 * returns, so that at any time only the last line can be torn. Used under one lock, {@link #fault()} by any thread.
 *
 * <p>An append that failed is the last one: after a failed write or force nobody knows what the file holds, and finding
 * out is the work of the reader at the next start. The tail is left as it is. What was appended before is not in doubt.
 */
final class JournalWriter implements Closeable {

    private static final String WHAT = "The audit journal cannot be written";

    private final JournalSegments segments;
    private final JournalFile.Opener opener;
    private final long segmentBytes;
    private JournalFile file;
    private int segment;
    private long length;
    private long n;
    private String hash;
    private volatile String fault;

    private JournalWriter(
            JournalSegments segments, JournalFile.Opener opener, long segmentBytes, JournalReader.Tail tail) {
        this.segments = segments;
        this.opener = opener;
        this.segmentBytes = segmentBytes;
        segment = Math.max(tail.segment(), 1);
        length = tail.length();
        n = tail.n();
        hash = tail.hash();
    }

    /**
     * Opens the journal at its tail. A torn line is put aside in a file of its own, then cut off; a last line without its
     * line feed gets it.
     */
    static JournalWriter open(
            JournalSegments segments, JournalFile.Opener opener, long segmentBytes, JournalReader.Tail tail)
            throws JournalException {
        JournalWriter writer = new JournalWriter(segments, opener, segmentBytes, tail);
        try {
            if (tail.torn().length > 0) {
                writer.putAside(tail.torn());
            }
            writer.file = opener.open(segments.segment(writer.segment));
            if (!tail.isWhole()) {
                writer.mendEnd(tail.isEnded());
            }
            return writer;
        } catch (IOException e) {
            writer.close();
            throw writer.failed(e);
        }
    }

    private void mendEnd(boolean isEnded) throws IOException {
        file.truncate(length);
        if (!isEnded) {
            file.append(new byte[] {'\n'});
            length++;
        }
        file.force();
    }

    /** Named by segment and offset. A name that is taken holds an earlier tear, which stays, or this one already. */
    private void putAside(byte[] torn) throws IOException {
        String name = segments.segment(segment).getFileName() + "." + length;
        Path aside = segments.directory().resolve(name + ".torn");
        for (int copy = 2; Files.exists(aside) && !holds(aside, torn); copy++) {
            aside = segments.directory().resolve(name + "-" + copy + ".torn");
        }
        if (Files.notExists(aside)) {
            RepairFolder.write(aside, torn);
        }
        DataFolder.forceDirectory(segments.directory());
    }

    private static boolean holds(Path aside, byte[] torn) throws IOException {
        return Files.size(aside) == torn.length && Arrays.equals(Patience.with(() -> Files.readAllBytes(aside)), torn);
    }

    /** The number the next line will have. */
    long next() {
        return n + 1;
    }

    /** The hash of the last line. */
    String hash() {
        return hash;
    }

    /** The number of the segment being written. */
    int segment() {
        return segment;
    }

    /** Whether the segment has no line yet and is not the first of all: it needs to be begun. */
    boolean isAtBegin() {
        return length == 0 && segment > 1;
    }

    /** Begins a new segment if an entry would make this one longer than it may be. */
    void makeRoomFor(String entry) throws JournalException {
        requireNoFault();
        int bytes = JournalLine.after(hash, n + 1, entry).bytes().length;
        try {
            if (length > 0 && length + bytes > segmentBytes) {
                roll();
            }
        } catch (IOException | RuntimeException e) {
            throw failed(e);
        }
    }

    /**
     * Appends one line and forces it to disk.
     *
     * @param entry a JSON object without line breaks
     * @return the line's place
     */
    long append(String entry) throws JournalException {
        requireNoFault();
        JournalLine line = JournalLine.after(hash, n + 1, entry);
        byte[] bytes = line.bytes();
        try {
            file.append(bytes);
            file.force();
        } catch (IOException | RuntimeException e) {
            throw failed(e);
        }
        long place = JournalReader.place(segment, length);
        length += bytes.length;
        n = line.n();
        hash = line.hash();
        return place;
    }

    private void roll() throws IOException {
        JournalFile next = opener.open(segments.segment(segment + 1));
        file.close();
        file = next;
        segment++;
        length = 0;
    }

    private void requireNoFault() throws JournalException {
        if (fault != null) {
            throw new JournalException(WHAT, where(), fault, "Mend that, then start the station again.");
        }
    }

    private JournalException failed(Exception e) {
        DiskFault disk = DiskFault.of(e);
        String why = disk.sentence() + " (" + e + ")";
        fault = where() + ": " + why + ". " + disk.remedy();
        return new JournalException(WHAT, where(), why, disk.remedy(), e);
    }

    private String where() {
        return segments.segment(segment).toString();
    }

    /** Refuses further appends, for a reason found elsewhere. */
    void fail(String why) {
        fault = why;
    }

    /** Why nothing can be appended any more; empty as a rule. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Refuses further appends. Everything appended is on the disk already, so a failing close loses nothing. */
    @Override
    public void close() {
        fault = segments.directory() + ": the journal is closed";
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            fault = segments.segment(segment) + ": " + e;
        }
    }
}
