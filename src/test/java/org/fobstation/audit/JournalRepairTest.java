package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damage at the places where a repair has to think: ends, beginnings, whole segments, and what it says it did. */
class JournalRepairTest extends RepairedFolder {

    private static final String ASIDE = "repair-20231027-143201-123";

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
    void takesALinesNumberFromTheLinesAroundIt() throws Exception {
        int line = folder.journal.lines(last()).size() - 1;
        String good = folder.journal.lines(last()).get(line - 1);
        String journal = folder.journalText();
        folder.journal.replaceLine(last(), line, good.replace("{\"n\":", "{\"n\":99999999"));

        assertThat(repair().get(0)).startsWith("0 lines of the journal were lost");
        assertThat(folder.journalText()).startsWith(journal);
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
        void aLastLineBehindDamageThatLacksOnlyItsLineFeedCounts() throws Exception {
            damage(last(), 2);
            String good = folder.journal
                    .lines(last())
                    .get(folder.journal.lines(last()).size() - 1);
            folder.journal.cut(last(), Files.size(folder.journal.segment(last())) - 1);

            assertThat(repair()).noneMatch(line -> line.contains("torn"));
            assertThat(folder.journalText()).contains(good.substring(good.indexOf("\"entry\"")));
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
        void aFileFarBehindTheOthersIsNotTakenForOne() throws Exception {
            Files.writeString(folder.journal.segment(99_999), "");

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(JournalRepairTest.this::repair)
                    .withMessageContaining("more than 1000 segments in a row are missing, from 00000")
                    .withMessageContaining("up to 00099999.journal, are not of this station, move them away");
        }

        @Test
        void anEmptyFileBehindTheOthersBecomesASegment() throws Exception {
            int stray = last() + 3;
            Files.writeString(folder.journal.segment(stray), "");
            repair();

            for (int segment = stray - 2; segment <= stray; segment++) {
                assertThat(folder.journal.lines(segment).get(0)).contains("\"type\":\"SEGMENT\"");
            }
            assertAllRecordsAreThere();
        }

        @Test
        void aSegmentThatWasJustBegunBeginsAsItShouldBehindTheNoteOfARepair() throws Exception {
            int segment = last() + 1;
            Files.writeString(folder.journal.segment(segment), "");
            Files.delete(folder.file(folder.records.get(3)));
            repair();

            assertThat(folder.journal.lines(segment))
                    .satisfiesExactly(
                            first -> assertThat(first).contains("\"type\":\"SEGMENT\""),
                            second -> assertThat(second).contains("\"type\":\"REQUEST\""));
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
            folder.journal.ageBeyondRetention();
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
        void theLineThatSaysWhatWasRemovedIsSaidAgainIfItIsLost() throws Exception {
            int segment = first;
            while (folder.journal.lines(segment).stream().noneMatch(line -> line.contains("\"type\":\"RETIRED\""))) {
                segment++;
            }
            damage(segment, lineOf(segment, "\"type\":\"RETIRED\""));

            assertThat(repair())
                    .anyMatch(line -> line.startsWith("1 lines of the journal were lost"))
                    .anyMatch(line -> line.contains("retention removed what stood before"));
            assertThat(folder.journal.segment(1)).doesNotExist();
            folder.journal.open(4096).close();
            assertThat(findings()).hasSize(1);
            assertThat(repair()).isEmpty();
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
