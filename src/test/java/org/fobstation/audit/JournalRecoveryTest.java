package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the next start makes of what the last process left. */
class JournalRecoveryTest {

    @TempDir
    Path temp;

    JournalFolder folder;
    AuditJournal journal;

    @BeforeEach
    void openNew() throws Exception {
        folder = new JournalFolder(temp.resolve("data"));
        journal = folder.open();
    }

    @AfterEach
    void close() {
        journal.close();
    }

    void restart() throws Exception {
        journal.close();
        journal = folder.open();
    }

    @Nested
    class LeftBehind {

        long run;

        @BeforeEach
        void begin() throws Exception {
            run = journal.begin(Runs.UID, Runs.READER);
        }

        @Test
        void aRunThatTouchedNothingLeavesNoRecord() throws Exception {
            restart();

            assertThat(journal.undelivered(10)).isEmpty();
        }

        @Test
        void aRunThatOpenedFailedByInterruption() throws Exception {
            journal.intend(run, new Intent.Open("trx_1"));
            restart();

            AuditRecord record = journal.undelivered(10).get(0);
            assertThat(record.outcome()).isEqualTo(AuditOutcome.FAILURE);
            assertThat(record.envelope().failureCode()).contains("INTERRUPTED");
            assertThat(record.transactionId()).isEqualTo("trx_1");
            assertThat(record.post()).isTrue();
            assertThat(record.bodyText()).contains("\"stage_reached\":\"INITIALIZE_UPDATE\"");
        }

        @Test
        void aRunThatSentThePayloadEndedUnknown() throws Exception {
            journal.intend(run, new Intent.Open("trx_1"));
            journal.intend(run, new Intent.Payload(Runs.TRACE));
            restart();

            AuditRecord record = journal.undelivered(10).get(0);
            assertThat(record.outcome()).isEqualTo(AuditOutcome.UNKNOWN);
            assertThat(record.envelope().failureCode()).contains("RESULT_UNKNOWN");
            assertThat(record.bodyText())
                    .contains("\"overall_result\":\"FAILURE\"", "\"stage_reached\":\"PAYLOAD_DELIVERY\"")
                    .contains("\"sw1\":\"90\"");
            assertThat(journal.lastRun(Runs.UID)).map(PastRun::unknown).contains(true);
        }

        @Test
        void aRunThatBeganToLockEndedUnknownInTheLock() throws Exception {
            journal.intend(run, new Intent.Open("trx_1"));
            journal.intend(run, new Intent.Payload(Runs.TRACE));
            journal.intend(run, new Intent.Lock("secured", Runs.TRACE));
            restart();

            AuditRecord record = journal.undelivered(10).get(0);
            assertThat(record.outcome()).isEqualTo(AuditOutcome.UNKNOWN);
            assertThat(record.bodyText()).contains("\"stage_reached\":\"ISD_LOCK\"");
        }

        @Test
        void isLinkedToTheRecordBeforeItAndFromTheOneAfter() throws Exception {
            AuditRecord first =
                    journal.result(run, Runs.failed("trx_1", FailureCode.KLMS_TIMEOUT, Stage.KEY_REQUEST, false));
            run = journal.begin(Runs.UID, Runs.READER);
            journal.intend(run, new Intent.Open("trx_2"));
            journal.intend(run, new Intent.Payload(Runs.TRACE));
            restart();
            AuditRecord crashed = journal.undelivered(10).get(1);
            AuditRecord other = journal.result(
                    journal.begin("04A1B2C3D4E5F6", Runs.READER), Runs.passed("trx_9", "04A1B2C3D4E5F6"));
            AuditRecord last = Runs.pass(journal, "trx_3");

            assertThat(first.envelope().follows()).isEmpty();
            assertThat(crashed.envelope().follows()).contains(new EarlierRecord(1, "trx_1"));
            assertThat(other.envelope().follows()).isEmpty();
            assertThat(last.envelope().follows()).contains(new EarlierRecord(2, "trx_2"));
            restart();
            assertThat(journal.undelivered(10)).containsExactly(first, crashed, other, last);
        }

        @Test
        void getsOneRecordHoweverOftenTheStationStarts() throws Exception {
            journal.intend(run, new Intent.Open("trx_1"));
            restart();
            AuditRecord record = journal.undelivered(10).get(0);
            restart();

            assertThat(journal.undelivered(10)).containsExactly(record);
        }
    }

    @Nested
    class Killed {

