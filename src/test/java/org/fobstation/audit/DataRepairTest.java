package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A data folder with eight records in small segments, damaged and repaired. */
class DataRepairTest extends RepairedFolder {

    List<String> kept() throws IOException {
        try (Stream<Path> files = Files.walk(folder.data.journal())) {
            return files.filter(file -> file.toString().contains("before"))
                    .filter(Files::isRegularFile)
                    .map(file -> read(file))
                    .toList();
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Everything that a damaged journal said is still somewhere. */
    void assertNothingDiscarded(List<String> linesBefore) throws Exception {
        String everything = folder.journalText() + String.join("", kept());
        assertThat(linesBefore).allSatisfy(line -> assertThat(everything).contains(line));
    }

    @Test
    void leavesASoundFolderAlone() throws Exception {
        String before = folder.journalText();

        assertThat(repair()).isEmpty();
        assertThat(folder.journalText()).isEqualTo(before);
        assertThat(folder.data.journal()).isDirectoryNotContaining("glob:**/repair-*");
    }

    @Test
    void doesNotWorkUnderARunningStation() throws Exception {
        try (AuditJournal running = folder.journal.open(4096)) {
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(this::repair)
                    .withMessageContaining(
                            "process id " + ProcessHandle.current().pid());
            assertThat(running.fault()).isEmpty();
        }
    }

    @Nested
    class AfterDamageInTheJournal {

        List<String> before() throws Exception {
            return List.of(folder.journalText().split("\n"));
        }

        @Test
        void bringsBackALostRecordFromTheArchiveAndSaysSo() throws Exception {
            folder.edit("\"audit_sequence\":3,\"id\"", "SUCCESS", "FAILURE");
            List<String> before = before();

            List<String> report = repair();

            assertThat(report).anyMatch(line -> line.contains("is back from the archive"));
            assertThat(findings()).isEmpty();
            assertNothingDiscarded(before);
            assertThat(folder.journalText()).contains("\"command\":\"repair\"", "\"user\":\"smith\"");
            try (AuditJournal journal = folder.journal.open(4096)) {
                for (AuditRecord record : folder.records) {
                    assertThat(journal.record(record.auditSeq())).contains(record);
                }
                assertThat(Runs.pass(journal, "trx_9").auditSeq()).isEqualTo(9);
            }
        }

        @Test
        void saysInTheJournalWhichLinesAreLost() throws Exception {
            folder.edit("\"type\":\"DELIVERED\"", "200", "201");
            List<String> before = before();

            repair();

            assertThat(folder.journalText()).contains("\"type\":\"REPAIRED\"", "\"user\":\"smith\"");
            assertNothingDiscarded(before);
            assertThat(findings()).isNotEmpty().allSatisfy(finding -> assertThat(finding.what())
                    .contains("was lost and replaced in a repair by smith"));
            try (AuditJournal journal = folder.journal.open(4096)) {
                assertThat(journal.undelivered(10))
                        .as("whose delivery is not known any more")
                        .extracting(AuditRecord::auditSeq)
                        .containsExactly(1L);
            }
        }

        @Test
        void keepsTheGapOfARecordThatIsLostForGood() throws Exception {
            AuditRecord lost = folder.records.get(2);
            Files.delete(folder.file(lost));
            folder.edit("\"audit_sequence\":3,\"id\"", "SUCCESS", "FAILURE");

            repair();

            try (AuditJournal journal = folder.journal.open(4096)) {
                assertThat(journal.record(3)).isEmpty();
                assertThat(journal.record(4)).contains(folder.records.get(3));
                assertThat(journal.record(8)).contains(folder.records.get(7));
                assertThat(journal.record(9)).hasValueSatisfying(again -> {
                    assertThat(again.outcome())
                            .as("the run of the lost record has no end that is known")
                            .isEqualTo(AuditOutcome.UNKNOWN);
                    assertThat(again.transactionId()).isEqualTo("trx_3");
                    assertThat(again.previousHash()).isEqualTo(folder.head().auditHash());
                });
            }
        }

        @Test
        void bearsDeletedDoubledAndSwappedLines() throws Exception {
            List<String> lines = new ArrayList<>(folder.journal.lines(2));
            lines.remove(2);
            lines.add(3, lines.get(1));
            Collections.swap(lines, 4, 5);
            Files.write(folder.journal.segment(2), (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            List<String> before = before();

            repair();

            assertNothingDiscarded(before);
            try (AuditJournal journal = folder.journal.open(4096)) {
                for (AuditRecord record : folder.records) {
                    assertThat(journal.record(record.auditSeq())).contains(record);
                }
            }
        }

        @Test
        void bearsAMissingSegment() throws Exception {
            Files.delete(folder.journal.segment(2));

            repair();

            assertThat(folder.journalText()).contains("REPAIRED");
            try (AuditJournal journal = folder.journal.open(4096)) {
                for (AuditRecord record : folder.records) {
                    assertThat(journal.record(record.auditSeq())).contains(record);
                }
            }
        }

        @Test
        void trustsNoLineWhoseHashWasMadeAnewWithIt() throws Exception {
            List<String> lines = folder.journal.lines(1);
            int at = 0;
            while (!lines.get(at).contains("\"type\":\"RESULT\"")) {
                at++;
            }
            JournalLine line = JournalLine.parse(lines.get(at).getBytes(StandardCharsets.UTF_8));
            JournalLine forged = JournalLine.after(
                    line.prev(), line.n(), line.entry().replace("\"fob_uid\":\"1122", "\"fob_uid\":\"9999"));
            folder.journal.replaceLine(1, at + 1, new String(forged.bytes(), StandardCharsets.UTF_8).strip());

            repair();

            assertThat(folder.journalText()).doesNotContain("\"fob_uid\":\"9999");
            try (AuditJournal journal = folder.journal.open(4096)) {
                assertThat(journal.record(1)).contains(folder.records.get(0));
            }
        }

        @Test
        void isCarriedToItsEndByTheNextOneWhenCutShort() throws Exception {
            folder.edit("\"audit_sequence\":3,\"id\"", "SUCCESS", "FAILURE");
            repair();
            String repaired = folder.journalText();
            Path done;
            try (Stream<Path> folders = Files.list(folder.data.journal())) {
                done = folders.filter(Files::isDirectory).findFirst().orElseThrow();
            }
            int last = folder.journal.files(".journal").size();
            Files.move(
                    folder.journal.segment(last), done.resolve("after").resolve(String.format("%08d.journal", last)));
            Files.createFile(done.resolve("install"));

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> folder.journal.open(4096))
                    .withMessageContaining("a repair was cut short");
            repair();
            assertThat(folder.journalText()).isEqualTo(repaired);
        }
    }

    @Nested
    class AfterDamageInTheArchive {

        @Test
        void writesMissingAndChangedFilesAgainAndKeepsWhatWasThere() throws Exception {
            Files.delete(folder.file(folder.records.get(1)));
            Path edited = folder.file(folder.records.get(3));
            Files.writeString(edited, "changed");

            List<String> report = repair();

            assertThat(report)
                    .satisfiesExactly(
                            missing -> assertThat(missing).contains("2-trx_2.json was missing"),
                            changed -> assertThat(changed).contains("4-trx_4.json was changed"));
            assertThat(findings()).isEmpty();
            assertThat(folder.data.root().resolve("archive-before-repair/4-trx_4.json"))
                    .hasContent("changed");
            assertThat(folder.journalText()).contains("\"command\":\"repair\"");
        }
    }
}
