package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start from a checkpoint is like a start from the files alone. */
class CheckpointTest {

    @TempDir
    Path temp;

    JournalFolder folder;
    AuditJournal journal;

    @BeforeEach
    void fill() throws Exception {
        folder = new JournalFolder(temp.resolve("data"));
        journal = folder.open(4096);
        for (int i = 1; i <= 8; i++) {
            Runs.pass(journal, "trx_" + i);
        }
        journal.settle(2, new Settlement.Delivered(new Receipt(200, 1)));
        journal.settle(3, new Settlement.Dead("the KLMS answered 422", 1));
        journal.begin("04DDEEFF", Runs.READER);
        for (int i = 9; i <= 12; i++) {
            Runs.pass(journal, "trx_" + i);
        }
        failToAuthenticate("trx_13");
        LineStop.watch(journal, 1, Runs.CLOCK);
        for (int i = 14; i <= 15; i++) {
            long run = journal.begin("04AABBCC", Runs.READER);
            journal.intend(run, new Intent.Open("trx_" + i));
            journal.result(run, Runs.passed("trx_" + i, "04AABBCC"));
        }
        journal.close();
        journal = folder.open(4096);
        journal.close();
    }

    void failToAuthenticate(String transaction) throws Exception {
        long run = journal.begin(Runs.UID, Runs.READER);
        journal.intend(run, new Intent.Open(transaction));
        journal.result(
                run, Runs.failed(transaction, FailureCode.CARD_CRYPTOGRAM_MISMATCH, Stage.INITIALIZE_UPDATE, true));
    }

    @AfterEach
    void close() {
        journal.close();
    }

    Path checkpoint() {
        return Checkpoint.file(new JournalSegments(folder.journal));
    }

    byte[] stateOf(JournalLoad load) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LedgerSnapshot.write(load.ledger(), new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @Test
    void isUsedAndGivesTheSameLedgerAsAllTheFiles() throws Exception {
        JournalSegments segments = new JournalSegments(folder.journal);
        assertThat(checkpoint()).exists();

        JournalLoad fromCheckpoint = JournalLoad.of(segments);
        JournalLoad fromFiles = JournalLoad.whole(segments);

        assertThat(fromCheckpoint.unproved()).isPresent();
        assertThat(stateOf(fromCheckpoint)).isEqualTo(stateOf(fromFiles));
        assertThat(fromCheckpoint.tail().hash()).isEqualTo(fromFiles.tail().hash());
        assertThat(fromCheckpoint.tail().length()).isEqualTo(fromFiles.tail().length());
    }

    @Test
    void goesOnFromThere() throws Exception {
        journal = folder.open(4096);
        Attempts attempts = journal.attempts(Runs.UID);
        AuditRecord next = Runs.pass(journal, "trx_16");

        assertThat(next.auditSeq()).isEqualTo(16);
        assertThat(journal.state(2)).isEqualTo(DeliveryState.SETTLED);
        assertThat(journal.state(3)).isEqualTo(DeliveryState.DEAD);
        assertThat(attempts.count()).isEqualTo(1);
        assertThat(journal.record(2)).map(AuditRecord::transactionId).contains("trx_2");
        assertThat(journal.lastRun("04AABBCC")).map(PastRun::transactionId).contains("trx_15");
    }

    @Test
    void isNotMissedWhenItIsGone() throws Exception {
        Files.delete(checkpoint());
        journal = folder.open(4096);

        assertThat(journal.backlog()).isEqualTo(14);
        assertThat(checkpoint()).exists();
    }

    @Test
    void isNotUsedWhenAnyByteOfItChanged() throws Exception {
        byte[] good = Files.readAllBytes(checkpoint());
        for (int at = 0; at < good.length; at += 37) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(checkpoint(), bad);
            assertThat(Checkpoint.load(new JournalSegments(folder.journal))).isEmpty();
        }
        Files.write(checkpoint(), Arrays.copyOf(good, good.length / 2));
        assertThat(Checkpoint.load(new JournalSegments(folder.journal))).isEmpty();
    }

    @Test
    void isNotUsedForFilesOfAnotherLength() throws Exception {
        Files.write(folder.segment(1), Arrays.copyOf(Files.readAllBytes(folder.segment(1)), 100));

        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> folder.open(4096))
                .withMessageContaining("00000001.journal");
    }

    @Test
    void isProvedAfterTheStartSoThatDamageBehindItIsAHold() throws Exception {
        byte[] bytes = Files.readAllBytes(folder.segment(2));
        bytes[bytes.length / 2] ^= 1;
        Files.write(folder.segment(2), bytes);

        journal = folder.open(4096);

        await().until(() -> journal.fault().isPresent());
        assertThat(journal.fault().orElseThrow()).contains("The audit journal is damaged", "00000002.journal, line");
        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> journal.begin(Runs.UID, Runs.READER));
    }

    @Test
    void isNoReasonToRefuseAJournalThatIsInOrder() throws Exception {
        AuditedFolder repaired = AuditedFolder.with(temp.resolve("repaired"), 8, 4096);
        AuditRecord lost = repaired.records.get(6);
        repaired.edit(
                "\"type\":\"RESULT\",\"at\":\"" + Runs.NOW + "\",\"audit_sequence\":7,", "\"hash\":\"", "\"hash\":\"z");
        Files.delete(repaired.file(lost));
        DataRepair.repair(repaired.data, "smith", Runs.CLOCK);

        for (int start = 1; start <= 3; start++) {
            try (AuditJournal opened = repaired.journal.open(1 << 20)) {
                assertThat(opened.record(8)).as("start %d", start).contains(repaired.records.get(7));
            }
        }
    }
}
