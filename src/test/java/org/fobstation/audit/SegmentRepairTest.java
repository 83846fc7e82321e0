package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a repair makes of the ends of segments: their first lines, and the end of the last one. */
class SegmentRepairTest extends RepairedFolder {

    /** Each segment says in its first line where the chains stand: retention may make any of them the first. */
    @Nested
    class OfTheFirstLineOfASegment {

        void assertEachSegmentBeginsAsItShould() throws Exception {
            for (int segment = 2; segment <= last(); segment++) {
                byte[] line = folder.journal.lines(segment).get(0).getBytes(StandardCharsets.UTF_8);
                assertThat(EntryReader.read(JournalLine.parse(line).entry()))
                        .as("segment %d", segment)
                        .isInstanceOf(SegmentEntry.Begun.class);
            }
        }

        /** Opens the journal when everything but the segment being written is old enough to go. */
        void assertRetentionGoesOn() throws Exception {
            int before = last();
            folder.journal.ageBeyondRetention();
            try (AuditJournal journal = folder.journal.open(4096)) {
                assertThat(folder.journal.files(".journal")).first().isEqualTo(folder.journal.segment(before));
                AuditRecord next = Runs.pass(journal, "trx_next");
                assertThat(next.auditSeq()).isEqualTo(folder.head().auditSeq() + 1);
                assertThat(next.previousHash()).isEqualTo(folder.head().auditHash());
            }
        }

        @Test
        void aDamagedOneIsMadeAnewAndSaysSo() throws Exception {
            long n = numberOf(3, 1);
            damage(3, 1);

            assertThat(repair())
                    .contains("line " + n + " is lost: the line is missing or damaged; as the first line of "
                            + "00000003.journal it was made anew from the lines before");
            assertThat(findings()).singleElement().satisfies(finding -> assertThat(finding.what())
                    .startsWith("line " + n + " of the journal was lost and replaced in a repair by smith"));
            assertEachSegmentBeginsAsItShould();
            assertRetentionGoesOn();
        }

        @Test
        void aDamagedOneOfTheLastSegmentIsMadeAnewThoughNoLineFollows() throws Exception {
            int segment = last();
            damage(segment, 1);
            folder.journal.cut(segment, folder.journal.lines(segment).get(0).length() + 1L);

            repair();

            assertEachSegmentBeginsAsItShould();
        }

        @Test
        void aSegmentThatEndsTooEarlyIsFilledSoThatTheNextOneStillBeginsWithIt() throws Exception {
            Path segment = folder.journal.segment(2);
            List<String> lines = folder.journal.lines(2);
            folder.journal.cut(
                    2, Files.size(segment) - lines.get(lines.size() - 1).length() - 1);

            assertThat(repair().get(0)).startsWith("1 lines of the journal were lost");
            assertThat(folder.journal.lines(2)).hasSameSizeAs(lines);
            assertEachSegmentBeginsAsItShould();
            assertRetentionGoesOn();
        }

        @Test
        void missingSegmentsBeginWithItToo() throws Exception {
            Files.delete(folder.journal.segment(2));
            Files.delete(folder.journal.segment(3));

            repair();

            assertEachSegmentBeginsAsItShould();
            assertAllRecordsAreThere();
        }

        @Test
        void theNextRecordIsNumberedBehindThoseThatAreLostForGood() throws Exception {
            int segment = last();
            for (Path file : folder.archived()) {
                Files.delete(file);
            }
            String begin = folder.journal.lines(segment).get(0);
            for (int lost = 2; lost < segment; lost++) {
                Files.delete(folder.journal.segment(lost));
            }
            folder.journal.cut(segment, begin.length() + 1L);
            long known = ((SegmentEntry.Begun)
                            EntryReader.read(JournalLine.parse(begin.getBytes(StandardCharsets.UTF_8))
                                    .entry()))
                    .auditSeq();

            repair();

            try (AuditJournal journal = folder.journal.open(4096)) {
                Runs.pass(journal, "trx_next");
                assertThat(journal.undelivered(10))
                        .as("a run that was left open, and the next one")
                        .extracting(AuditRecord::auditSeq)
                        .contains(known + 1)
                        .allMatch(seq -> seq > known);
            }
        }

        @Test
        void aLineThatWasPutBeforeItFromElsewhereCostsNoOtherLine() throws Exception {
            String journal = folder.journalText();
            String text = Files.readString(folder.journal.segment(3));
            Files.writeString(folder.journal.segment(3), folder.journal.lines(1).get(1) + "\n" + text);

            assertThat(repair().get(0)).startsWith("0 lines of the journal were lost");
            assertThat(folder.journalText()).startsWith(journal);
        }

