package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Proves the evidence of a data folder without changing it: the journal with both its chains, the links between records
 * of one fob, and the archive against the journal. The station may be running; the folder may be a copy.
 */
public final class AuditVerifier {

    private static final int FINDINGS_MAX = 1_000;

    /**
     * Something that is not as the station wrote it.
     *
     * @param auditSeq the record it is about; the first one in doubt if it is about the journal; 0 if about none
     * @param what one sentence
     */
    public record Finding(long auditSeq, String what) {}

    /** Whether the end of the journal is proved, which it cannot do itself: nobody sees what was cut off. */
    public enum Anchor {
        /** No head was given. */
        NONE,
        /** The chain goes through the given head. */
        HOLDS,
        /** The given head is of a record that retention removed: it says nothing of the end. */
        OLDER,
        /** It does not. */
        BROKEN
    }

    /**
     * What was found.
     *
     * @param entries lines of the journal that are proved
     * @param records the number of the last record that is proved
     * @param auditHash of that record
     * @param compared files of the archive that were compared
     * @param inRange how many of them are of the records that were asked for
     * @param backlog records without delivery, dead letters included
     * @param findings in the order of the records, then those about none; at most 1000
     * @param findingCount how many there are
     */
    public record Report(
            long entries,
            long records,
            String auditHash,
            long compared,
            long inRange,
            int backlog,
            Anchor anchor,
            List<Finding> findings,
            long findingCount) {

        public boolean isSound() {
            return findingCount == 0;
        }

        /** The lowest record that is in doubt; empty if none is. */
        public Optional<Long> firstBad() {
            return findings.stream()
                    .map(Finding::auditSeq)
                    .filter(seq -> seq > 0)
                    .min(Comparator.naturalOrder());
        }
    }

    private final DataFolder folder;
    private final AuditRange range;
    private final HeadProof head;
    private final Runnable pause;
    private final List<Finding> findings = new ArrayList<>();
    private final Ledger ledger = new Ledger();
    private final LinkCheck links = new LinkCheck();
    private long entries;
    private long recordsRemoved;

    private AuditVerifier(DataFolder folder, AuditRange range, Optional<AuditHead> head, Runnable pause) {
        this.folder = folder;
        this.range = range;
        this.head = new HeadProof(head);
        this.pause = pause;
    }

    /**
     * @param range the records whose files in the archive are compared; the chains are always proved whole
     * @param head what somebody outside noted
     * @throws IOException if the archive cannot be read
     */
    public static Report verify(DataFolder folder, AuditRange range, Optional<AuditHead> head) throws IOException {
        return verify(folder, range, head, TornEnd::pause);
    }

    /** @param pause as in {@link TornEnd} */
    static Report verify(DataFolder folder, AuditRange range, Optional<AuditHead> head, Runnable pause)
            throws IOException {
        JournalSegments segments = new JournalSegments(folder.journal());
        int first;
        Report report;
        do {
            // A running station's retention may have removed segments while they were read: what is left is proved
            // anew.
            first = first(segments);
            report = new AuditVerifier(folder, range, head, pause).verify();
        } while (!report.isSound() && first(segments) > first);
        return report;
    }

    /** The first segment kept; the greatest number of all if nobody knows, which the report says. */
    private static int first(JournalSegments segments) {
        try {
            return segments.span().first();
        } catch (JournalException e) {
            return Integer.MAX_VALUE;
        }
    }

    private Report verify() throws IOException {
        ArchiveComparison archive = ArchiveComparison.of(folder.archive(), range, head);
        Optional<String> damage = readJournal(archive);
        findings.addAll(archive.finish(ledger, damage.isEmpty()));
        ledger.backlog().dead().forEach(this::lookForDeadLetter);
        // The damage of the journal stands before what follows from it.
        damage.ifPresent(what -> findings.add(new Finding(ledger.auditSeq() + 1, what)));
        Anchor anchor = head.anchor(damage.isEmpty());
        if (anchor == Anchor.BROKEN && damage.isEmpty()) {
            findings.add(head.finding(ledger.auditSeq()));
        }
        // Strangers stand last, so that however many there are, the first bad record is among those told.
        findings.sort(
                Comparator.comparingLong(finding -> finding.auditSeq() == 0 ? Long.MAX_VALUE : finding.auditSeq()));
        return new Report(
                entries,
                ledger.auditSeq(),
                ledger.auditHash(),
                archive.compared(),
                archive.inRange(),
                ledger.backlog().size(),
                anchor,
                List.copyOf(findings.subList(0, Math.min(findings.size(), FINDINGS_MAX))),
                findings.size());
    }

