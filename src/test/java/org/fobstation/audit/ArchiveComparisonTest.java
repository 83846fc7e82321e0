package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} says of files in the archive that are not as they should be, and of what it cannot know. */
class ArchiveComparisonTest {

    @TempDir
    Path temp;

    AuditedFolder folder;

    @BeforeEach
    void fill() throws Exception {
        folder = AuditedFolder.with(temp.resolve("data"), 6, 4096);
    }

    AuditVerifier.Report verify(AuditHead head) throws Exception {
        return AuditVerifier.verify(folder.data, AuditRange.ALL, Optional.of(head));
    }

    AuditVerifier.Report verify() throws Exception {
        return verify(folder.head());
    }

    Path inArchive(String name) {
        return folder.data.archive().resolve(name);
    }

    void assertTheOnlyFinding(long auditSeq, String what) throws Exception {
        AuditVerifier.Report report = verify();

        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.auditSeq()).isEqualTo(auditSeq);
            assertThat(finding.what()).contains(what);
        });
        assertThat(report.findingCount()).isEqualTo(1);
        assertThat(report.isSound()).isFalse();
        assertThat(report.firstBad()).isEqualTo(Optional.of(auditSeq).filter(seq -> seq > 0));
    }

    @Test
    void countsTheLinesItProved() throws Exception {
        int lines = 0;
        for (Path segment : folder.journal.files(".journal")) {
            lines += Files.readAllLines(segment).size();
        }

        assertThat(verify().entries()).isEqualTo(lines);
    }

    @Test
    void namesAFileThatIsOfNoRecordAtAll() throws Exception {
        Files.writeString(inArchive("2023-10-27/notes.txt"), "somebody's notes");

        assertTheOnlyFinding(0, "notes.txt is of no record of this journal");
    }

    @Test
    void namesAFileBehindTheLastRecord() throws Exception {
        Files.writeString(inArchive("2023-10-27/7-trx_7.json"), "{}");

        assertTheOnlyFinding(7, "7-trx_7.json is of no record of this journal");
    }

    @Test
    void leavesOutHiddenFilesThatARunningStationWrites() throws Exception {
        Files.writeString(inArchive("2023-10-27/.7-trx_7.json"), "{");

        assertThat(verify().isSound()).isTrue();
    }

    @Test
    void leavesOutFilesThatCameAfterItBegan() throws Exception {
        ArchiveComparison comparison =
                ArchiveComparison.of(folder.data.archive(), AuditRange.ALL, new HeadProof(Optional.empty()));
        Files.writeString(inArchive("2023-10-27/7-trx_7.json"), "{}");
        Ledger ledger = new Ledger();
        JournalLoad.read(new JournalSegments(folder.data.journal()), ledger, (entry, n, place) -> {
            if (entry instanceof JournalEntry.Result result) {
                comparison.compare(result.record());
            }
        });

        assertThat(comparison.finish(ledger, true)).isEmpty();
    }

    @Test
    void namesAFileThatCannotBeRead() throws Exception {
        Path file = folder.file(folder.records.get(2));
        Files.delete(file);
        Files.createDirectory(file);

        assertTheOnlyFinding(3, "3-trx_3.json cannot be read");
    }

    @Test
    void comparesHoweverManyRecordsThereAre() throws Exception {
        ArchiveComparison comparison =
                ArchiveComparison.of(temp.resolve("empty"), AuditRange.ALL, new HeadProof(Optional.empty()));
        for (int seq = 1; seq <= 1_100; seq++) {
            RunResult run = Runs.passed("trx_" + seq);
            comparison.compare(AuditRecord.make(
                    seq, HashChain.START, run, Runs.envelope(seq, run, Runs.STATION, Optional.empty())));
        }

        assertThat(comparison.finish(new Ledger(), true)).hasSize(1_100).allMatch(finding -> finding.what()
                .endsWith("is missing in the archive"));
        assertThat(comparison.compared()).isEqualTo(1_100);
    }

    @Test
    void callsNoFileAStrangerWhoseRecordStandsBehindDamage() throws Exception {
        folder.edit("\"audit_sequence\":4,\"id\"", "SUCCESS", "FAILURE");
        Files.writeString(inArchive("2023-10-27/3-strange.json"), "{}");

        assertThat(verify().findings())
                .extracting(AuditVerifier.Finding::auditSeq)
                .containsExactly(3L, 4L);
    }

    @Nested
    class OfAFolderThatRetentionShortened {

        @BeforeEach
        void shorten() throws Exception {
            try (AuditJournal journal = folder.journal.open(4096)) {
                folder.add(journal, "trx_7");
                AuditRecord waiting = Runs.pass(journal, "trx_8");
                folder.records.add(waiting);
            }
            folder.journal.ageBeyondRetention();
            assertThat(folder.journal.lines(JournalSegments.number(folder.journal
                            .files(".journal")
                            .get(0)
                            .getFileName()
                            .toString())))
                    .noneMatch(line -> line.contains("\"audit_sequence\":3,\"id\""));
        }

        /** As somebody would write it who can compute hashes. */
        void forge(int auditSeq) throws Exception {
            AuditRecord record = folder.records.get(auditSeq - 1);
            String body = record.bodyText().replace("0102039000", "0102039001");
            AuditRecord forged = new AuditRecord(
                    auditSeq,
                    record.id(),
                    record.previousHash(),
                    HashChain.next(record.previousHash(), body.getBytes(StandardCharsets.UTF_8)),
                    body,
                    record.envelope());
            Files.write(folder.file(record), ArchiveFile.of(forged));
        }

        @Test
        void namesAFileThatTheNextOneDoesNotContinue() throws Exception {
            forge(3);

            assertTheOnlyFinding(3, "is not the record that the next one continues");
        }

        @Test
        void namesAFileThatIsNotAsTheStationWritesIt() throws Exception {
            Files.writeString(folder.file(folder.records.get(2)), "{}");

            assertTheOnlyFinding(3, "is not what the station wrote: it is not a file of the archive");
        }

        @Test
        void namesAFileUnderTheNameOfAnotherRecord() throws Exception {
            Files.copy(folder.file(folder.records.get(1)), inArchive("2023-10-27/2-trx_3.json"));

            assertThat(verify().findings())
                    .extracting(AuditVerifier.Finding::what)
                    .anyMatch(what -> what.endsWith("are of one record"));
        }

        @Test
        void leavesAGapThatSomebodyThinnedOut() throws Exception {
            Files.delete(folder.file(folder.records.get(1)));

            assertThat(verify().findings()).isEmpty();
        }
    }

    @Test
    void saysNothingOfAHeadBehindDamage() throws Exception {
        folder.edit("\"audit_sequence\":3,\"id\"", "SUCCESS", "FAILURE");

        AuditVerifier.Report report = verify();

        assertThat(report.anchor()).isEqualTo(AuditVerifier.Anchor.BROKEN);
        assertThat(report.findings()).hasSize(1);
    }
}