        /** After every single append a copy of the disk is started from. */
        @Test
        void losesNothingThatWasAcknowledgedAtAnyMoment() throws Exception {
            List<JournalFolder> crashes = new ArrayList<>();
            List<String> acknowledged = new ArrayList<>();
            List<List<String>> expected = new ArrayList<>();
            journal.addListener(() -> acknowledged.add("trx_" + (acknowledged.size() + 1)));
            for (int i = 1; i <= 3; i++) {
                long run = journal.begin(Runs.UID, Runs.READER);
                remember(crashes, expected, acknowledged);
                journal.intend(run, new Intent.Open("trx_" + i));
                remember(crashes, expected, acknowledged);
                journal.intend(run, new Intent.Payload(Runs.TRACE));
                remember(crashes, expected, acknowledged);
                journal.result(run, Runs.passed("trx_" + i));
                remember(crashes, expected, acknowledged);
            }
            for (int i = 0; i < crashes.size(); i++) {
                try (AuditJournal after = crashes.get(i).open()) {
                    List<AuditRecord> records = after.undelivered(10);
                    assertThat(records.stream().filter(record -> record.outcome() == AuditOutcome.SUCCESS))
                            .extracting(AuditRecord::transactionId)
                            .containsExactlyElementsOf(expected.get(i));
                    assertThat(records)
                            .hasSizeBetween(
                                    expected.get(i).size(), expected.get(i).size() + 1);
                }
            }
        }

        private void remember(List<JournalFolder> crashes, List<List<String>> expected, List<String> acknowledged)
                throws Exception {
            crashes.add(folder.copyTo(temp.resolve("crash-" + crashes.size())));
            expected.add(List.copyOf(acknowledged));
        }

        @Tag("long")
        @Test
        void cutsATornLastLineOffWhereverItWasTorn() throws Exception {
            Runs.pass(journal, "trx_1");
            long good = Files.size(folder.segment(1));
            long run = journal.begin("04AABBCC", Runs.READER);
            long whole = Files.size(folder.segment(1));
            // Up to the last brace; without its line feed alone it is whole, see UnendedLineTest.
            for (long length = good + 1; length < whole - 1; length++) {
                JournalFolder crash = folder.copyTo(temp.resolve("torn-" + length));
                crash.cut(1, length);
                byte[] torn = Files.readAllBytes(crash.segment(1));

                try (AuditJournal after = crash.open()) {
                    assertThat(after.undelivered(10))
                            .extracting(AuditRecord::transactionId)
                            .containsExactly("trx_1");
                    assertThat(after.begin("04AABBCC", Runs.READER)).isEqualTo(run);
                }
                assertThat(crash.files(".torn")).singleElement().satisfies(aside -> assertThat(
                                Files.readAllBytes(aside))
                        .isEqualTo(Arrays.copyOfRange(torn, (int) good, torn.length)));
                crash.open().close();
            }
        }

        /** A disk writes blocks in any order: what was not written reads as zeros, the line feed may be there. */
        @Tag("long")
        @Test
        void cutsALastLineOffWhoseBlocksNeverCameToTheDisk() throws Exception {
            Runs.pass(journal, "trx_1");
            int good = (int) Files.size(folder.segment(1));
            journal.begin("04AABBCC", Runs.READER);
            journal.close();
            byte[] whole = Files.readAllBytes(folder.segment(1));
            for (int zeros = 1; zeros < whole.length - good; zeros++) {
                JournalFolder crash = folder.copyTo(temp.resolve("zeros-" + zeros));
                byte[] torn = whole.clone();
                Arrays.fill(torn, good, good + zeros, (byte) 0);
                Files.write(crash.segment(1), torn);

                try (AuditJournal after = crash.open()) {
                    assertThat(after.undelivered(10)).hasSize(1);
                }
                assertThat(crash.files(".torn")).hasSize(1);
            }
        }

        @Test
        void keepsEveryTornLineEvenAtTheSamePlace() throws Exception {
            journal.begin(Runs.UID, Runs.READER);
            journal.close();
            for (int i = 1; i <= 3; i++) {
                Files.writeString(folder.segment(1), "torn " + i, StandardOpenOption.APPEND);
                folder.open().close();
                assertThat(folder.files(".torn")).hasSize(i);
            }
        }
    }

    @Nested
    class Damaged {

        @BeforeEach
        void write() throws Exception {
            Runs.pass(journal, "trx_1");
            Runs.pass(journal, "trx_2");
            journal.close();
        }

