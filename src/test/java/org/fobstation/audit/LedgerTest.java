package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the ledger takes from a journal that proves itself line by line, and what it refuses all the same. */
class LedgerTest {

    private static final long HERE = JournalReader.place(1, 0);

    final Ledger ledger = new Ledger();
    long line;

    void take(JournalEntry entry) {
        ledger.take(entry, line + 1, HERE);
        line++;
    }

    AuditRecord make(long auditSeq, String previousHash, long run) {
        RunResult result = Runs.passed("trx_" + auditSeq);
        return AuditRecord.make(
                auditSeq, previousHash, result, Runs.envelope(run, result, Runs.STATION, Optional.empty()));
    }

    long begin() {
        take(new JournalEntry.Begin(Runs.NOW, Runs.UID, Runs.READER, FobHistory.NONE));
        return line;
    }

    AuditRecord pass(long auditSeq, String previousHash) {
        AuditRecord record = make(auditSeq, previousHash, begin());
        take(new JournalEntry.Result(Runs.NOW, record));
        return record;
    }

    AuditRecord passNext() {
        return pass(ledger.auditSeq() + 1, ledger.auditHash());
    }

    static SegmentEntry.Begun segment(int segment, long auditSeq, String auditHash) {
        return new SegmentEntry.Begun(
                Runs.NOW, segment, "ab".repeat(32), auditSeq, auditHash, Set.of(), Optional.empty());
    }

    @Nested
    class Records {

        @Test
        void followEachOtherWithoutAGap() {
            passNext();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pass(3, ledger.auditHash()))
                    .withMessage("audit 3 follows audit 1");
            assertThatIllegalArgumentException().isThrownBy(() -> pass(1, ledger.auditHash()));
            assertThat(ledger.auditSeq()).isEqualTo(1);
        }

