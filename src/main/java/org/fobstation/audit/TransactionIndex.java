package org.fobstation.audit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * In which segments of the journal a transaction id may stand. One number for each id, because a station keeps a million
 * of them and more: the first 44 bits of the id's SHA-256, then 20 bits of segment. No id is forgotten while its segment
 * is kept; one that was never there is named with a chance of one in 17 million million for each id that is. So whoever
 * is given a segment looks there.
 */
final class TransactionIndex {

    private static final int FIRST_CAPACITY = 1024;
    private static final int SEGMENT_BITS = 20;
    private static final int SEGMENT_MAX = (1 << SEGMENT_BITS) - 1;

    private final IntSupplier firstKept;
    private long[] entries = new long[FIRST_CAPACITY];
    private int size;

    /** @param firstKept gives the first segment that retention left; ids of earlier ones are dropped as room is needed */
    TransactionIndex(IntSupplier firstKept) {
        this.firstKept = firstKept;
    }

    /** @param segment 1 or more; may be told again */
    void add(String transactionId, int segment) {
        if (segment > SEGMENT_MAX) {
            throw new IllegalArgumentException("a journal has at most " + SEGMENT_MAX + " segments");
        }
        add(hash(transactionId) << SEGMENT_BITS | segment);
    }

    private void add(long entry) {
        if (3 * (size + 1) > 2 * entries.length) {
            makeRoom();
        }
        if (put(entries, entry)) {
            size++;
        }
    }

    /** The segments the id may stand in, the latest first; empty as a rule. */
    List<Integer> segmentsOf(String transactionId) {
        long hash = hash(transactionId);
        int mask = entries.length - 1;
        return IntStream.iterate((int) hash & mask, at -> entries[at] != 0, at -> at + 1 & mask)
                .mapToLong(at -> entries[at])
                .filter(entry -> entry >>> SEGMENT_BITS == hash && isKept(entry))
                .mapToObj(entry -> (int) entry & SEGMENT_MAX)
                .sorted((one, other) -> other - one)
                .toList();
    }

    /** Writes what is kept; {@link #readFrom} makes an equal one of it. */
    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt((int) kept().count());
        for (long entry : entries) {
            if (isKept(entry)) {
                out.writeLong(entry);
            }
        }
    }

    /** Adds what {@link #writeTo} wrote. */
    void readFrom(DataInputStream in) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            add(in.readLong());
        }
    }

    /** As many numbers as there is room for; 8 bytes each. */
    int capacity() {
        return entries.length;
    }

    private void makeRoom() {
        size = (int) kept().count();
        long[] more = new long[3 * size > entries.length ? 2 * entries.length : entries.length];
        kept().forEach(entry -> put(more, entry));
        entries = more;
    }

    private LongStream kept() {
        return Arrays.stream(entries).filter(this::isKept);
    }

    /** A free place is segment 0, which is never kept. */
    private boolean isKept(long entry) {
        return (entry & SEGMENT_MAX) >= Math.max(1, firstKept.getAsInt());
    }

    private static boolean put(long[] entries, long entry) {
        int mask = entries.length - 1;
        int at = (int) (entry >>> SEGMENT_BITS) & mask;
        while (entries[at] != 0 && entries[at] != entry) {
            at = at + 1 & mask;
        }
        boolean isNew = entries[at] == 0;
        entries[at] = entry;
        return isNew;
    }

    private static long hash(String transactionId) {
        byte[] digest = HashChain.sha256().digest(transactionId.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest).getLong() >>> SEGMENT_BITS;
    }
}
