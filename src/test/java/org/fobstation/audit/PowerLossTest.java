package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes at random operations of the disk, also while the next start cleans up: nothing that was acknowledged is
 * lost, and the station starts again. {@code -Dledger.powerlosses=N}, {@code -Dledger.seed=N}.
 */
class PowerLossTest {

    private static final int POINTS = Integer.getInteger("ledger.powerlosses", 500);
    private static final int OPERATIONS = 120;

    @TempDir
    Path temp;

    private final long seed = Long.getLong("ledger.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int acknowledged;
    private int lost;
    private int blockedStarts;
    private int tornTails;

    @Test
    void losesNothingAcknowledgedAndNeverBlocksAStart() throws Exception {
        List<String> failures = new ArrayList<>();
        for (int point = 0; point < POINTS; point++) {
            loseThePower(new JournalFolder(temp.resolve("data-" + point)), failures);
        }
        System.out.printf(
                "power losses: %d, torn tails set aside: %d, acknowledged entries: %d, lost: %d, blocked starts: %d"
                        + " (seed %d)%n",
                POINTS, tornTails, acknowledged, lost, blockedStarts, seed);

        assertThat(failures).isEmpty();
        assertThat(lost).isZero();
        assertThat(blockedStarts).isZero();
        assertThat(tornTails).isPositive();
    }

    private void loseThePower(JournalFolder folder, List<String> failures) throws Exception {
        Acknowledged known = new Acknowledged();
        PowerLossDisk disk = new PowerLossDisk(random, random.nextInt(OPERATIONS));
        while (!disk.isLost()) {
            run(folder, disk, known);
        }
        // The next start may lose the power too.
        run(folder, new PowerLossDisk(random, random.nextInt(4)), known);
        acknowledged += known.count();
        try (AuditJournal journal = folder.open(4096)) {
            for (AuditRecord record : known.records) {
                if (journal.record(record.auditSeq()).filter(record::equals).isEmpty()) {
                    lost++;
                    failures.add(record + " is lost");
                }
            }
            known.settled.forEach((seq, ignored) -> {
                if (journal.state(seq) != DeliveryState.SETTLED) {
                    lost++;
                    failures.add("the delivery of audit " + seq + " is lost");
                }
            });
            for (String transaction : known.intended) {
                boolean hasRecord = journal.undelivered(1000).stream()
                                .anyMatch(record -> record.transactionId().equals(transaction))
                        || known.records.stream()
                                .anyMatch(record -> record.transactionId().equals(transaction));
                if (!hasRecord) {
                    lost++;
                    failures.add("the run " + transaction + " touched its fob and has no record");
                }
            }
            Runs.pass(journal, "trx_after");
        } catch (JournalException e) {
            blockedStarts++;
            failures.add(e.getMessage());
        }
        tornTails += folder.files(".torn").size();
    }

    /** Fobs until the power goes. */
    private void run(JournalFolder folder, PowerLossDisk disk, Acknowledged known) {
        try (AuditJournal journal = folder.open(4096, disk, Runs.CLOCK)) {
            for (int fob = 0; fob < OPERATIONS; fob++) {
                String transaction = "trx_" + known.transactions++;
                long run = journal.begin(Runs.UID, Runs.READER);
                journal.intend(run, new Intent.Open(transaction));
                known.intended.add(transaction);
                journal.intend(run, new Intent.Payload(Runs.TRACE));
                AuditRecord record = journal.result(run, Runs.passed(transaction));
                known.records.add(record);
                journal.settle(record.auditSeq(), new Settlement.Delivered(new Receipt(200, 1)));
                known.settled.put(record.auditSeq(), transaction);
            }
        } catch (JournalException expected) {
            assertThat(disk.isLost()).as(expected.getMessage()).isTrue();
        }
    }

    /** What the journal said was on the disk. */
    private static final class Acknowledged {
        private final List<AuditRecord> records = new ArrayList<>();
        private final List<String> intended = new ArrayList<>();
        private final Map<Long, String> settled = new LinkedHashMap<>();
        private int transactions;

        int count() {
            return records.size() + intended.size() + settled.size();
        }
    }
}
