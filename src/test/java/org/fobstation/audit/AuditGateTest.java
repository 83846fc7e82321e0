package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditGateTest {

    @TempDir
    Path data;

    AuditSettings settings(int maxBacklog, long minFree) {
        return new AuditSettings(data, Runs.STATION, AuditSettings.SEGMENT_BYTES, maxBacklog, minFree);
    }

    @Test
    void closesWhenTooManyRecordsWaitAndCountsTheDead() throws Exception {
        try (AuditJournal journal = AuditJournal.open(settings(2, 0), Runs.CLOCK)) {
            Gate gate = new AuditGate(journal, settings(2, 0));
            Runs.pass(journal, "trx_1");
            Runs.pass(journal, "trx_2");
            journal.settle(1, new Settlement.Dead("the KLMS answered 422", 1));
            assertThat(gate.hold()).isEmpty();

            Runs.pass(journal, "trx_3");
            assertThat(gate.hold())
                    .contains(new Gate.Hold(FailureCode.BACKLOG_FULL, "3 records, audit.max-backlog is 2"));

            journal.settle(1, new Settlement.Replayed(new Receipt(200, 2)));
            assertThat(gate.hold()).isEmpty();
        }
    }

    @Test
    void closesWhenTheDiskHasTooLittleRoom() throws Exception {
        try (AuditJournal journal = AuditJournal.open(settings(2, Long.MAX_VALUE), Runs.CLOCK)) {
            Gate gate = new AuditGate(journal, settings(2, Long.MAX_VALUE));

            assertThat(gate.hold()).hasValueSatisfying(hold -> {
                assertThat(hold.code()).isEqualTo(FailureCode.JOURNAL_FAILED);
                assertThat(hold.detail())
                        .matches("free on disk are [1-9][0-9]* MiB, audit.min-free is 8796093022207 MiB");
            });
        }
    }

    @Test
    void closesWhenTheJournalFailed() throws Exception {
        JournalFaultTest.SickDisk disk = new JournalFaultTest.SickDisk();
        JournalFolder folder = new JournalFolder(data);
        try (AuditJournal journal = folder.open(disk)) {
            Gate gate = new AuditGate(journal, settings(2, 0));
            assertThat(gate.hold()).isEmpty();
            disk.full = true;
            assertThatExceptionOfType(JournalException.class).isThrownBy(() -> journal.begin("04", "R"));

            assertThat(gate.hold()).map(Gate.Hold::code).contains(FailureCode.JOURNAL_FAILED);
        }
    }

    @Test
    void closesWhenTheDiskIsGone() throws Exception {
        try (AuditJournal journal = AuditJournal.open(settings(2, 0), Runs.CLOCK)) {
            Gate gate = new AuditGate(journal, settings(2, 0));
            Path folder = data.resolve("journal");
            Files.move(folder, data.resolve("unplugged"));

            assertThat(gate.hold()).hasValueSatisfying(hold -> {
                assertThat(hold.code()).isEqualTo(FailureCode.JOURNAL_FAILED);
                assertThat(hold.detail()).startsWith(folder + ": the folder or file is gone");
            });
            Files.move(data.resolve("unplugged"), folder);
            assertThat(gate.hold()).isEmpty();
        }
    }
}
