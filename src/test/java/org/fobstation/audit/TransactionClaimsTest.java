package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction id belongs to one run, with segments of 4 KiB and a retention of 731 days. */
class TransactionClaimsTest {

    @TempDir
    Path temp;

    private final MovableClock clock = new MovableClock();
    private JournalFolder folder;
    private AuditJournal journal;

    @BeforeEach
    void open() throws Exception {
        folder = new JournalFolder(temp.resolve("data"));
        journal = folder.open(4096, DiskJournalFile::open, clock);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private void restart() throws Exception {
        journal.close();
        journal = folder.open(4096, DiskJournalFile::open, clock);
    }

    private Optional<TransactionUse> claim(String transaction) throws Exception {
        return journal.claim(journal.begin("04AABBCC", Runs.READER), transaction);
    }

    @Test
    void isFreeUntilARunHasIt() throws Exception {
        long run = journal.begin(Runs.UID, Runs.READER);

        assertThat(journal.claim(run, "trx_1")).isEmpty();
        assertThat(journal.claim(run, "trx_1")).as("its own").isEmpty();
        assertThat(claim("trx_2")).isEmpty();
    }

    @Test
    void isTakenByARunThatGoesOnAndHasWrittenNothing() throws Exception {
        journal.claim(journal.begin(Runs.UID, Runs.READER), "trx_1");

        assertThat(claim("trx_1")).contains(new TransactionUse(Optional.of(Runs.UID), Optional.empty()));
        assertThat(claim("trx_1").orElseThrow().describe()).isEqualTo("fob 11223344556677, now");
    }

    @Test
    void isTakenByOneRunOfManyAtTheSameTime() throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(4);
        try {
            Callable<Optional<TransactionUse>> claim = () -> claim("trx_1");
            int given = 0;
            for (Future<Optional<TransactionUse>> one : readers.invokeAll(List.of(claim, claim, claim, claim))) {
                given += one.get().isEmpty() ? 1 : 0;
            }
            assertThat(given).isEqualTo(1);
        } finally {
            readers.shutdown();
        }
    }

    @Test
    void isTakenForGoodWhateverTheRunCameTo() throws Exception {
        AuditRecord passed = Runs.pass(journal, "trx_1");
        long failed = journal.begin(Runs.UID, Runs.READER);
        journal.result(failed, Runs.failed("trx_2", FailureCode.PAYLOAD_NOT_ALLOWED, Stage.KEY_REQUEST, true));

        for (int start = 0; start < 3; start++) {
            assertThat(claim("trx_1"))
                    .contains(new TransactionUse(
                            Optional.of(Runs.UID), Optional.of(passed.envelope().endedAt())));
            assertThat(claim("trx_2")).isPresent();
            restart();
        }
    }

    @Test
    void isTakenByARunThatAStoppedProcessLeftBehind() throws Exception {
        long run = journal.begin(Runs.UID, Runs.READER);
        journal.claim(run, "trx_1");
        journal.intend(run, new Intent.Open("trx_1"));
        assertThat(claim("trx_1").orElseThrow().fobUid()).contains(Runs.UID);
        restart();

        assertThat(claim("trx_1").orElseThrow().fobUid()).contains(Runs.UID);
    }

    @Test
    void isFreeAgainIfNothingWasDoneUnderItBeforeTheProcessEnded() throws Exception {
        journal.claim(journal.begin(Runs.UID, Runs.READER), "trx_1");
        restart();

        assertThat(claim("trx_1")).isEmpty();
    }

    @Test
    void isFoundInEverySegmentWithAndWithoutACheckpoint() throws Exception {
        for (int i = 1; i <= 30; i++) {
            Runs.pass(journal, "trx_" + i);
        }
        assertThat(folder.files(".journal")).hasSizeGreaterThan(8);
        restart();
        assertAllTaken();
        Path checkpoint = Checkpoint.file(new JournalSegments(folder.journal));
        assertThat(checkpoint).exists();
        restart();
        assertAllTaken();
        journal.close();
        Files.deleteIfExists(checkpoint);
        restart();
        assertAllTaken();
    }

    private void assertAllTaken() throws Exception {
        for (int i = 1; i <= 30; i++) {
            assertThat(claim("trx_" + i)).as("trx_" + i).isPresent();
        }
        assertThat(claim("trx_31_" + journal.begin(Runs.UID, Runs.READER))).isEmpty();
    }

    @Test
    void isForgottenWithTheSegmentThatRetentionRemoves() throws Exception {
        for (int i = 1; i <= 8; i++) {
            Runs.pass(journal, "trx_" + i);
            journal.settle(i, new Settlement.Delivered(new Receipt(200, 1)));
        }
        journal.close();
        folder.age(clock, AuditSettings.RETENTION.plusSeconds(1));
        restart();

        assertThat(folder.segment(1)).doesNotExist();
        assertThat(claim("trx_1")).isEmpty();
        assertThat(claim("trx_8")).as("in the first segment that is kept").isPresent();
    }
}