        @Test
        void isNotOpenedAndNamesSegmentAndLine() throws Exception {
            int lines = folder.lines(1).size();
            for (int line = 1; line <= lines; line++) {
                JournalFolder damaged = folder.copyTo(temp.resolve("damaged-" + line));
                String good = damaged.lines(1).get(line - 1);
                damaged.replaceLine(1, line, good.replace("\"type\":\"", "\"type\":\"X"));

                String where = "00000001.journal, line " + line + ": ";
                assertThatExceptionOfType(JournalException.class)
                        .isThrownBy(damaged::open)
                        .withMessageStartingWith("The audit journal is damaged: ")
                        .withMessageContaining(where)
                        .withMessageContaining("the hash does not fit the entry");
                assertThat(damaged.lines(1)).hasSize(lines);
            }
        }

        @Test
        void noticesALineThatIsMissing() throws Exception {
            List<String> lines = new ArrayList<>(folder.lines(1));
            lines.remove(3);
            Files.write(folder.segment(1), lines);

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(folder::open)
                    .withMessageContaining("line 4: the line has number 5, expected 4");
        }

        @Test
        void noticesALineMadeByAnotherHand() throws Exception {
            String entry = new JournalEntry.Settled(Runs.NOW, 1, new Settlement.Local()).json();
            JournalLine forged = JournalLine.after(HashChain.START, 11, entry);
            Files.write(folder.segment(1), forged.bytes(), StandardOpenOption.APPEND);

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(folder::open)
                    .withMessageContaining("line 11: the line does not continue the line before it");
        }

        @Test
        void noticesAnEntryThatContradictsTheOnesBefore() throws Exception {
            JournalLine last = JournalLine.parse(folder.lines(1).get(9).getBytes(StandardCharsets.UTF_8));
            String entry = new JournalEntry.Settled(Runs.NOW, 9, new Settlement.Local()).json();
            Files.write(
                    folder.segment(1), JournalLine.after(last.hash(), 11, entry).bytes(), StandardOpenOption.APPEND);

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(folder::open)
                    .withMessageContaining("line 11: there is no audit 9 to settle");
        }

        @Test
        void letsTheFolderGoAgain() throws Exception {
            String good = folder.lines(1).get(0);
            folder.replaceLine(1, 1, "{}");
            assertThatExceptionOfType(JournalException.class).isThrownBy(folder::open);

            folder.replaceLine(1, 1, good);
            journal = folder.open();
            assertThat(journal.undelivered(10)).hasSize(2);
        }
    }

    @Nested
    class Rolled {

        @BeforeEach
        void roll() throws Exception {
            journal.close();
            journal = folder.open(4096);
            for (int i = 1; i <= 8; i++) {
                Runs.pass(journal, "trx_" + i);
            }
        }

        @Test
        void continuesTheChainInTheNextSegment() throws Exception {
            assertThat(folder.files(".journal").size()).isGreaterThan(2);
            for (Path segment : folder.files(".journal")) {
                assertThat(Files.size(segment)).isPositive().isLessThanOrEqualTo(4096);
            }
            String last = folder.lines(1).get(folder.lines(1).size() - 1);
            String hash =
                    JournalLine.parse(last.getBytes(StandardCharsets.UTF_8)).hash();
            assertThat(folder.lines(2).get(0)).contains("\"prev\":\"" + hash + "\"");
        }

        @Test
        void isReadWholeAtTheNextStart() throws Exception {
            journal.close();
            journal = folder.open(4096);

            assertThat(journal.undelivered(100)).hasSize(8);
            assertThat(journal.lastRun(Runs.UID)).map(PastRun::transactionId).contains("trx_8");
        }

        @Test
        void findsSettledRecordsInEverySegment() throws Exception {
            for (long seq = 1; seq <= 8; seq++) {
                journal.settle(seq, new Settlement.Delivered(new Receipt(200, 1)));
            }
            journal.close();
            journal = folder.open(4096);

            for (long seq = 1; seq <= 8; seq++) {
                assertThat(journal.record(seq)).map(AuditRecord::transactionId).contains("trx_" + seq);
            }
        }

        @Test
        void noticesAMissingSegment() throws Exception {
            journal.close();
            Files.delete(folder.segment(2));

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(folder::open)
                    .withMessageContaining("00000002.journal: the segment is missing");
        }

        @Test
        void takesATornLineOnlyAtTheVeryEnd() throws Exception {
            journal.close();
            folder.cut(1, Files.size(folder.segment(1)) - 5);

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(folder::open)
                    .withMessageContaining("00000001.journal")
                    .withMessageContaining("segments follow");
        }

        @Test
        void bearsANewSegmentWithoutALine() throws Exception {
            journal.close();
            Files.createFile(folder.segment(folder.files(".journal").size() + 1));

            journal = folder.open(4096);
            Runs.pass(journal, "trx_9");
            assertThat(journal.undelivered(100)).hasSize(9);
        }
    }
}
