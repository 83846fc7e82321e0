package org.fobstation.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a damaged journal usable again without discarding a byte: the segments from the damaged one on are kept as they
 * are in a folder of their own and written anew. Every line that can still be trusted keeps its number and its entry;
 * for every line that is lost a {@link SegmentEntry.Repaired} says so under its number. A record whose line is lost comes
 * back from the archive, if its file there is what the chain of records continues with.
 */
final class JournalRepair {

    private static final int MISSING_MAX = 1_000;

    private final JournalSegments segments;
    private final ArchiveRecords archive;
    private final String user;
    private final Clock clock;
    private final List<String> report = new ArrayList<>();
    private Ledger ledger = new Ledger();
    private RepairFolder folder;
    private int begun;
    private long n;
    private String hash = HashChain.START;
    private long lost;

    JournalRepair(DataFolder data, String user, Clock clock) {
        this.segments = new JournalSegments(data.journal());
        this.archive = new ArchiveRecords(data.archive());
        this.user = user;
        this.clock = clock;
    }

    /**
     * Repairs the journal, if it needs to be.
     *
     * @return what was done, line by line; empty if nothing had to be
     */
    List<String> repair() throws JournalException, IOException {
        RepairFolder.finishCutShort(segments.directory());
        JournalSegments.Range span = segments.span();
        requireNoGulf(span);
        Optional<Integer> damaged = firstDamaged(span);
        if (damaged.isPresent()) {
            OwnerFile.delete(Checkpoint.file(segments));
            folder = RepairFolder.create(segments.directory(), clock.instant());
            rewrite(damaged.get(), span);
            followArchive(span.last() + 1);
            folder.install();
            report.add(
                    0,
                    lost + " lines of the journal were lost; the segments as they were are in "
                            + segments.directory().resolve(folder.name()));
        }
        return report;
    }

    /** A file far behind the others does not belong there; what would be between was never written. */
    private void requireNoGulf(JournalSegments.Range span) throws JournalException {
        int missing = 0;
        for (int number = span.first(); number <= span.last(); number++) {
            missing = Files.exists(segments.segment(number)) ? 0 : missing + 1;
            if (missing > MISSING_MAX) {
                throw new JournalException(
                        "The audit journal cannot be repaired",
                        segments.directory().toString(),
                        "more than " + MISSING_MAX + " segments in a row are missing, from "
                                + segments.segment(number - MISSING_MAX).getFileName() + " on",
                        "Put them back from a copy. If the files behind them, up to "
                                + segments.segment(span.last()).getFileName()
                                + ", are not of this station, move them away.");
            }
        }
    }

    private Optional<Integer> firstDamaged(JournalSegments.Range span) throws JournalException, IOException {
        int whole = segments.firstMissing(span) - 1;
        JournalReader.Position[] good = {new JournalReader.Position(span.first() - 1, 0, HashChain.START)};
        try {
            Ledger read = new Ledger();
            JournalReader.Tail tail = JournalReader.readUpTo(
                    segments, whole, SegmentLines.Depth.ENTRIES, read::take, end -> good[0] = end);
            if (span.first() > 1 && !read.segments().isAnchored(span.first())) {
                return Optional.of(1);
            }
            if (whole < span.last()) {
                return Optional.of(tail.torn().length > 0 ? whole : whole + 1);
            }
            if (archive.continuing(read.auditSeq(), read.auditHash()).isPresent()) {
                report.add("the journal ends at record " + read.auditSeq() + " although the archive has more");
                return Optional.of(tail.torn().length > 0 ? whole : whole + 1);
            }
            // Only the last segment of all may end in a torn line, and that is for the next start.
            return Optional.empty();
        } catch (JournalException e) {
            report.add(e.getMessage());
            return Optional.of(endsTooEarly(good[0]) ? good[0].segment() : good[0].segment() + 1);
        }
    }

    /** Whether the lines that are missing before the next segment's first one were the last of this one. */
    private boolean endsTooEarly(JournalReader.Position good) throws IOException {
        int next = good.segment() + 1;
        return good.n() > 0
                && SegmentSalvage.first(segments.segment(next), next, good.n(), SegmentSalvage.LINES_MAX)
                        .filter(line -> SegmentSalvage.begins(line, next) && line.n() > good.n() + 1)
                        .isPresent();
    }

