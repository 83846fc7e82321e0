package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} can and cannot say of records that retention removed from the journal. */
class RetiredRecordsTest {

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

    AuditHead headOf(int auditSeq) {
        return new AuditHead(auditSeq, folder.records.get(auditSeq - 1).auditHash());
    }

    void assertTheOnlyFinding(AuditVerifier.Report report, long auditSeq, String what) {
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.auditSeq()).isEqualTo(auditSeq);
            assertThat(finding.what()).contains(what);
        });
    }

    @Nested
    class RemovedInOrder {

        /** The last one removed. */
        int removed;

        @BeforeEach
        void shorten() throws Exception {
            folder.journal.ageBeyondRetention();
            SegmentEntry.Begun first = (SegmentEntry.Begun) EntryReader.read(JournalLine.parse(
                            Files.readAllLines(folder.journal.files(".journal").get(0))
                                    .get(0)
                                    .getBytes(StandardCharsets.UTF_8))
                    .entry());
            removed = (int) first.auditSeq();
            assertThat(removed).isBetween(3, 5);
        }

        @Test
        void areNoDamageWhereTheyAreTheGivenHead() throws Exception {
            AuditVerifier.Report report = verify(headOf(1));

            assertThat(report.anchor()).isEqualTo(AuditVerifier.Anchor.OLDER);
            assertThat(report.isSound()).isTrue();
        }

        @Test
        void areAHeadWhereTheFirstLineLeftNamesThem() throws Exception {
            assertThat(verify(headOf(removed)).anchor()).isEqualTo(AuditVerifier.Anchor.HOLDS);

            AuditVerifier.Report report = verify(new AuditHead(removed, "ab".repeat(32)));
            assertThat(report.anchor()).isEqualTo(AuditVerifier.Anchor.BROKEN);
            assertTheOnlyFinding(report, removed, "the chain has another hash at the given head");
        }

        @Test
        void areComparedWithTheHeadInTheArchive() throws Exception {
            AuditVerifier.Report report = verify(new AuditHead(1, "ab".repeat(32)));

            assertThat(report.anchor()).isEqualTo(AuditVerifier.Anchor.BROKEN);
            assertTheOnlyFinding(report, 1, "the chain has another hash at the given head");
        }

        /** The body is proved by the chain of records; what stands around it has to say the same. */
        @Test
        void areWhatTheirBodiesSay() throws Exception {
            AuditRecord record = folder.records.get(1);
            Path file = folder.file(record);
            String good = Files.readString(file);
            for (List<String> edit : List.of(
                    List.of("fob_uid", "\"fob_uid\" : \"11", "\"fob_uid\" : \"99"),
                    List.of("timestamp_iso8601", "\"ended_at\" : \"2023-10-27T14", "\"ended_at\" : \"2023-10-27T15"),
                    List.of("overall_result", "\"outcome\" : \"SUCCESS\"", "\"outcome\" : \"FAILURE\""),
                    List.of("overall_result", "\"outcome\" : \"SUCCESS\"", "\"outcome\" : \"UNKNOWN\""),
                    List.of("overall_result", "\"shown\" : \"PASS\"", "\"shown\" : \"FAIL\""),
                    List.of(
                            "stage_reached",
                            "\"stage_reached\" : \"PAYLOAD_DELIVERY",
                            "\"stage_reached\" : \"ISD_LOCK"),
                    List.of("eol_station_id", "\"station_id\" : \"LINE-04", "\"station_id\" : \"LINE-05"))) {
                assertThat(good).contains(edit.get(1));
                Files.writeString(file, good.replace(edit.get(1), edit.get(2)));

                assertTheOnlyFinding(verify(), 2, "says otherwise than its body in " + edit.get(0));
            }
            Files.delete(file);
            Files.writeString(
                    file.resolveSibling("2-trx_9.json"),
                    good.replace("\"transaction_id\" : \"trx_2\"", "\"transaction_id\" : \"trx_9\""));
            assertTheOnlyFinding(verify(), 2, "says otherwise than its body in transaction_id");
        }

        @Test
        void areNoStrangersInTheArchiveThoughNoRecordIsLeftInTheJournal() throws Exception {
            MovableClock clock = new MovableClock();
            clock.pass(AuditSettings.RETENTION.plusDays(1));
            folder.journal.age(clock, Duration.ofDays(200));
            folder.journal.open(4096, DiskJournalFile::open, clock).close();
            assertThat(folder.journalText()).doesNotContain("RESULT");

            AuditVerifier.Report report = verify();
            assertThat(report.findings()).isEmpty();
            assertThat(report.anchor()).isEqualTo(AuditVerifier.Anchor.HOLDS);
            assertThat(report.compared()).isEqualTo(6);
            assertThat(inRange("2", "4")).isEqualTo(3);
            assertThat(inRange("7", null))
                    .as("however many files were compared")
                    .isZero();
            assertThat(inRange("2023-10-28", null)).isZero();
        }

        long inRange(String from, String to) throws Exception {
            return AuditVerifier.verify(folder.data, AuditRange.parse(from, to), Optional.empty())
                    .inRange();
        }
    }

    /** The chain of lines has no key: whoever writes in the folder can let segments go as the station would. */
    @Test
    void areNotOlderThanAnyStationLetsThemGo() throws Exception {
        List<String> second = folder.journal.lines(2);
        JournalLine begun = JournalLine.parse(second.get(0).getBytes(StandardCharsets.UTF_8));
        int last = folder.journal.files(".journal").size();
        List<String> lines = folder.journal.lines(last);
        JournalLine end = JournalLine.parse(lines.get(lines.size() - 1).getBytes(StandardCharsets.UTF_8));
        for (Duration later : List.of(Duration.ZERO, AuditSettings.RETENTION_LEAST, Duration.ofDays(800))) {
            byte[] sound = Files.readAllBytes(folder.journal.segment(last));
            SegmentEntry.Retired forged =
                    new SegmentEntry.Retired(Runs.NOW.plus(later), 1, begun.n() - 1, begun.prev(), Map.of());
            Files.write(
                    folder.journal.segment(last),
                    JournalLine.after(end.hash(), end.n() + 1, forged.json()).bytes(),
                    StandardOpenOption.APPEND);
            byte[] first = Files.readAllBytes(folder.journal.segment(1));
            Files.delete(folder.journal.segment(1));

            assertTheOnlyFinding(verify(), 1, "lets segments up to 1 go that were not 1 day old: no station does");
            Files.write(folder.journal.segment(1), first);
            Files.write(folder.journal.segment(last), sound);
        }
    }

    @Test
    void areNotTakenForThoseThatARepairLost() throws Exception {
        folder = AuditedFolder.with(temp.resolve("in-one-segment"), 6, 1 << 20);
        Files.delete(folder.file(folder.records.get(2)));
        folder.edit("\"audit_sequence\":3,\"id\"", "SUCCESS", "FAILURE");
        DataRepair.repair(folder.data, "smith", Runs.CLOCK);

        AuditVerifier.Report report = verify(headOf(3));
        assertThat(report.anchor()).isEqualTo(AuditVerifier.Anchor.BROKEN);
        assertThat(report.findings())
                .extracting(AuditVerifier.Finding::what)
                .contains("the record of the given head was lost in a repair: give the head of another record");
    }
}
