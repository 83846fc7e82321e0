package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage at the places where a repair has to think: ends, beginnings, whole segments, and what it says it did. */
class JournalRepairTest {

    private static final String ASIDE = "repair-20231027-143201-123";

    @TempDir
    Path temp;

    AuditedFolder folder;

    @BeforeEach
    void fill() throws Exception {
        folder = AuditedFolder.with(temp.resolve("data"), 8, 4096);
    }

    List<String> repair() throws Exception {
        return DataRepair.repair(folder.data, "smith", Runs.CLOCK);
    }

    List<AuditVerifier.Finding> findings() throws Exception {
        return AuditVerifier.verify(folder.data, AuditRange.ALL, Optional.of(folder.head()))
                .findings();
    }

    int last() throws Exception {
        return folder.journal.files(".journal").size();
    }

    void damage(int segment, int line) throws Exception {
        String good = folder.journal.lines(segment).get(line - 1);
        folder.journal.replaceLine(segment, line, good.replaceFirst("\"hash\":\"..", "\"hash\":\"zz"));
    }

    long numberOf(int segment, int line) throws Exception {
        byte[] bytes = folder.journal.lines(segment).get(line - 1).getBytes(StandardCharsets.UTF_8);
        return JournalLine.parse(bytes).n();
    }

    int lineOf(int segment, String containing) throws Exception {
        List<String> lines = folder.journal.lines(segment);
        for (int line = 1; line <= lines.size(); line++) {
            if (lines.get(line - 1).contains(containing)) {
                return line;
            }
        }
        throw new AssertionError("no line with " + containing);
    }

    void assertAllRecordsAreThere() throws Exception {
        try (AuditJournal journal = folder.journal.open(4096)) {
            for (AuditRecord record : folder.records) {
                assertThat(journal.record(record.auditSeq())).contains(record);
            }
            assertThat(Runs.pass(journal, "trx_next").previousHash())
                    .as("no record was made for a run that has one")
                    .isEqualTo(folder.head().auditHash());
        }
    }

    @Test
    void saysWhichLineIsLostAndWhereTheOriginalIs() throws Exception {
        int line = lineOf(2, "\"type\":\"DELIVERED\"");
        long n = numberOf(2, line);
        damage(2, line);

        List<String> report = repair();

        assertThat(report.get(0))
                .isEqualTo("1 lines of the journal were lost; the segments as they were are in "
                        + folder.data.journal().resolve(ASIDE));
        assertThat(report.get(1)).contains("00000002.journal, line " + line + ": this is not a line of a journal");
        assertThat(report.get(2)).isEqualTo("line " + n + " is lost: the line is missing or damaged");
        assertThat(findings()).singleElement().satisfies(finding -> assertThat(finding.what())
                .startsWith("line " + n + " of the journal was lost and replaced in a repair by smith")
                .endsWith("the original is in journal/" + ASIDE));
    }

    @Tag("long")
    @Test
    void keepsTheNumbersAndAllRecordsWhicheverLineIsDamaged() throws Exception {
        int lines = folder.journal.lines(2).size();
        for (int line = 1; line <= lines; line++) {
            folder = AuditedFolder.with(temp.resolve("data-" + line), 5, 4096);
            long n = numberOf(2, line);
            damage(2, line);
            long all = folder.journalText().lines().count();
            repair();

            assertThat(folder.journalText()).as("line %d of the segment", line).contains("{\"n\":" + n + ",");
            assertThat(folder.journalText().lines()).as("one for the command").hasSize((int) all + 1);
            assertAllRecordsAreThere();
        }
    }

    @Test
    void endsARunWhoseOpenIntentIsLostUnknownAllTheSame() throws Exception {
        try (AuditJournal journal = folder.journal.open()) {
            long run = journal.begin("04AABBCC", Runs.READER);
            journal.intend(run, new Intent.Open("trx_9"));
            journal.intend(run, new Intent.Payload(Runs.TRACE));
        }
        damage(last(), folder.journal.lines(last()).size() - 1);
        repair();

        try (AuditJournal journal = folder.journal.open()) {
            assertThat(journal.record(9)).hasValueSatisfying(record -> {
                assertThat(record.fobUid()).isEqualTo("04AABBCC");
                assertThat(record.outcome()).isEqualTo(AuditOutcome.UNKNOWN);
                assertThat(record.transactionId()).startsWith("lost-");
            });
        }
    }

    @Nested
    class AtTheEnd {

        @Test
        void aDamagedLastLineOfAllIsNamedToo() throws Exception {
            int line = folder.journal.lines(last()).size();
            long n = numberOf(last(), line);
            damage(last(), line);

            assertThat(repair()).contains("line " + n + " is lost: the line is damaged");
            assertAllRecordsAreThere();
        }

        @Test
        void severalDamagedLastLinesAreNamedOneByOne() throws Exception {
            int lines = folder.journal.lines(last()).size();
            long n = numberOf(last(), lines);
            damage(last(), lines - 1);
            damage(last(), lines);

            assertThat(repair().get(0)).startsWith("2 lines of the journal were lost");
            assertThat(numberOf(last(), lines)).isEqualTo(n);
            assertAllRecordsAreThere();
        }

        @Test
        void aTornLastLineAloneIsLeftToTheNextStart() throws Exception {
            folder.journal.cut(last(), Files.size(folder.journal.segment(last())) - 5);

            assertThat(repair()).noneMatch(line -> line.contains("lost"));
            assertThat(folder.data.journal().resolve(ASIDE)).doesNotExist();
        }