        @Test
        void aSecondRepairKeepsWhatTheFirstOneSaid() throws Exception {
            damage(2, 1);
            repair();
            damage(2, lineOf(2, "\"type\":\"DELIVERED\""));
            MovableClock later = new MovableClock();
            later.pass(Duration.ofHours(1));
            DataRepair.repair(folder.data, "jones", later);

            assertThat(findings())
                    .extracting(AuditVerifier.Finding::what)
                    .satisfiesExactly(first -> assertThat(first).contains("by smith"), second -> assertThat(second)
                            .contains("by jones"));
        }
    }

    /** No record is in the archive before it is in the journal. */
    @Nested
    class OfTheEndThatOnlyTheArchiveHas {

        void cutOffBehindRecord(int record) throws Exception {
            int segment = 1;
            while (folder.journal.lines(segment).stream().noneMatch(line -> isOf(line, record + 1))) {
                segment++;
            }
            String text = Files.readString(folder.journal.segment(segment));
            int end = text.indexOf("\"audit_sequence\":" + (record + 1) + ",\"id\"");
            folder.journal.cut(segment, text.lastIndexOf('\n', end) + 1L);
            for (int later = last(); later > segment; later--) {
                Files.delete(folder.journal.segment(later));
            }
        }

        boolean isOf(String line, int record) {
            return line.contains("\"audit_sequence\":" + record + ",\"id\"");
        }

        @Test
        void aJournalThatWasCutOffIsNotGoneOnWith() throws Exception {
            cutOffBehindRecord(5);

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> folder.journal.open(4096))
                    .withMessageContaining(folder.journal.segment(last()).toString())
                    .withMessageContaining("it ends at record 5 although the archive holds 2023-10-27/6-trx_6.json")
                    .withMessageContaining("station repair");
        }

        @Test
        void norOneThatIsGoneAltogether() throws Exception {
            for (Path segment : folder.journal.files(".journal")) {
                Files.delete(segment);
            }

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> folder.journal.open(4096))
                    .withMessageContaining("it ends at record 0 although the archive holds 2023-10-27/1-trx_1.json");
            repair();

