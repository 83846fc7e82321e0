package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The N-th operation of the disk fails, for every N until a run of the station meets no fault. */
class DiskFaultsTest {

    private static final int FOBS = 6;
    private static final long SEGMENT_BYTES = 4096;

    @TempDir
    Path temp;

    private int cases;
    private int holds;
    private int changesAfterTheFault;
    private int lost;

    @Test
    void holdsBeforeTheNextFobAndChangesNoneAfterTheFault() throws Exception {
        List<String> failures = new ArrayList<>();
        for (FaultyDisk.Fault fault : FaultyDisk.Fault.values()) {
            FaultyDisk disk;
            int number = 0;
            do {
                disk = new FaultyDisk(fault, ++number);
                one(fault, disk, temp.resolve(fault + "-" + number), failures);
            } while (disk.hasFailed());
            assertThat(number).isGreaterThan(50);
        }
        System.out.printf(
                "disk faults: %d, holds with the right sentence: %d, fobs changed after the fault: %d, records lost: %d%n",
                cases, holds, changesAfterTheFault, lost);

        assertThat(failures).isEmpty();
        assertThat(holds).isEqualTo(cases);
        assertThat(changesAfterTheFault).isZero();
        assertThat(lost).isZero();
    }

    private void one(FaultyDisk.Fault fault, FaultyDisk disk, Path data, List<String> failures) throws Exception {
        JournalFolder folder = new JournalFolder(data);
        List<AuditRecord> acknowledged = new ArrayList<>();
        int begunLater = 0;
        Optional<String> sentence = Optional.empty();
        try (AuditJournal journal = folder.open(SEGMENT_BYTES, disk, Runs.CLOCK)) {
            AuditSettings settings = AuditSettings.of(data, Runs.STATION);
            Gate gate = new AuditGate(journal, new AuditSettings(data, Runs.STATION, settings.segmentBytes(), 1000, 0));
            for (int fob = 1; fob <= FOBS; fob++) {
                Optional<Gate.Hold> hold = gate.hold();
                if (hold.isPresent()) {
                    assertThat(hold.get().code()).isEqualTo(FailureCode.JOURNAL_FAILED);
                    sentence = hold.map(Gate.Hold::detail);
                    break;
                }
                begunLater += disk.hasFailed() ? 1 : 0;
                provision(journal, disk, "trx_" + fob, acknowledged);
            }
            sentence = sentence.or(() -> gate.hold().map(Gate.Hold::detail));
        } catch (JournalException e) {
            // The station does not start: no fob is served at all.
            sentence = Optional.of(e.getMessage());
        }
        if (disk.hasFailed()) {
            judge(fault, sentence, begunLater, acknowledged, failures);
        }
        try (AuditJournal again = folder.open(SEGMENT_BYTES)) {
            for (AuditRecord record : acknowledged) {
                lost += again.record(record.auditSeq()).filter(record::equals).isEmpty() ? 1 : 0;
            }
        }
    }

    private void judge(
            FaultyDisk.Fault fault,
            Optional<String> sentence,
            int begunLater,
            List<AuditRecord> acknowledged,
            List<String> failures) {
        boolean onlyTheCloseFailed = sentence.isEmpty() && acknowledged.size() == FOBS;
        if (onlyTheCloseFailed) {
            return;
        }
        cases++;
        if (sentence.filter(text -> text.contains(fault.sentence)).isPresent() && begunLater == 0) {
            holds++;
        } else {
            failures.add(fault + ": " + sentence + ", fobs begun after the fault: " + begunLater);
        }
    }

    /** As a run does it: what changes the fob comes after its intent, and nothing comes after a fault. */
    private void provision(AuditJournal journal, FaultyDisk disk, String transaction, List<AuditRecord> acknowledged) {
        try {
            long run = journal.begin(Runs.UID, Runs.READER);
            journal.intend(run, new Intent.Open(transaction));
            journal.intend(run, new Intent.Payload(Runs.TRACE));
            changeTheFob(disk);
            journal.intend(run, new Intent.Lock("secured", Runs.TRACE));
            changeTheFob(disk);
            acknowledged.add(journal.result(run, Runs.passed(transaction)));
        } catch (JournalException e) {
            assertThat(disk.hasFailed()).as(e.getMessage()).isTrue();
        }
    }

    private void changeTheFob(FaultyDisk disk) {
        changesAfterTheFault += disk.hasFailed() ? 1 : 0;
    }
}