        @Test
        void aTornLastLineBehindDamageIsKeptAsideAndSaidToBeLeftOut() throws Exception {
            damage(last(), 2);
            Path segment = folder.journal.segment(last());
            folder.journal.cut(last(), Files.size(segment) - 5);
            byte[] before = Files.readAllBytes(segment);

            assertThat(repair()).contains("the torn last line of " + segment.getFileName() + " was left out");
            assertThat(folder.data.journal().resolve(ASIDE).resolve("before").resolve(segment.getFileName()))
                    .hasBinaryContent(before);
        }
    }

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
            MovableClock clock = new MovableClock();
            clock.pass(AuditSettings.RETENTION.plus(Duration.ofDays(1)));
            folder.journal.open(4096, DiskJournalFile::open, clock).close();
            try (AuditJournal journal = folder.journal.open(4096, DiskJournalFile::open, clock)) {
                assertThat(last()).as("segments kept of %d", before).isLessThanOrEqualTo(2);
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

        @Test
        void aFileThatDoesNotContinueTheChainStopsNothing() throws Exception {
            Path last = folder.file(folder.records.get(7));
            Files.writeString(last.resolveSibling("9-trx_9.json"), Files.readString(last));

            folder.journal.open(4096).close();
        }
    }

    @Nested
    class OfWholeSegments {

        @Test
        void aTornEndBeforeAMissingSegmentIsRepairedWithIt() throws Exception {
            Files.delete(folder.journal.segment(3));
            folder.journal.cut(2, Files.size(folder.journal.segment(2)) - 5);

            assertThat(repair()).contains("the torn last line of 00000002.journal was left out");
            assertAllRecordsAreThere();
        }

        @Test
        void theFirstSegmentIsWrittenAnewFromTheArchive() throws Exception {
            Files.delete(folder.journal.segment(1));

            assertThat(repair()).contains("record 1 is back from the archive");
            assertThat(folder.journal.segment(1)).exists();
            assertAllRecordsAreThere();
        }

        @Test
        void nothingBeforeTheDamageIsWrittenAnew() throws Exception {
            String first = Files.readString(folder.journal.segment(1));
            damage(3, 2);
            repair();

            assertThat(folder.journal.segment(1)).hasContent(first);
            assertThat(folder.data.journal().resolve(ASIDE).resolve("before"))
                    .isDirectoryNotContaining("glob:**/00000002.journal");
        }
    }

    @Nested
    class AfterRetention {

        int first;

        @BeforeEach
        void shorten() throws Exception {
            try (AuditJournal journal = folder.journal.open(4096)) {
                Runs.failUntouched(journal, "local-9");
            }
            MovableClock clock = new MovableClock();
            clock.pass(AuditSettings.RETENTION.plus(Duration.ofDays(1)));
            folder.journal.open(4096, DiskJournalFile::open, clock).close();
            String name = folder.journal.files(".journal").get(0).getFileName().toString();
            first = JournalSegments.number(name);
            assertThat(first).isGreaterThan(1);
        }

        @Test
        void aDamagedLineIsRepairedFromWhatTheFirstLineSays() throws Exception {
            int line = lineOf(first, "\"type\":\"BEGIN\"");
            long n = numberOf(first, line);
            damage(first, line);

            assertThat(repair()).contains("line " + n + " is lost: the line is missing or damaged");
            assertThat(numberOf(first, 1)).isLessThan(n);
            folder.journal.open(4096).close();
        }

        @Test
        void nothingIsWrittenAnewIfTheLineThatSaysWhereTheChainStandsIsDamaged() throws Exception {
            damage(first, 1);
            String before = Files.readString(folder.journal.segment(first));

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(JournalRepairTest.this::repair)
                    .withMessageContaining(folder.journal.segment(first).toString())
                    .withMessageContaining("the line that says where the chain stands is damaged");
            assertThat(folder.journal.segment(first)).hasContent(before);
        }
    }

    @Nested
    class OfTheArchive {

        @Test
        void aFolderInPlaceOfAFileIsKeptBesideAndTheFileWritten() throws Exception {
            Path file = folder.file(folder.records.get(3));
            Files.delete(file);
            Files.createDirectory(file);

            repair();

            assertThat(file).isRegularFile();
            assertThat(folder.data.root().resolve("archive-before-repair/4-trx_4.json"))
                    .isDirectory();
        }

        @Test
        void everyChangedFileIsKeptHoweverOftenItIsRepaired() throws Exception {
            Path file = folder.file(folder.records.get(3));
            Path kept = folder.data.root().resolve("archive-before-repair");
            for (String name : List.of("4-trx_4.json", "2-4-trx_4.json", "3-4-trx_4.json")) {
                Files.writeString(file, "changed, now " + name);

                assertThat(repair())
                        .containsExactly(file + " was changed; it is written again, what was there is now "
                                + kept.resolve(name));
                assertThat(kept.resolve(name)).hasContent("changed, now " + name);
            }
        }

        @Test
        void aDayThatIsGoneComesBackWhole() throws Exception {
            for (Path file : folder.archived()) {
                Files.delete(file);
            }
            Files.delete(folder.file(folder.records.get(0)).getParent());

            assertThat(repair()).hasSize(8).allMatch(line -> line.endsWith("was missing; it is written again"));
            assertThat(folder.archived()).hasSize(8);
        }
    }
}
