package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails while the station runs. */
class JournalFaultTest {

    @TempDir
    Path temp;

    JournalFolder folder;
    SickDisk disk;

    @BeforeEach
    void makeFolder() {
        folder = new JournalFolder(temp.resolve("data"));
        disk = new SickDisk();
    }

    /** A disk that becomes full, or cannot make anything durable, on command. */
    static final class SickDisk implements JournalFile.Opener {

        boolean full;
        boolean forceFails;

        @Override
        public JournalFile open(Path segment) throws IOException {
            JournalFile real = DiskJournalFile.open(segment);
            return new JournalFile() {
                @Override
                public void append(byte[] bytes) throws IOException {
                    if (full) {
                        real.append(Arrays.copyOf(bytes, bytes.length / 2));
                        throw new IOException("No space left on device");
                    }
                    real.append(bytes);
                }

                @Override
                public void force() throws IOException {
                    if (forceFails) {
                        throw new IOException("Input/output error");
                    }
                    real.force();
                }

                @Override
                public void truncate(long length) throws IOException {
                    real.truncate(length);
                }

                @Override
                public void close() throws IOException {
                    real.close();
                }
            };
        }
    }

    @Test
    void doesNotAcknowledgeWhatIsNotOnTheDisk() throws Exception {
        try (AuditJournal journal = folder.open(disk)) {
            long run = journal.begin(Runs.UID, Runs.READER);
            disk.forceFails = true;

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> journal.result(run, Runs.passed("trx_1")))
                    .withMessageContaining("The audit journal cannot be written")
                    .withMessageContaining("00000001.journal")
                    .withMessageContaining("Input/output error")
                    .withMessageContaining("the disk fails")
                    .withMessageContaining("Save data.dir and replace the disk, then start the station again.");
            assertThat(journal.undelivered(10)).isEmpty();
        }
    }

    @Test
    void refusesEverythingAfterAFailureUntilOpenedAgain() throws Exception {
        try (AuditJournal journal = folder.open(disk)) {
            Runs.pass(journal, "trx_1");
            disk.full = true;
            assertThatExceptionOfType(JournalException.class).isThrownBy(() -> journal.begin(Runs.UID, Runs.READER));
            disk.full = false;

            assertThatExceptionOfType(JournalException.class).isThrownBy(() -> journal.begin(Runs.UID, Runs.READER));
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> journal.settle(1, new Settlement.Local()));
            assertThat(journal.fault()).hasValueSatisfying(fault -> assertThat(fault)
                    .contains("00000001.journal", "No space left on device"));
            assertThat(journal.undelivered(10)).hasSize(1);
        }
        try (AuditJournal journal = folder.open()) {
            Runs.pass(journal, "trx_2");
            assertThat(journal.undelivered(10))
                    .extracting(AuditRecord::transactionId)
                    .containsExactly("trx_1", "trx_2");
        }
    }

    @Test
    void endsARunWhoseResultCouldNotBeWrittenAtTheNextStart() throws Exception {
        try (AuditJournal journal = folder.open(disk)) {
            long run = journal.begin(Runs.UID, Runs.READER);
            journal.intend(run, new Intent.Open("trx_1"));
            journal.intend(run, new Intent.Payload(Runs.TRACE));
            disk.full = true;
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> journal.result(run, Runs.passed("trx_1")));
        }
        try (AuditJournal journal = folder.open()) {
            assertThat(journal.undelivered(10))
                    .singleElement()
                    .extracting(AuditRecord::outcome)
                    .isEqualTo(AuditOutcome.UNKNOWN);
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "nobody can take an open file away there")
    void acknowledgesNothingThatHasNoNameOnTheDisk() throws Exception {
        try (AuditJournal journal = folder.open()) {
            long run = journal.begin(Runs.UID, Runs.READER);
            Path away = Files.move(folder.segment(1), temp.resolve("away"));

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> journal.intend(run, new Intent.Open("trx_1")))
                    .withMessageContaining("the folder or file is gone");
            assertThat(journal.fault()).isPresent();
            Files.move(away, folder.segment(1));
        }
        assertThatNoException().isThrownBy(() -> folder.open().close());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "nobody can take an open file away there")
    void acknowledgesNothingInAFileThatAnotherOneReplaced() throws Exception {
        try (AuditJournal journal = folder.open()) {
            journal.begin(Runs.UID, Runs.READER);
            Path copy = Files.copy(folder.segment(1), temp.resolve("copy"));
            Files.move(copy, folder.segment(1), StandardCopyOption.REPLACE_EXISTING);

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> journal.begin("04AABBCC", Runs.READER))
                    .withMessageContaining("another file has its name");
        }
    }
}