    private void rewrite(int first, JournalSegments.Range span) throws JournalException, IOException {
        begin(first, span);
        for (int number = first; number <= span.last(); number++) {
            Path segment = segments.segment(number);
            if (Files.exists(segment)) {
                folder.keep(segment);
            }
            Optional<Next> next = next(number, span);
            SegmentSalvage salvage = SegmentSalvage.of(segment, n, next.map(Next::line));
            byte[] anew = segmentAnew(number, salvage, next, number == span.last());
            RepairFolder.write(folder.after().resolve(segment.getFileName()), anew);
        }
    }

    /**
     * What follows a segment.
     *
     * @param line the first one behind it that can be relied on
     * @param begins how many lost lines before that one are the first of a segment
     */
    private record Next(JournalLine line, int begins) {}

    private Optional<Next> next(int number, JournalSegments.Range span) throws IOException {
        for (int later = number + 1; later <= span.last(); later++) {
            long linesBetween = SegmentSalvage.LINES_MAX * (later - number + 1);
            Optional<JournalLine> line = SegmentSalvage.first(segments.segment(later), later, n, linesBetween);
            if (line.isPresent()) {
                int begins = later - number - (SegmentSalvage.begins(line.get(), later) ? 1 : 0);
                return Optional.of(new Next(line.get(), begins));
            }
        }
        return Optional.empty();
    }

    /** The records that the archive has behind the journal's end come back in segments behind it. */
    private void followArchive(int first) throws IOException {
        for (int number = first; isArchiveAhead(); number++) {
            ByteArrayOutputStream anew = new ByteArrayOutputStream();
            anew.write(number > 1 ? begun(number, Optional.empty()) : new byte[0]);
            if (number == first) {
                anew.write(lostForGood(number, "the end of the journal is missing"));
            }
            while (isArchiveAhead() && anew.size() < AuditSettings.SEGMENT_BYTES) {
                anew.write(inPlaceOfLost(number, "the end of the journal is missing", Long.MAX_VALUE));
            }
            RepairFolder.write(folder.after().resolve(segments.segment(number).getFileName()), anew.toByteArray());
        }
    }

    private boolean isArchiveAhead() {
        return archive.continuing(ledger.auditSeq(), ledger.auditHash()).isPresent();
    }

    /** Takes what stands before the first segment to be written anew. */
    private void begin(int first, JournalSegments.Range span) throws JournalException, IOException {
        if (first > span.first()) {
            JournalReader.Tail tail =
                    JournalReader.readUpTo(segments, first - 1, SegmentLines.Depth.ENTRIES, ledger::take, end -> {});
            n = tail.n();
            hash = tail.hash();
        } else if (first > 1) {
            // Shortened by retention, and damaged in the first segment left: its first line says where the chains
            // stand.
            JournalLine line = SegmentSalvage.first(segments.segment(first), first, 0, Long.MAX_VALUE)
                    .filter(found -> SegmentSalvage.begins(found, first))
                    .orElseThrow(() -> new JournalException(
                            "The audit journal cannot be repaired",
                            segments.segment(first).toString(),
                            "the line that says where the chain stands is damaged",
                            "Restore the segment from a copy."));
            n = line.n() - 1;
            hash = line.prev();
        }
    }

    private byte[] segmentAnew(int number, SegmentSalvage salvage, Optional<Next> next, boolean isLast)
            throws JournalException, IOException {
        ByteArrayOutputStream anew = new ByteArrayOutputStream();
        long before = n;
        for (JournalLine line : salvage.lines()) {
            if (line.n() > n) {
                fill(number, salvage, line.n() - 1, anew);
                anew.write(again(number, line, salvage));
            }
        }
        if (next.isPresent()) {
            fill(number, salvage, next.get().line().n() - 1 - next.get().begins(), anew);
        }
        // Damage in the middle filled a gap in the numbers; behind the last line of all there is none to fill.
        long filled = n - before - salvage.lines().size();
        for (long left = isLast ? salvage.damaged() - filled : 0; left > 0; left--) {
            anew.write(inPlaceOfLost(number, "the line is damaged", Long.MAX_VALUE));
        }
        if (next.isEmpty() && number > 1 && begun < number) {
            anew.write(begun(number, Optional.empty()));
        }
        if (isLast && !isAnchored()) {
            anew.write(anchor(number));
        }
        if (salvage.tornTail()) {
            report.add("the torn last line of " + segments.segment(number).getFileName() + " was left out");
        }
        return anew.toByteArray();
    }

