package org.fobstation.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a damaged journal usable again without discarding a byte: the segments from the damaged one on are kept as they
 * are in a folder of their own and written anew. Every line that can still be trusted keeps its number and its entry;
 * for every line that is lost a {@link SegmentEntry.Repaired} says so under its number. A record whose line is lost comes
 * back from the archive, if its file there is what the chain of records continues with, or is of this station and stands
 * behind records that nothing has any more.
 */
final class JournalRepair {

    private static final int MISSING_MAX = 1_000;

    private final JournalSegments segments;
    private final ArchiveRecords archive;
    private final String user;
    private final Clock clock;
    private final List<String> report = new ArrayList<>();
    private RepairFolder folder;
    private SegmentFiles files;
    private RepairedLines lines;

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
        RepairLedger known = new RepairLedger(archive);
        Optional<Integer> damaged = firstDamaged(span, known);
        if (damaged.isPresent()) {
            OwnerFile.delete(Checkpoint.file(segments));
            folder = RepairFolder.create(segments.directory(), clock.instant());
            known = new RepairLedger(archive);
            lines = new RepairedLines(segments, known, clock, user, folder.name());
            rewrite(damaged.get(), span);
            folder.install();
            report.addAll(lines.report());
            report.add(
                    0,
                    lines.lost() + " lines of the journal were lost"
                            + (lines.back() == 0 ? "" : ", of which " + lines.back() + " are back from the archive")
                            + "; the segments as they were are in "
                            + segments.directory().resolve(folder.name()));
        }
        known.notTakenBack().ifPresent(report::add);
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

    private Optional<Integer> firstDamaged(JournalSegments.Range span, RepairLedger known)
            throws JournalException, IOException {
        int whole = segments.firstMissing(span) - 1;
        JournalReader.Position[] good = {new JournalReader.Position(span.first() - 1, 0, HashChain.START)};
        try {
            Ledger read = known.ledger();
            JournalReader.Tail tail = JournalReader.readUpTo(
                    segments, whole, SegmentLines.Depth.ENTRIES, known::take, end -> good[0] = end);
            if (span.first() > 1 && !read.segments().isAnchored(span.first())) {
                return Optional.of(1);
            }
            if (whole < span.last()) {
                return Optional.of(tail.isWhole() ? whole + 1 : whole);
            }
            if (known.isArchiveAhead()) {
                report.add("the journal ends at record " + read.auditSeq() + " although the archive has more");
                return Optional.of(tail.isWhole() ? whole + 1 : whole);
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
        files = SegmentFiles.in(segments, first, span.last());
        for (int number = first; number <= span.last(); number++) {
            if (Files.exists(segments.segment(number))) {
                folder.keep(segments.segment(number));
            }
        }
        follow(first, span);
        for (int number = first; number <= span.last(); number++) {
            Optional<Next> next = next(number, span);
            SegmentSalvage salvage = SegmentSalvage.of(files.of(number), lines.n(), next.map(Next::line));
            write(number, segmentAnew(number, salvage, next, number == span.last()));
        }
        followArchive(span.last() + 1);
    }

    private void write(int number, byte[] anew) throws IOException {
        RepairFolder.write(folder.after().resolve(segments.segment(number).getFileName()), anew);
    }

    /** Takes what stands before the first segment to be written anew. */
    private void follow(int first, JournalSegments.Range span) throws JournalException, IOException {
        if (first > span.first()) {
            lines.follow(first - 1);
        } else if (first > 1) {
            // Shortened by retention, and damaged in the first segment left.
            lines.follow(SegmentSalvage.first(files.of(first), first, 0, Long.MAX_VALUE)
                    .filter(found -> SegmentSalvage.begins(found, first))
                    .orElseThrow(() -> new JournalException(
                            "The audit journal cannot be repaired",
                            segments.segment(first).toString(),
                            "the line that says where the chain stands is damaged",
                            "Restore the segment from a copy.")));
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
            Optional<JournalLine> line = SegmentSalvage.first(files.of(later), later, lines.n(), linesBetween);
            if (line.isPresent()) {
                int begins = later - number - (SegmentSalvage.begins(line.get(), later) ? 1 : 0);
                return Optional.of(new Next(line.get(), begins));
            }
        }
        return Optional.empty();
    }

    private byte[] segmentAnew(int number, SegmentSalvage salvage, Optional<Next> next, boolean isLast)
            throws JournalException, IOException {
        ByteArrayOutputStream anew = new ByteArrayOutputStream();
        long before = lines.n();
        for (JournalLine line : salvage.lines()) {
            if (line.n() > lines.n()) {
                fill(number, salvage, line.n() - 1, anew);
                anew.write(again(number, line, salvage));
            }
        }
        if (next.isPresent()) {
            fill(number, salvage, next.get().line().n() - 1 - next.get().begins(), anew);
        }
        // Damage in the middle filled a gap in the numbers; behind the last line of all there is none to fill.
        long filled = lines.n() - before - salvage.lines().size();
        for (long left = isLast ? salvage.damaged() - filled : 0; left > 0; left--) {
            anew.write(lines.inPlaceOfLost(number, "the line is damaged", RepairLedger.Behind.NOTHING));
        }
        if (next.isEmpty() && !lines.hasBegun(number)) {
            anew.write(lines.begin(number));
        }
        if (isLast && !lines.isAnchored()) {
            anew.write(lines.anchor(number));
        }
        if (salvage.tornTail()) {
            report.add("the torn last line of " + files.of(number).getFileName() + " was left out");
        }
        return anew.toByteArray();
    }

    private void fill(int number, SegmentSalvage salvage, long lastLost, ByteArrayOutputStream anew)
            throws JournalException, IOException {
        if (lines.n() >= lastLost) {
            return;
        }
        RepairLedger.Behind behind = behind(number, salvage, lines.n());
        while (lines.n() < lastLost) {
            anew.write(lines.inPlaceOfLost(number, "the line is missing or damaged", behind));
        }
    }

    private byte[] again(int number, JournalLine line, SegmentSalvage salvage) throws JournalException, IOException {
        try {
            return lines.again(number, line);
        } catch (IllegalArgumentException e) {
            return lines.inPlaceOfLost(number, e.getMessage(), behind(number, salvage, line.n()));
        }
    }

    private RepairLedger.Behind behind(int number, SegmentSalvage salvage, long line)
            throws JournalException, IOException {
        Optional<AuditRecord> next = salvage.firstRecordAfter(line);
        int last = segments.span().last();
        for (int later = number + 1; later <= last && next.isEmpty(); later++) {
            next = SegmentSalvage.of(files.of(later), line, Optional.empty()).firstRecordAfter(line);
        }
        return RepairLedger.Behind.lines(next);
    }

    /** The records that the archive has behind the journal's end come back in segments behind it. */
    private void followArchive(int first) throws IOException {
        for (int number = first; lines.isArchiveAhead(); number++) {
            ByteArrayOutputStream anew = new ByteArrayOutputStream();
            if (!lines.hasBegun(number)) {
                anew.write(lines.begin(number));
            }
            if (number == first) {
                anew.write(lines.lostForGood(number, "the end of the journal is missing"));
            }
            while (lines.isArchiveAhead() && anew.size() < AuditSettings.SEGMENT_BYTES) {
                anew.write(
                        lines.inPlaceOfLost(number, "the end of the journal is missing", RepairLedger.Behind.NOTHING));
            }
            write(number, anew.toByteArray());
        }
    }
}