        @Test
        void continueTheHashOfTheOneBefore() {
            passNext();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pass(2, HashChain.START))
                    .withMessage("audit 2 does not continue the audit chain");
        }

        @Test
        void haveTheHashOfTheirBody() {
            AuditRecord good = make(1, HashChain.START, begin());
            AuditRecord bad = new AuditRecord(
                    1, good.id(), good.previousHash(), good.auditHash(), good.bodyText() + " ", good.envelope());

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> take(new JournalEntry.Result(Runs.NOW, bad)))
                    .withMessage("audit 1 does not continue the audit chain");
        }

        @Test
        void mayLeaveOneGapWhereARepairLostLines() {
            passNext();
            take(new SegmentEntry.Repaired(Runs.NOW, "smith", "repair-1", "the line is damaged"));
            AuditRecord behind = pass(4, "cd".repeat(32));

            assertThat(ledger.auditSeq()).isEqualTo(4);
            assertThat(ledger.auditHash()).isEqualTo(behind.auditHash());
            assertThatIllegalArgumentException().isThrownBy(() -> pass(7, behind.auditHash()));
            take(new SegmentEntry.Repaired(Runs.NOW, "smith", "repair-1", "the line is damaged"));
            assertThatIllegalArgumentException().isThrownBy(() -> pass(4, behind.auditHash()));
        }

        @Test
        void areFoundAsLongAsTheyAreNotSettled() {
            AuditRecord waiting = passNext();
            AuditRecord dead = passNext();
            passNext();
            take(new JournalEntry.Settled(Runs.NOW, 2, new Settlement.Dead("no", 1)));
            take(new JournalEntry.Settled(Runs.NOW, 3, new Settlement.Local()));

            assertThat(ledger.backlog().record(1)).contains(waiting);
            assertThat(ledger.backlog().record(2)).contains(dead);
            assertThat(ledger.backlog().record(3)).isEmpty();
            assertThat(ledger.backlog().size()).isEqualTo(2);
        }
    }

    @Nested
    class OpenRuns {

        @Test
        void openBeforeTheyWrite() {
            long run = begin();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> take(new JournalEntry.Intended(Runs.NOW, run, new Intent.Payload(Runs.TRACE))))
                    .withMessage("run 1 has PAYLOAD before OPEN");
        }

        @Test
        void areKnownWithoutTheirBeginningAfterARepairOnly() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> take(new JournalEntry.Intended(Runs.NOW, 1, new Intent.Open("trx_1"))))
                    .withMessage("run 1 is not open");
            take(new SegmentEntry.Repaired(Runs.NOW, "smith", "repair-1", "the line is damaged"));
            take(new JournalEntry.Intended(Runs.NOW, 1, new Intent.Open("trx_1")));
            take(new JournalEntry.Result(Runs.NOW, make(1, HashChain.START, 1)));

            assertThat(ledger.lastWriting(Runs.UID))
                    .as("its fob is taken for touched")
                    .isEqualTo(HERE);
        }
    }

    @Nested
    class Segments {

        @Test
        void beginWhereTheOneBeforeEnded() {
            AuditRecord record = passNext();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> take(segment(2, 2, record.auditHash())))
                    .withMessage("the segment begins at audit 2 although the one before ends at audit 1");
            assertThatIllegalArgumentException().isThrownBy(() -> take(segment(2, 1, HashChain.START)));
            take(segment(2, 1, record.auditHash()));
            assertThat(ledger.segments().start(2).n()).isEqualTo(line);
        }

        @Test
        void mayBeginElsewhereAfterARepairAndNumbersOfLostRecordsAreNotGivenAgain() {
            take(new SegmentEntry.Repaired(Runs.NOW, "smith", "repair-1", "the line is damaged"));
            take(segment(2, 7, "cd".repeat(32)));

            assertThat(ledger.auditSeq()).isEqualTo(7);
            assertThat(passNext().previousHash()).isEqualTo("cd".repeat(32));
            take(segment(3, 2, "cd".repeat(32)));

            assertThat(ledger.auditSeq()).as("never back").isEqualTo(8);
        }

        @Test
        void sayWhereAJournalStandsThatRetentionShortened() {
            line = 99;
            take(segment(5, 7, "cd".repeat(32)));

            assertThat(ledger.segments().first()).isEqualTo(5);
            assertThat(ledger.auditSeq()).isEqualTo(7);
            assertThat(passNext().previousHash()).isEqualTo("cd".repeat(32));
        }

        @Test
        void ofLinesAreFoundByTheirFirstLine() {
            SegmentTable table = new SegmentTable();
            table.begun(segment(2, 0, HashChain.START), 10);
            table.begun(segment(3, 0, HashChain.START), 20);

            assertThat(table.ofLine(9)).isEqualTo(1);
            assertThat(table.ofLine(10)).isEqualTo(2);
            assertThat(table.ofLine(19)).isEqualTo(2);
            assertThat(table.ofLine(20)).isEqualTo(3);
            assertThat(table.ofLine(21)).isEqualTo(3);
        }

        @Test
        void goUpToTheFirstThatIsNeededOrTooYoung() {
            Duration kept = Duration.ofDays(1);
            Instant now = Runs.NOW.plus(kept);
            SegmentTable table = new SegmentTable();
            table.begun(at(2, Runs.NOW.minusSeconds(2)), 10);
            table.begun(at(3, Runs.NOW.minusSeconds(1)), 20);
            table.begun(at(4, Runs.NOW), 30);

            assertThat(table.removable(now, kept, 1)).isZero();
            assertThat(table.removable(now, kept, 2)).isEqualTo(1);
            assertThat(table.removable(now, kept, 4))
                    .as("segment 3 ended when 4 began")
                    .isEqualTo(2);
            assertThat(table.removable(now.plusSeconds(1), kept, 9)).isEqualTo(3);
        }

        @Test
        void areAsOldAsTheStepsBetweenThemSayWithoutTheLeapsOfTheClock() {
            SegmentTable table = new SegmentTable();
            table.begun(at(2, Runs.NOW), 10);
            table.begun(at(3, Runs.NOW.plus(SegmentTable.LEAP)), 20);
            Instant ahead = Runs.NOW.plus(SegmentTable.LEAP.multipliedBy(2)).plusMillis(1);
            table.begun(at(4, ahead), 30);
            table.begun(at(5, ahead.plusSeconds(10)), 40);
            table.begun(at(6, ahead.plusSeconds(7)), 50);

            assertThat(table.age(6, ahead.plusSeconds(8))).isEqualTo(Duration.ofSeconds(1));
            assertThat(table.age(4, ahead.plusSeconds(8))).isEqualTo(Duration.ofSeconds(8));
            assertThat(table.age(3, ahead.plusSeconds(8))).isEqualTo(Duration.ofSeconds(8));
            assertThat(table.age(2, ahead.plusSeconds(8))).isEqualTo(SegmentTable.LEAP.plusSeconds(8));
            assertThat(table.age(2, Runs.NOW.minusSeconds(5)))
                    .as("put back beyond the leap")
                    .isEqualTo(SegmentTable.LEAP.plusSeconds(7));
        }

        @Test
        void areForgottenUpToTheRetiredOneWithTheirRecords() {
            SegmentTable table = new SegmentTable();
            table.hasRecord(1, 1);
            table.begun(segment(2, 1, HashChain.START), 10);
            table.hasRecord(2, 2);
            table.hasRecord(3, 2);
            table.begun(segment(3, 3, HashChain.START), 20);
            table.hasRecord(4, 3);
            table.retired(new SegmentEntry.Retired(Runs.NOW, 1, 9, "ab".repeat(32), Map.of()));

            assertThat(table.isAnchored(2)).isTrue();
            assertThat(table.isAnchored(3)).isFalse();
            table.forgetRetired();
            assertThat(table.first()).isEqualTo(2);
            assertThat(table.starts()).containsOnlyKeys(2, 3);
            assertThat(List.of(table.ofRecord(1), table.ofRecord(2), table.ofRecord(3), table.ofRecord(4)))
                    .containsExactly(0, 2, 2, 3);
            assertThat(table.removable(Runs.NOW.plusSeconds(1), Duration.ZERO, 3))
                    .isEqualTo(2);
        }

        @Test
        void areRetiredOnlyAtTheEndThatTheNextOneContinues() {
            SegmentTable table = new SegmentTable();
            table.begun(segment(2, 0, HashChain.START), 10);
            for (SegmentEntry.Retired wrong : List.of(
                    new SegmentEntry.Retired(Runs.NOW, 1, 10, "ab".repeat(32), Map.of()),
                    new SegmentEntry.Retired(Runs.NOW, 1, 9, "cd".repeat(32), Map.of()),
                    new SegmentEntry.Retired(Runs.NOW, 2, 9, "ab".repeat(32), Map.of()))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> table.retired(wrong))
                        .withMessageContaining("at another end than the one the next segment continues");
            }
            assertThat(table.retired()).isZero();
        }

        private SegmentEntry.Begun at(int segment, Instant begun) {
            return new SegmentEntry.Begun(
                    begun, segment, "ab".repeat(32), 0, HashChain.START, Set.of(), Optional.empty());
        }
    }

    @Nested
    class AttemptsOfFobs {

        @Test
        void areThoseThatARetirementKeptAndNoOthers() {
            Attempts kept = new Attempts(2, Optional.of(Runs.NOW));
            ledger.attempts().put("04AABBCC", new Attempts(1, Optional.of(Runs.NOW)));
            take(segment(2, 0, HashChain.START));
            take(new SegmentEntry.Retired(Runs.NOW, 1, 0, "ab".repeat(32), Map.of(Runs.UID, kept)));

            assertThat(ledger.attempts()).isEqualTo(Map.of(Runs.UID, kept));
        }
    }

    @Nested
    class Snapshot {

        Ledger readBack() throws Exception {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            LedgerSnapshot.write(ledger, new DataOutputStream(bytes));
            return LedgerSnapshot.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        }

        @Test
        void holdsOpenRunsAsTheyStandAndWhatWaitsOrIsDead() throws Exception {
            begin();
            long opened = begin();
            take(new JournalEntry.Intended(Runs.NOW, opened, new Intent.Open("trx_9")));
            passNext();
            passNext();
            passNext();
            take(new JournalEntry.Settled(Runs.NOW, 2, new Settlement.Dead("no", 1)));

            Ledger read = readBack();

            assertThat(read.open()).isEqualTo(ledger.open());
            assertThat(read.open().get(0).transactionId()).isEmpty();
            assertThat(read.backlog().waiting(9)).isEqualTo(ledger.backlog().waiting(9));
            assertThat(read.backlog().dead()).isEqualTo(ledger.backlog().dead());
            assertThat(read.backlog().size()).isEqualTo(3);
            assertThat(read.lastRun(Runs.UID)).isEqualTo(HERE);
            assertThat(read.isRepaired()).isFalse();
        }

        @Test
        void remembersThatLinesAreLost() throws Exception {
            take(new SegmentEntry.Repaired(Runs.NOW, "smith", "repair-1", "the line is damaged"));

            assertThat(readBack().isRepaired()).isTrue();
            assertThat(readBack().lost()).isEqualTo(new LostLines(true, true, Set.of()));
            passNext();
            assertThat(readBack().lost()).isEqualTo(new LostLines(true, false, Set.of()));
        }

        @Test
        void remembersTheRunsThatBeganInARemovedSegment() throws Exception {
            line = 99;
            take(new SegmentEntry.Begun(
                    Runs.NOW, 5, "ab".repeat(32), 0, HashChain.START, Set.of(7L, 8L), Optional.empty()));

            assertThat(readBack().lost().begunBefore()).containsExactly(7L, 8L);
        }
    }
}
