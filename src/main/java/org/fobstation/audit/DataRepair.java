package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The command {@code repair}: journal first, then the archive from the journal. Runs only while no station does. What is
 * replaced is kept; what was done stands in the journal afterwards, with the name of who ordered it.
 */
public final class DataRepair {

    /** How the journal names the command. */
    public static final String COMMAND = "repair";

    private static final int FILE_BYTES_MAX = 8 << 20;
    private static final String KEPT = "archive-before-repair";

    private final DataFolder data;
    private final List<String> report = new ArrayList<>();

    private DataRepair(DataFolder data) {
        this.data = data;
    }

    /**
     * @param user who orders it
     * @return what was done, line by line; empty if everything was in order
     * @throws JournalException if a station runs, or if the journal cannot be repaired
     */
    public static List<String> repair(DataFolder data, String user, Clock clock) throws JournalException, IOException {
        StationLock lock = StationLock.acquire(data.stationLock());
        try {
            return new DataRepair(data).repair(user, clock);
        } finally {
            lock.close();
        }
    }

    private List<String> repair(String user, Clock clock) throws JournalException, IOException {
        JournalSegments segments = new JournalSegments(data.journal());
        // Nothing is begun or finished where no segment could be put in its place.
        segments.span();
        report.addAll(new JournalRepair(data, user, clock).repair());
        Ledger ledger = new Ledger();
        List<AuditRecord> toArchive = new ArrayList<>();
        JournalReader.Tail tail = JournalLoad.read(segments, ledger, (entry, n, place) -> {
            if (entry instanceof JournalEntry.Result result && !isArchivedWell(result.record())) {
                toArchive.add(result.record());
            }
        });
        for (AuditRecord record : toArchive) {
            // What waits is archived when it is its turn.
            if (ledger.state(record.auditSeq()) != DeliveryState.WAITING) {
                archiveAgain(record);
            }
        }
        for (DeadRecord dead : ledger.backlog().dead()) {
            makeRoomFor(dead);
        }
        if (!report.isEmpty()) {
            try (JournalWriter writer =
                    JournalWriter.open(segments, DiskJournalFile::open, AuditSettings.SEGMENT_BYTES, tail)) {
                if (writer.isAtBegin()) {
                    writer.append(ledger.begin(clock.instant(), writer.segment(), writer.hash(), Optional.empty())
                            .json());
                }
                Request done = new Request(COMMAND, report, user, "");
                writer.append(new JournalEntry.Requested(clock.instant(), done).json());
            }
        }
        return report;
    }

    private boolean isArchivedWell(AuditRecord record) {
        Path file = data.archive().resolve(record.archiveName());
        try {
            return Files.exists(file) && Arrays.equals(OwnerFile.read(file, FILE_BYTES_MAX), ArchiveFile.of(record));
        } catch (IOException unreadable) {
            // Written again below; if that fails too, it says why.
            return false;
        }
    }

    private void archiveAgain(AuditRecord record) throws IOException {
        Path file = data.archive().resolve(record.archiveName());
        Path day = file.getParent();
        if (Files.isRegularFile(day)) {
            report.add(day + " was a file; files of the archive belong below it. It is now " + keep(day));
        }
        DataFolder.makeOwnerOnly(day);
        if (Files.exists(file)) {
            report.add(file + " was changed; it is written again, what was there is now " + keep(file));
        } else {
            report.add(file + " was missing; it is written again");
        }
        OwnerFile.write(file, ArchiveFile.of(record));
    }

    private void makeRoomFor(DeadRecord dead) throws IOException {
        Path file = data.deadLetters().resolve(dead.record().fileName());
        if (OwnerFile.isNoFile(file)) {
            report.add(file + " was no file; the dead letter is written there, what was there is now " + keep(file));
            OwnerFile.write(file, ArchiveFile.of(dead.record(), dead.dead()));
        }
    }

    /** Beside the archive, because everything in it is of a record. */
    private Path keep(Path file) throws IOException {
        Path folder = data.root().resolve(KEPT);
        DataFolder.makeOwnerOnly(folder);
        Path kept = folder.resolve(file.getFileName());
        for (int copy = 2; Files.exists(kept); copy++) {
            kept = folder.resolve(copy + "-" + file.getFileName());
        }
        OwnerFile.move(file, kept);
        return kept;
    }
}
