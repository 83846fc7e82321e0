package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The archive against the records of the journal: files missing, edited, and files that no record has. Files of records
 * that retention removed from the journal are proved by their own chain. Used by one thread; reads on several.
 */
final class ArchiveComparison {

    private static final Pattern NAME = Pattern.compile("([1-9][0-9]{0,17})-.*\\.json");
    private static final int BATCH = 512;
    private static final int FILE_BYTES_MAX = 8 << 20;

    private final Path archive;
    private final AuditRange range;
    private final HeadProof head;
    private final long lastListed;
    private final RunIndex expected = new RunIndex();
    private final List<AuditRecord> batch = new ArrayList<>();
    private final List<AuditVerifier.Finding> findings = new ArrayList<>();
    private final Set<Long> missing = new TreeSet<>();
    private final TreeMap<Long, Path> beforeTheJournal = new TreeMap<>();
    private long firstRecord = 1;
    private String hashBeforeFirst = HashChain.START;
    private long compared;
    private long inRange;

    private ArchiveComparison(Path archive, AuditRange range, HeadProof head, long lastListed) {
        this.archive = archive;
        this.range = range;
        this.head = head;
        this.lastListed = lastListed;
    }

    /** To be made before the journal is read: a file that is there now has its record in the journal. */
    static ArchiveComparison of(Path archive, AuditRange range, HeadProof head) throws IOException {
        long[] last = {0};
        each(archive, file -> last[0] = Math.max(last[0], auditSeq(file)));
        return new ArchiveComparison(archive, range, head, last[0]);
    }

    /** The journal's first line says where the chain stood at the last record that retention removed. */
    void beginBehind(long auditSeq, String auditHash) {
        firstRecord = auditSeq + 1;
        hashBeforeFirst = auditHash;
    }

    /** The next record of the journal. */
    void compare(AuditRecord record) {
        expected.put(record.archiveName(), 1);
        if (range.contains(record)) {
            batch.add(record);
            if (batch.size() == BATCH) {
                compareBatch();
            }
        }
    }

    private void compareBatch() {
        List<AuditVerifier.Finding> found = batch.parallelStream()
                .map(this::comparison)
                .filter(Objects::nonNull)
                .toList();
        compared += batch.size();
        inRange += batch.size();
        batch.clear();
        for (AuditVerifier.Finding finding : found) {
            if (finding.what().isEmpty()) {
                missing.add(finding.auditSeq());
            } else {
                findings.add(finding);
            }
        }
    }

    /** Null if the file is as it should be; without words if it is missing. */
    private AuditVerifier.Finding comparison(AuditRecord record) {
        Path file = archive.resolve(record.archiveName());
        try {
            byte[] content = OwnerFile.read(file, FILE_BYTES_MAX);
            return Arrays.equals(content, ArchiveFile.of(record))
                    ? null
                    : new AuditVerifier.Finding(
                            record.auditSeq(), file + " is not what the station wrote; the journal has the record");
        } catch (NoSuchFileException e) {
            return new AuditVerifier.Finding(record.auditSeq(), "");
        } catch (IOException e) {
            return new AuditVerifier.Finding(record.auditSeq(), file + " cannot be read: " + e);
        }
    }

    long compared() {
        return compared;
    }

    /** How many of them are of the range: files of records that retention removed are compared whatever it is. */
    long inRange() {
        return inRange;
    }

    /**
     * All records were given.
     *
     * @param ledger knows which of them cannot be in the archive yet
     * @param journalIsWhole otherwise files of records behind the damage are not called strangers
     */
    List<AuditVerifier.Finding> finish(Ledger ledger, boolean journalIsWhole) throws IOException {
        compareBatch();
        each(archive, file -> judgeUnexpected(file, ledger.auditSeq(), journalIsWhole));
        for (long auditSeq : missing) {
            if (ledger.state(auditSeq) != DeliveryState.WAITING) {
                findings.add(new AuditVerifier.Finding(
                        auditSeq, "the file of record " + auditSeq + " is missing in the archive"));
            }
        }
        proveOlderFiles();
        return findings;
    }

    private void judgeUnexpected(Path file, long lastRecord, boolean journalIsWhole) {
        String name = archive.relativize(file).toString().replace('\\', '/');
        long auditSeq = auditSeq(file);
        if (expected.get(name) != 0) {
            // A running station may have archived it since its record was compared.
            missing.remove(auditSeq);
            return;
        }
        boolean isNewerThanTheListing = auditSeq > lastListed;
        boolean isBehindTheDamage = !journalIsWhole && auditSeq > lastRecord;
        boolean isHidden = file.getFileName().toString().startsWith(".");
        if (isNewerThanTheListing || isBehindTheDamage || isHidden) {
            return;
        }
        if (auditSeq > 0 && auditSeq < firstRecord) {
            Path other = beforeTheJournal.put(auditSeq, file);
            if (other != null) {
                findings.add(new AuditVerifier.Finding(auditSeq, file + " and " + other + " are of one record"));
            }
        } else {
            findings.add(new AuditVerifier.Finding(auditSeq, file + " is of no record of this journal"));
        }
    }

    /** What stood before the journal's first record was removed by retention; its hash is in that record. */
    private void proveOlderFiles() {
        String next = hashBeforeFirst;
        long nextSeq = firstRecord;
        for (long auditSeq : beforeTheJournal.descendingKeySet()) {
            Optional<AuditRecord> record = olderRecord(auditSeq);
            boolean follows = auditSeq == nextSeq - 1;
            if (record.isPresent() && follows && !record.get().auditHash().equals(next)) {
                add(auditSeq, beforeTheJournal.get(auditSeq) + " is not the record that the next one continues");
            }
            next = record.map(AuditRecord::previousHash).orElse("");
            nextSeq = record.isPresent() ? auditSeq : 0;
            compared++;
            inRange += record.map(range::contains).orElse(range.contains(auditSeq)) ? 1 : 0;
        }
    }

    private Optional<AuditRecord> olderRecord(long auditSeq) {
        Path file = beforeTheJournal.get(auditSeq);
        try {
            AuditRecord record = ArchiveFile.parse(OwnerFile.read(file, FILE_BYTES_MAX));
            if (record.auditSeq() == auditSeq
                    && archive.resolve(record.archiveName()).equals(file)
                    && record.auditHash().equals(HashChain.next(record.previousHash(), record.body()))) {
                AuditBody.contradiction(record)
                        .ifPresent(field -> add(auditSeq, file + " says otherwise than its body in " + field));
                head.noteInArchive(record);
                return Optional.of(record);
            }
            add(auditSeq, file + " does not fit its own hash or name");
        } catch (IOException | IllegalArgumentException e) {
            add(auditSeq, file + " is not what the station wrote: " + e.getMessage());
        }
        return Optional.empty();
    }

    private void add(long auditSeq, String what) {
        if (range.contains(auditSeq)) {
            findings.add(new AuditVerifier.Finding(auditSeq, what));
        }
    }

    /** 0 if the name is not one the station gives. */
    private static long auditSeq(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : 0;
    }

    private interface FileTaker {
        void take(Path file);
    }

    private static void each(Path archive, FileTaker taker) throws IOException {
        if (!Files.isDirectory(archive)) {
            return;
        }
        // The archive, or days of it, may be on another disk.
        Set<FileVisitOption> links = Set.of(FileVisitOption.FOLLOW_LINKS);
        Files.walkFileTree(archive, links, Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
                taker.take(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // A running station writes under another name first.
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
    }
}
