package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fobstation.apdu.ApduTrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a big journal takes to be proved, and to be opened with and without its checkpoint. Prints times and asserts
 * none. {@code -Dledger.records=N} for another number of records.
 */
class BigJournalTest {

    private static final int RECORDS = Integer.getInteger("ledger.records", 2_000);

    @TempDir
    Path temp;

    @Test
    void isProvedAndOpenedWhole() throws Exception {
        DataFolder data = new DataFolder(temp.resolve("data"));
        data.create();
        AuditHead head = fill(data);
        long bytes = size(data.journal());

        long start = System.nanoTime();
        AuditVerifier.Report report = AuditVerifier.verify(data, AuditRange.ALL, Optional.of(head));
        double verify = seconds(start);
        assertThat(report.isSound()).as(report.findings().toString()).isTrue();
        assertThat(report.anchor()).isEqualTo(AuditVerifier.Anchor.HOLDS);
        assertThat(report.compared()).isEqualTo(RECORDS);

        double withoutCheckpoint = open(data);
        double withCheckpoint = open(data);
        System.out.printf(
                "%d records, %d MiB of journal: verify %.1f s, start %.1f s, start from the checkpoint %.1f s%n",
                RECORDS, bytes >> 20, verify, withoutCheckpoint, withCheckpoint);
    }

    private static double open(DataFolder data) throws Exception {
        long start = System.nanoTime();
        AuditJournal.open(AuditSettings.of(data.root(), Runs.STATION), Runs.CLOCK)
                .close();
        return seconds(start);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static long size(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /** Records with a trace as long as a real run's, on a disk that is not waited for. */
    private static AuditHead fill(DataFolder data) throws Exception {
        List<ApduTrace.Entry> trace = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            trace.add(new ApduTrace.Entry(ApduTrace.Direction.TX, "84E2000048" + "A5".repeat(72), i));
            trace.add(new ApduTrace.Entry(ApduTrace.Direction.RX, "5A".repeat(8) + "9000", i));
        }
        AuditRecord record = null;
        JournalFolder folder = new JournalFolder(data.root());
        try (AuditJournal journal = folder.open(AuditSettings.SEGMENT_BYTES, BigJournalTest::unforced, Runs.CLOCK)) {
            for (int i = 1; i <= RECORDS; i++) {
                String fob = "0411%010X".formatted(i);
                long run = journal.begin(fob, Runs.READER);
                journal.intend(run, new Intent.Open("trx_" + i));
                journal.intend(run, new Intent.Payload(trace.subList(0, 4)));
                journal.intend(run, new Intent.Lock("secured", trace.subList(0, 8)));
                journal.intend(run, new Intent.Lock("rotate-keys", trace.subList(0, 12)));
                record = journal.result(run, Runs.passed("trx_" + i, fob));
                Path file = data.archive().resolve(record.archiveName());
                Files.createDirectories(file.getParent());
                Files.write(file, ArchiveFile.of(record));
                journal.settle(i, new Settlement.Delivered(new Receipt(200, 1)));
            }
        }
        return new AuditHead(record.auditSeq(), record.auditHash());
    }

    private static JournalFile unforced(Path segment) throws IOException {
        JournalFile real = DiskJournalFile.open(segment);
        return new JournalFile() {
            @Override
            public void append(byte[] bytes) throws IOException {
                real.append(bytes);
            }

            @Override
            public void force() {
                // This is about reading.
            }

            @Override
            public void truncate(long length) throws IOException {
                real.truncate(length);
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }
}