    private boolean isAnchored() {
        int first = ledger.segments().first();
        return first == 1 || ledger.segments().isAnchored(first);
    }

    /** The line that said what retention removed is among the lost ones. */
    private byte[] anchor(int number) {
        int first = ledger.segments().first();
        SegmentTable.Start start = ledger.segments().start(first);
        SegmentEntry.Retired retired = new SegmentEntry.Retired(
                clock.instant(), first - 1, start.n() - 1, start.previousHash(), ledger.attempts());
        report.add("that retention removed what stood before "
                + segments.segment(first).getFileName() + " was said in a lost line; line " + (n + 1)
                + " says it again");
        return written(number, retired, retired.json());
    }

    private void fill(int number, SegmentSalvage salvage, long lastLost, ByteArrayOutputStream anew)
            throws JournalException, IOException {
        long nextRecord = n < lastLost ? nextRecord(number, salvage, n) : 0;
        while (n < lastLost) {
            anew.write(inPlaceOfLost(number, "the line is missing or damaged", nextRecord));
        }
    }

    /** The first record that is still to come behind a line. */
    private long nextRecord(int number, SegmentSalvage salvage, long line) throws JournalException, IOException {
        Optional<Long> next = salvage.firstRecordAfter(line);
        int last = segments.span().last();
        for (int later = number + 1; later <= last && next.isEmpty(); later++) {
            next = SegmentSalvage.of(segments.segment(later), line, Optional.empty())
                    .firstRecordAfter(line);
        }
        return next.orElse(Long.MAX_VALUE);
    }

    private byte[] again(int number, JournalLine line, SegmentSalvage salvage) throws JournalException, IOException {
        JournalEntry entry = EntryReader.read(line.entry());
        if (entry instanceof SegmentEntry.Begun begun) {
            entry = begun.behind(hash);
        }
        try {
            return written(number, entry, entry instanceof SegmentEntry.Begun ? entry.json() : line.entry());
        } catch (IllegalArgumentException e) {
            return inPlaceOfLost(number, e.getMessage(), nextRecord(number, salvage, line.n()));
        }
    }

    private byte[] inPlaceOfLost(int number, String reason, long before) {
        lost++;
        if (number > 1 && begun < number) {
            return begunAnew(number, reason);
        }
        Optional<AuditRecord> record =
                archive.continuing(ledger.auditSeq(), ledger.auditHash()).filter(found -> found.auditSeq() < before);
        if (record.isPresent()) {
            try {
                JournalEntry back = new JournalEntry.Result(clock.instant(), record.get());
                byte[] line = written(number, back, back.json());
                report.add("record " + record.get().auditSeq() + " is back from the archive");
                return line;
            } catch (IllegalArgumentException runIsNotOpen) {
                // Its beginning is lost too: this line says so, and the record comes back in a later one.
                reason = runIsNotOpen.getMessage();
            }
        }
        return lostForGood(number, reason);
    }

    private byte[] lostForGood(int number, String reason) {
        report.add("line " + (n + 1) + " is lost: " + reason);
        SegmentEntry.Repaired repaired = repaired(reason);
        return written(number, repaired, repaired.json());
    }

    /** All that a segment's first line says is known from the lines before. */
    private byte[] begunAnew(int number, String reason) {
        report.add("line " + (n + 1) + " is lost: " + reason + "; as the first line of "
                + segments.segment(number).getFileName() + " it was made anew from the lines before");
        return begun(number, Optional.of(repaired(reason)));
    }

    private byte[] begun(int number, Optional<SegmentEntry.Repaired> instead) {
        SegmentEntry.Begun begin = ledger.begin(clock.instant(), number, hash, instead);
        return written(number, begin, begin.json());
    }

    private SegmentEntry.Repaired repaired(String reason) {
        return new SegmentEntry.Repaired(clock.instant(), user, folder.name(), reason);
    }

    private byte[] written(int number, JournalEntry entry, String json) {
        JournalLine line = JournalLine.after(hash, n + 1, json);
        ledger.take(entry, n + 1, JournalReader.place(number, 0));
        begun = number;
        n = line.n();
        hash = line.hash();
        return line.bytes();
    }
}
