package org.fobstation.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What is in which segment, and which ones are gone in order. Part of the {@link Ledger}, used under the same lock. */
final class SegmentTable {

    /**
     * A longer step from one segment to the next, ahead or back, is none of time but of the clock: a PC that starts with
     * a wrong year must not make the whole journal old.
     */
    static final Duration LEAP = Duration.ofDays(92);

    /**
     * Where a segment begins.
     *
     * @param n of its first line
     * @param previousHash of the line before
     * @param at when it was begun, by the clock there was
     */
    record Start(long n, String previousHash, Instant at) {}

    private final NavigableMap<Integer, Start> starts = new TreeMap<>();
    private final NavigableMap<Long, Integer> byFirstRecord = new TreeMap<>();
    private int first = 1;
    private int retired;

    void begun(SegmentEntry.Begun begun, long n) {
        starts.put(begun.segment(), new Start(n, begun.previousHash(), begun.at()));
    }

    /** The journal that is read begins with this segment. */
    void startsWith(int segment) {
        first = segment;
    }

    /** A record's line is in a segment. */
    void hasRecord(long auditSeq, int segment) {
        if (byFirstRecord.isEmpty() || byFirstRecord.lastEntry().getValue() != segment) {
            byFirstRecord.put(auditSeq, segment);
        }
    }

    /** The segment a record is in, 0 if it is in none that is kept. */
    int ofRecord(long auditSeq) {
        Map.Entry<Long, Integer> entry = byFirstRecord.floorEntry(auditSeq);
        return entry == null || entry.getValue() < first ? 0 : entry.getValue();
    }

    /** The segment a line is in. */
    int ofLine(long n) {
        int segment = first;
        for (Map.Entry<Integer, Start> start : starts.entrySet()) {
            if (start.getValue().n() <= n) {
                segment = start.getKey();
            }
        }
        return segment;
    }

    /** @throws IllegalArgumentException if the chain did not stand there when the segment ended */
    void retired(SegmentEntry.Retired entry) {
        if (entry.segment() + 1 < first) {
            // An older retirement: what it tells of is gone with what was retired since.
            return;
        }
        Start after = starts.get(entry.segment() + 1);
        if (after == null || after.n() != entry.n() + 1 || !after.previousHash().equals(entry.hash())) {
            throw new IllegalArgumentException("the entry retires segment " + entry.segment()
                    + " at another end than the one the next segment continues");
        }
        retired = entry.segment();
    }

    /** Whether retention removed what stood before a segment. */
    boolean isAnchored(int segment) {
        return retired >= segment - 1;
    }

    /** The files up to the retired segment are gone. */
    void forgetRetired() {
        first = Math.max(first, retired + 1);
        byFirstRecord.values().removeIf(segment -> segment < first);
        starts.keySet().removeIf(segment -> segment < first);
    }

    /** The first segment kept. */
    int first() {
        return first;
    }

    /** The last retired segment, 0 without any. */
    int retired() {
        return retired;
    }

    Start start(int segment) {
        return starts.get(segment);
    }

    /**
     * The last segment that may go: everything in it and before is older than {@code kept}.
     *
     * @param needed the first segment that must stay
     * @return 0 if none may go
     */
    int removable(Instant now, Duration kept, int needed) {
        int firstThere = Math.max(first, retired + 1);
        for (int next = needed; next > firstThere; next--) {
            if (starts.containsKey(next) && age(next, now).compareTo(kept) > 0) {
                return next - 1;
            }
        }
        return 0;
    }

    /** How long ago a segment was begun, by what the later ones say: {@link #LEAP}s of the clock count as no time. */
    Duration age(int segment, Instant now) {
        Duration age = Duration.ZERO;
        Instant later = now;
        for (Start start : starts.tailMap(segment, true).descendingMap().values()) {
            Duration step = Duration.between(start.at(), later);
            age = step.abs().compareTo(LEAP) > 0 ? age : age.plus(step);
            later = start.at();
        }
        return age;
    }

    NavigableMap<Integer, Start> starts() {
        return starts;
    }

    NavigableMap<Long, Integer> firstRecords() {
        return byFirstRecord;
    }

    /** As a checkpoint has it. */
    void restore(int firstKept, int lastRetired) {
        first = firstKept;
        retired = lastRetired;
    }
}