            assertAllRecordsAreThere();
        }

        @Test
        void itsRecordsComeBackAndAreDeliveredAgainUnderTheirNumbers() throws Exception {
            cutOffBehindRecord(5);
            int segments = last();
            String before = folder.journalText();

            assertThat(repair())
                    .anyMatch(line ->
                            line.startsWith("4 lines of the journal were lost, of which 3 are back from the archive; "))
                    .contains(
                            "the journal ends at record 5 although the archive has more",
                            "record 6 is back from the archive",
                            "record 8 is back from the archive");
            assertThat(folder.journalText())
                    .as("nothing before is written anew")
                    .startsWith(before);
            assertThat(last()).isEqualTo(segments + 1);
            assertThat(findings()).singleElement().satisfies(finding -> assertThat(finding.what())
                    .contains("was lost and replaced in a repair by smith: the end of the journal is missing"));
            try (AuditJournal journal = folder.journal.open(4096)) {
                assertThat(journal.undelivered(10)).isEqualTo(folder.records.subList(5, 8));
            }
            assertAllRecordsAreThere();
        }

        @Test
        void aTornLineThatWasTheLastIsLeftOutThen() throws Exception {
            cutOffBehindRecord(5);
            folder.journal.cut(last(), Files.size(folder.journal.segment(last())) - 5);

            assertThat(repair()).anyMatch(line -> line.startsWith("the torn last line of "));
            assertAllRecordsAreThere();
        }

        void assertRefuses(int record, String more) {
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> folder.journal.open(4096))
                    .withMessageContaining(
                            "it ends at record " + record + " although the archive holds 2023-10-27/" + more + ". ")
                    .withMessageNotContaining("comes next");
        }

        Path archived(int record) {
            return folder.file(folder.records.get(record - 1));
        }

        /** All are there but the ones named, and what comes next continues the last. */
        void assertOnlyLost(Integer... lost) throws Exception {
            assertThat(repair()).as("a second repair finds nothing").isEmpty();
            try (AuditJournal journal = folder.journal.open(4096)) {
                for (AuditRecord record : folder.records) {
                    boolean isLost = List.of(lost).contains((int) record.auditSeq());
                    assertThat(journal.record(record.auditSeq()))
                            .isEqualTo(isLost ? Optional.empty() : Optional.of(record));
                }
                AuditRecord next = Runs.pass(journal, "trx_next");
                assertThat(journal.record(9).orElseThrow().previousHash())
                        .isEqualTo(folder.head().auditHash());
                for (long made = 9; made < next.auditSeq(); made++) {
                    assertThat(journal.record(made).orElseThrow().transactionId())
                            .as("only a run that has no record any more gets one at the start")
                            .isIn(List.of(lost).stream()
                                    .map(record -> "trx_" + record)
                                    .toList());
                }
            }
        }

        @Test
        void aJournalThatWasCutOffIsNotGoneOnWithThoughTheFileOfTheNextRecordIsMissing() throws Exception {
            cutOffBehindRecord(5);
            Files.delete(archived(6));

            assertRefuses(5, "7-trx_7.json");
        }

        @Test
        void norThoughItIsEmpty() throws Exception {
            cutOffBehindRecord(5);
            Files.write(archived(6), new byte[0]);
            Files.delete(archived(7));

            assertRefuses(5, "8-trx_8.json");
        }

        @Test
        void recordsBehindOneThatNothingHasComeBackAndTheRepairNamesIt() throws Exception {
            cutOffBehindRecord(5);
            Files.delete(archived(6));

            assertThat(repair())
                    .anyMatch(line -> line.endsWith("is lost: record 6 is neither in the journal nor in the archive"))
                    .contains("record 7 is back from the archive", "record 8 is back from the archive");
            assertThat(findings()).anyMatch(finding -> finding.what().contains("record 6 is neither in the journal"));
            assertOnlyLost(6);
        }

        @Test
        void theyComeBackFromBehindEachGapOfAJournalThatIsGone() throws Exception {
            for (Path segment : folder.journal.files(".journal")) {
                Files.delete(segment);
            }
            Files.delete(archived(3));
            Files.delete(archived(5));
            Files.delete(archived(6));

            assertThat(repair())
                    .anyMatch(line -> line.contains("record 3 is neither in"))
                    .anyMatch(line -> line.contains("records 5 to 6 are neither in"));
            assertOnlyLost(3, 5, 6);
        }

        @Test
        void aRecordThatComesBackInTheMidstOfTheJournalNeedsNoneBeforeIt() throws Exception {
            for (int record = 4; record <= 5; record++) {
                int segment = segmentOf(record);
                damage(segment, lineOf(segment, "\"audit_sequence\":" + record + ",\"id\""));
            }
            Files.delete(archived(4));

            assertThat(repair()).contains("record 5 is back from the archive");
            assertOnlyLost(4);
        }

        @Test
        void noneComesBackThereThatTheNextOneDoesNotContinue() throws Exception {
            for (int record = 4; record <= 5; record++) {
                int segment = segmentOf(record);
                damage(segment, lineOf(segment, "\"audit_sequence\":" + record + ",\"id\""));
            }
            Files.delete(archived(4));
            AuditRecord good = folder.records.get(4);
            Files.write(archived(5), ArchiveFile.of(from(good, 5, good.envelope())));

            repair();
            assertOnlyLost(4, 5);
        }

        int segmentOf(int record) throws Exception {
            int segment = 1;
            while (folder.journal.lines(segment).stream().noneMatch(line -> isOf(line, record))) {
                segment++;
            }
            return segment;
        }

        /** Whole, but of another chain. */
        AuditRecord from(AuditRecord good, long auditSeq, Envelope envelope) {
            String before = HashChain.next(good.auditHash(), new byte[0]);
            return new AuditRecord(
                    auditSeq, good.id(), before, HashChain.next(before, good.body()), good.bodyText(), envelope);
        }

        @Test
        void aRecordOfAnotherStationDoesNotAndTheStartGoesOnToNameIt() throws Exception {
            AuditRecord last = folder.records.get(7);
            String foreign = new String(ArchiveFile.of(last), StandardCharsets.UTF_8)
                    .replaceFirst(last.envelope().stationId(), "LINE_99");
            Envelope envelope =
                    ArchiveFile.parse(foreign.getBytes(StandardCharsets.UTF_8)).envelope();
            assertThat(envelope.stationId()).isEqualTo("LINE_99");
            AuditRecord stranger = from(last, 20, envelope);
            Path file = folder.file(stranger);
            Files.write(file, ArchiveFile.of(stranger));

            assertRefuses(8, stranger.fileName());
            assertThat(repair()).singleElement().satisfies(line -> assertThat(line)
                    .startsWith(stranger.archiveName() + " of station LINE_99 is not taken back"));
            assertRefuses(8, stranger.fileName());
            Files.delete(file);
            assertOnlyLost();
        }

        @Test
        void aFileThatDoesNotContinueTheChainStopsNothing() throws Exception {
            Path last = folder.file(folder.records.get(7));
            Files.writeString(last.resolveSibling("9-trx_9.json"), Files.readString(last));

            folder.journal.open(4096).close();
        }
    }
}