    /** Dead letters may be copied away and edited; but what is no file keeps the station from writing one. */
    private void lookForDeadLetter(DeadRecord dead) {
        Path file = folder.deadLetters().resolve(dead.record().fileName());
        if (OwnerFile.isNoFile(file)) {
            findings.add(new Finding(dead.record().auditSeq(), file + " is no file; a dead letter belongs there"));
        }
    }

    private void noteRepair(long n, SegmentEntry.Repaired repaired) {
        findings.add(new Finding(
                ledger.auditSeq() + 1,
                "line " + n + " of the journal was lost and replaced in a repair by " + repaired.user() + ": "
                        + repaired.reason() + "; the original is in journal/" + repaired.aside()));
    }

    /** @return what is wrong with it */
    private Optional<String> readJournal(ArchiveComparison archive) {
        JournalSegments segments = new JournalSegments(folder.journal());
        try {
            JournalReader.Tail tail = JournalLoad.read(segments, ledger, (entry, n, place) -> {
                entries++;
                if (entry instanceof JournalEntry.Result result) {
                    archive.compare(result.record());
                    compareConfiguration(result.record());
                    head.note(result.record().auditSeq(), result.record().auditHash());
                    links.take(result.record())
                            .ifPresent(wrong ->
                                    findings.add(new Finding(result.record().auditSeq(), wrong)));
                } else if (entry instanceof SegmentEntry.Repaired repaired) {
                    noteRepair(n, repaired);
                } else if (entry instanceof SegmentEntry.Begun begun) {
                    if (entries == 1) {
                        recordsRemoved = begun.auditSeq();
                        archive.beginBehind(begun.auditSeq(), begun.auditHash());
                    }
                    head.note(begun.auditSeq(), begun.auditHash());
                    begun.repaired().ifPresent(repaired -> noteRepair(n, repaired));
                } else if (entry instanceof SegmentEntry.Retired retired) {
                    compareAge(n, retired);
                }
            });
            if (!new TornEnd(segments, tail, pause).remains()) {
                return Optional.empty();
            }
            Path last = segments.segment(tail.segment());
            return Optional.of(
                    tail.isEnded()
                            ? last + " ends in " + tail.torn().length + " bytes of a line that was torn"
                            : last + " ends in a line without its line feed");
        } catch (JournalException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** A repair may have lost the entry that announced it. */
    private void compareConfiguration(AuditRecord record) {
        Optional<String> announced = ledger.configuration().map(StationConfiguration::configHash);
        Optional<String> routes = ledger.configuration().map(StationConfiguration::routesHash);
        Envelope envelope = record.envelope();
        boolean named =
                envelope.configHash().isPresent() || envelope.routesHash().isPresent();
        boolean same =
                envelope.configHash().equals(announced) && envelope.routesHash().equals(routes);
        if (named && !same && !ledger.isRepaired()) {
            findings.add(new Finding(
                    record.auditSeq(), "the record names a configuration that no entry of the journal announces"));
        }
    }

    /** No station removes what is younger than the least that {@code audit.retention} may be. */
    private void compareAge(long n, SegmentEntry.Retired retired) {
        SegmentTable segments = ledger.segments();
        int next = retired.segment() + 1;
        if (segments.start(next) != null
                && segments.age(next, retired.at()).compareTo(AuditSettings.RETENTION_LEAST) <= 0) {
            findings.add(new Finding(
                    Math.max(1, recordsRemoved),
                    "line " + n + " of the journal lets segments up to " + retired.segment() + " go that were not "
                            + AuditSettings.RETENTION_LEAST.toDays() + " day old: no station does"));
        }
    }
}
