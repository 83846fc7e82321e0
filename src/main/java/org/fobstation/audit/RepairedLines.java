package org.fobstation.audit;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines that a repair writes, one after another: a good one keeps its number and its entry, and something stands in
 * place of each that is lost. Used by one thread.
 */
final class RepairedLines {

    private final JournalSegments segments;
    private final RepairLedger known;
    private final Clock clock;
    private final String user;
    private final String aside;
    private final Ledger ledger;
    private final List<String> report = new ArrayList<>();
    private long n;
    private String hash = HashChain.START;
    private int begun;
    private long lost;
    private long back;
    /** The record behind which a line already says that others are lost. */
    private long gapSaidBehind = -1;

    /**
     * @param known takes every line
     * @param aside the folder that keeps the segments as they were
     */
    RepairedLines(JournalSegments segments, RepairLedger known, Clock clock, String user, String aside) {
        this.segments = segments;
        this.known = known;
        this.ledger = known.ledger();
        this.clock = clock;
        this.user = user;
        this.aside = aside;
    }

    /** Takes the segments before the first one to be written anew. */
    void follow(int last) throws JournalException {
        JournalReader.Tail tail =
                JournalReader.readUpTo(segments, last, SegmentLines.Depth.ENTRIES, known::take, end -> {});
        n = tail.n();
        hash = tail.hash();
    }

    /** Takes the line that begins the first segment there is, which says where the chains stand. */
    void follow(JournalLine begin) {
        n = begin.n() - 1;
        hash = begin.prev();
    }

    /** The number of the last line. */
    long n() {
        return n;
    }

    /** How many of the {@link #lost()} lines are there again, as records from the archive. */
    long back() {
        return back;
    }

    long lost() {
        return lost;
    }

    /** What was done, line by line. */
    List<String> report() {
        return report;
    }

    boolean hasBegun(int segment) {
        return segment == 1 || begun == segment;
    }

    boolean isArchiveAhead() {
        return known.isArchiveAhead();
    }

    /** Whether it is known why the segments before the first one are gone. */
    boolean isAnchored() {
        int first = ledger.segments().first();
        return first == 1 || ledger.segments().isAnchored(first);
    }

    /**
     * A good line once more.
     *
     * @throws IllegalArgumentException if it contradicts what stands before it now
     */
    byte[] again(int segment, JournalLine line) {
        if (EntryReader.read(line.entry()) instanceof SegmentEntry.Begun begin) {
            SegmentEntry.Begun behind = begin.behind(hash);
            return write(segment, behind, behind.json());
        }
        return write(segment, EntryReader.read(line.entry()), line.entry());
    }

    /**
     * What stands in place of the next line, which is lost: the segment's beginning, a record from the archive, or that
     * the line is lost.
     *
     */
    byte[] inPlaceOfLost(int segment, String reason, RepairLedger.Behind behind) {
        if (!hasBegun(segment)) {
            lost++;
            report.add("line " + (n + 1) + " is lost: " + reason + "; as the first line of "
                    + segments.segment(segment).getFileName() + " it was made anew from the lines before");
            return begin(segment, Optional.of(repaired(reason)));
        }
        Optional<AuditRecord> record = known.inArchive(n, behind);
        if (record.isPresent() && !isGapSaid(record.get(), behind)) {
            gapSaidBehind = ledger.auditSeq();
            return lostForGood(segment, known.gapBefore(record.get()));
        }
        if (record.isPresent()) {
            try {
                JournalEntry result = new JournalEntry.Result(clock.instant(), record.get());
                byte[] line = write(segment, result, result.json());
                lost++;
                back++;
                report.add("record " + record.get().auditSeq() + " is back from the archive");
                return line;
            } catch (IllegalArgumentException runIsNotOpen) {
                // Its beginning is lost too: this line says so, and the record comes back in a later one.
                known.refused(record.get());
                return lostForGood(segment, runIsNotOpen.getMessage());
            }
        }
        return lostForGood(segment, reason);
    }

    /** In the midst of the journal there may be no line to spare; any line that says one is lost will do. */
    private boolean isGapSaid(AuditRecord record, RepairLedger.Behind behind) {
        return known.isContinuedBy(record)
                || gapSaidBehind == ledger.auditSeq()
                || behind.hasLines() && ledger.lost().recordsMissing();
    }

    byte[] lostForGood(int segment, String reason) {
        lost++;
        report.add("line " + (n + 1) + " is lost: " + reason);
        SegmentEntry.Repaired repaired = repaired(reason);
        return write(segment, repaired, repaired.json());
    }

    byte[] begin(int segment) {
        return begin(segment, Optional.empty());
    }

    /** All that a segment's first line says is known from the lines before. */
    private byte[] begin(int segment, Optional<SegmentEntry.Repaired> instead) {
        SegmentEntry.Begun begin = ledger.begin(clock.instant(), segment, hash, instead);
        return write(segment, begin, begin.json());
    }

    /** Says again what retention removed. */
    byte[] anchor(int segment) {
        int first = ledger.segments().first();
        SegmentTable.Start start = ledger.segments().start(first);
        SegmentEntry.Retired retired = new SegmentEntry.Retired(
                clock.instant(), first - 1, start.n() - 1, start.previousHash(), ledger.attempts());
        report.add("that retention removed what stood before "
                + segments.segment(first).getFileName() + " was said in a lost line; line " + (n + 1)
                + " says it again");
        return write(segment, retired, retired.json());
    }

    private SegmentEntry.Repaired repaired(String reason) {
        return new SegmentEntry.Repaired(clock.instant(), user, aside, reason);
    }

    private byte[] write(int segment, JournalEntry entry, String json) {
        JournalLine line = JournalLine.after(hash, n + 1, json);
        known.take(entry, n + 1, JournalReader.place(segment, 0));
        begun = segment;
        n = line.n();
        hash = line.hash();
        return line.bytes();
    }
}
