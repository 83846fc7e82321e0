package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.fobstation.outcome.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a journal is shortened, with segments of 4 KiB and a retention of 731 days. */
class RetentionTest {

    static final Duration RETENTION = AuditSettings.RETENTION;

    @TempDir
    Path temp;

    JournalFolder folder;
    MovableClock clock;
    AuditJournal journal;

    @BeforeEach
    void open() throws Exception {
        folder = new JournalFolder(temp.resolve("data"));
        clock = new MovableClock();
        journal = folder.open(4096, DiskJournalFile::open, clock);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    void restart() throws Exception {
        journal.close();
        journal = folder.open(4096, DiskJournalFile::open, clock);
    }

    /** Time passes as a station in use sees it; then it starts once more. */
    void restartAfter(Duration time) throws Exception {
        journal.close();
        folder.age(clock, time);
        restart();
    }

    /** Records 1 to 8, all settled, in several segments. */
    void fill() throws Exception {
        for (int i = 1; i <= 8; i++) {
            Runs.pass(journal, "trx_" + i);
            journal.settle(i, new Settlement.Delivered(new Receipt(200, 1)));
        }
    }

    List<String> segments() throws Exception {
        return folder.files(".journal").stream()
                .map(file -> file.getFileName().toString())
                .toList();
    }

    String segmentWith(String text) throws Exception {
        for (Path file : folder.files(".journal")) {
            if (Files.readString(file).contains(text)) {
                return file.getFileName().toString();
            }
        }
        throw new AssertionError("no segment with " + text);
    }

    @Test
    void keepsEverythingUntilItIsOldEnough() throws Exception {
        fill();
        List<String> before = segments();
        restartAfter(RETENTION);

        assertThat(segments()).containsAll(before).hasSizeGreaterThan(3);
    }

    @Test
    void keepsEverythingThoughTheClockIsFarAheadForOneStart() throws Exception {
        fill();
        List<String> before = segments();
        Duration leap = Duration.ofDays(3_650);
        clock.pass(leap);
        restart();
        for (int i = 9; i <= 16; i++) {
            Runs.pass(journal, "trx_" + i);
            journal.settle(i, new Settlement.Delivered(new Receipt(200, 1)));
        }
        assertThat(segments()).containsAll(before);

        clock.pass(leap.negated());
        restart();
        restartAfter(RETENTION.minusDays(1));
        assertThat(segments()).containsAll(before);
        // The step with the leaps in it is lost to retention.
        restartAfter(RETENTION.dividedBy(10).plusDays(2));
        assertThat(segments()).doesNotContainAnyElementsOf(before);
    }

    @Test
    void keepsEverythingThoughTheClockIsBehindAtEveryStart() throws Exception {
        fill();
        List<String> before = segments();
        Duration leap = Duration.ofDays(3_650);
        for (int start = 1; start <= 3; start++) {
            clock.pass(leap.negated());
            journal.close();
            folder.age(clock, Duration.ofMinutes(1));
            clock.pass(leap.plusDays(1));
            restart();
        }

        assertThat(segments()).containsAll(before);
    }

    @Test
    void removesWholeSegmentsThatAreOldEnoughAndStaysProvable() throws Exception {
        fill();
        int last = segments().size();
        restartAfter(RETENTION.plusSeconds(1));

        assertThat(segments().get(0)).isEqualTo(String.format("%08d.journal", last));
        assertThat(JournalLoad.whole(new JournalSegments(folder.journal))
                        .ledger()
                        .auditSeq())
                .isEqualTo(8);
        Runs.pass(journal, "trx_9");
        restart();
        restart();
        assertThat(journal.undelivered(10)).extracting(AuditRecord::auditSeq).containsExactly(9L);
    }

    @Test
    void removesThemWhileRunningTooWhenASegmentIsFull() throws Exception {
        fill();
        int before = segments().size();
        restartAfter(RETENTION);
        clock.pass(Duration.ofSeconds(1));
        for (int i = 9; i <= 12; i++) {
            Runs.pass(journal, "trx_" + i);
        }

        assertThat(segments()).doesNotContain("00000001.journal");
        assertThat(segments().get(0)).isEqualTo(String.format("%08d.journal", before));
    }

    @Test
    void keepsWhyTheLineIsHeldUntilItIsReleased() throws Exception {
        LineStop.watch(journal, 1, clock);
        long run = journal.begin(Runs.UID, Runs.READER);
        journal.result(run, Runs.failed("trx_1", FailureCode.KLMS_TLS, Stage.KEY_REQUEST, false));
        journal.settle(1, new Settlement.Local());
        for (int i = 2; i <= 8; i++) {
            Runs.pass(journal, "trx_" + i);
            journal.settle(i, new Settlement.Delivered(new Receipt(200, 1)));
        }
        restartAfter(RETENTION.plusSeconds(1));
        LineStop line = LineStop.watch(journal, 1, clock);
        assertThat(line.hold()).map(Gate.Hold::code).contains(FailureCode.KLMS_TLS);
        assertThat(segments()).contains("00000001.journal");

        assertThat(line.release(new Request(Request.RELEASE, List.of(), "smith", "smith"), "mended"))
                .isPresent();
        restart();

        assertThat(segments()).doesNotContain("00000001.journal");
        restart();
        assertThat(LineStop.watch(journal, 1, clock).hold()).isEmpty();
    }

    @Test
    void keepsWhatIsNotDelivered() throws Exception {
        fill();
        AuditRecord waiting = Runs.pass(journal, "trx_9");
        journal.settle(9, new Settlement.Dead("the KLMS answered 422", 1));
        for (int i = 10; i <= 14; i++) {
            Runs.pass(journal, "trx_" + i);
            journal.settle(i, new Settlement.Delivered(new Receipt(200, 1)));
        }
        String last = segments().get(segments().size() - 1);
        String holding = segmentWith("\"audit_sequence\":9,\"id\"");
        restartAfter(RETENTION.plusSeconds(1));

        assertThat(journal.record(9)).contains(waiting);
        assertThat(segments()).first().isEqualTo(holding).isNotEqualTo("00000001.journal");
        journal.settle(9, new Settlement.Replayed(new Receipt(200, 2)));
        restart();
        assertThat(segments()).first().isEqualTo(last);
    }

    @Test
    void forgetsFobsWithTheirSegmentsButNotTheirAttempts() throws Exception {
        for (int i = 1; i <= 3; i++) {
            long run = journal.begin(Runs.UID, Runs.READER);
            journal.intend(run, new Intent.Open("trx_" + i));
            journal.result(
                    run, Runs.failed("trx_" + i, FailureCode.CARD_CRYPTOGRAM_MISMATCH, Stage.INITIALIZE_UPDATE, true));
            journal.settle(i, new Settlement.Delivered(new Receipt(200, 1)));
        }
        Attempts attempts = journal.attempts(Runs.UID);
        for (int i = 4; i <= 8; i++) {
            long run = journal.begin("04AABBCC", Runs.READER);
            journal.intend(run, new Intent.Open("trx_" + i));
            journal.result(run, Runs.passed("trx_" + i, "04AABBCC"));
            journal.settle(i, new Settlement.Delivered(new Receipt(200, 1)));
        }
        restartAfter(RETENTION.plusSeconds(1));
        restart();

        assertThat(attempts.count()).isEqualTo(3);
        assertThat(journal.attempts(Runs.UID)).isEqualTo(attempts);
        assertThat(journal.lastRun(Runs.UID)).isEmpty();
        assertThat(journal.state(1)).isEqualTo(DeliveryState.SETTLED);
        assertThat(journal.record(1)).isEmpty();
    }

    @Test
    void noticesFirstSegmentsThatNoRetentionRemoved() throws Exception {
        fill();
        journal.close();
        Files.delete(folder.segment(1));
        Files.delete(folder.segment(2));

        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> folder.open(4096))
                .withMessageContaining("00000002.journal: the segment is missing");
    }

    @Test
    void noticesMoreSegmentsMissingThanRetentionRemoved() throws Exception {
        fill();
        restartAfter(RETENTION.plusSeconds(1));
        int first = Integer.parseInt(segments().get(0).substring(0, 8));
        for (int i = 9; i <= 14; i++) {
            Runs.pass(journal, "trx_" + i);
        }
        journal.close();
        Files.delete(folder.segment(first));

        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> folder.open(4096))
                .withMessageContaining("the segment is missing");
    }

    @Test
    void finishesARemovalThatWasCutShort() throws Exception {
        fill();
        Path saved = temp.resolve("saved");
        int last = segments().size();
        Files.copy(folder.segment(last - 1), saved);
        restartAfter(RETENTION.plusSeconds(1));
        journal.close();
        Files.move(saved, folder.segment(last - 1));

        restart();
        assertThat(segments()).first().isEqualTo(String.format("%08d.journal", last));
    }

    @Test
    void isNoDamageToTheProofThatReadsAtThatTime() throws Exception {
        fill();
        restart();
        restartAfter(RETENTION.plusSeconds(1));

        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("journal-proof")));
        assertThat(segments()).doesNotContain("00000001.journal", "00000002.journal");
        assertThat(journal.fault()).isEmpty();
    }
}
