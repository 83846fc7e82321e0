package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditJournalTest {

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
    class Written {

        @Test
        void isAChainThatAnybodyCanCheck() throws Exception {
            Runs.pass(journal, "trx_1");

            byte[] previous = new byte[32];
            int n = 0;
            for (String line : folder.lines(1)) {
                n++;
                String head = "{\"n\":" + n + ",\"prev\":\"" + HexFormat.of().formatHex(previous) + "\",\"hash\":\"";
                assertThat(line).startsWith(head).endsWith("}}");
                String entry = line.substring(line.indexOf("\"entry\":") + 8, line.length() - 1);
                MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
                sha256.update(previous);
                previous = sha256.digest(entry.getBytes(StandardCharsets.UTF_8));
                assertThat(line.substring(head.length(), head.length() + 64))
                        .isEqualTo(HexFormat.of().formatHex(previous));
            }
            assertThat(n).isEqualTo(5);
        }

        @Test
        void saysWhatHappenedInOrder() throws Exception {
            AuditRecord record = Runs.pass(journal, "trx_1");
            journal.settle(record.auditSeq(), new Settlement.Delivered(new Receipt(200, 1)));

            assertThat(folder.lines(1))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("\"type\":\"BEGIN\"", "\"fob_uid\":\"11223344556677\""),
                            line -> assertThat(line).contains("\"kind\":\"OPEN\"", "\"transaction_id\":\"trx_1\""),
                            line -> assertThat(line).contains("\"kind\":\"PAYLOAD\"", "8050030008A1A2A3A4A5A6A7A800"),
                            line -> assertThat(line).contains("\"kind\":\"LOCK:rotate-keys\""),
                            line -> assertThat(line).contains("\"type\":\"RESULT\"", "\"audit_sequence\":1"),
                            line -> assertThat(line)
                                    .contains("\"type\":\"DELIVERED\"", "\"status\":200", "\"attempts\":1"));
        }

        @Test
        void chainsTheRecordsOverTheBodiesBytes() throws Exception {
            AuditRecord first = Runs.pass(journal, "trx_1");
            AuditRecord second = Runs.pass(journal, "trx_2");

            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(new byte[32]);
            String firstHash = HexFormat.of().formatHex(sha256.digest(first.body()));
            assertThat(first.auditHash()).isEqualTo(firstHash);
            assertThat(second.previousHash()).isEqualTo(firstHash);
            assertThat(List.of(first.auditSeq(), second.auditSeq())).containsExactly(1L, 2L);
            assertThat(first.id()).isNotEqualTo(second.id());
        }

        @Test
        void keepsTheDataFolderToItsOwner() throws Exception {
            new DataFolder(folder.data).create();

            for (Path inside :
                    List.of(folder.journal, folder.data.resolve("archive"), folder.data.resolve("requests"))) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inside)))
                        .isEqualTo("rwx------");
            }
        }

        @Test
        void refusesAnIntentOfARunThatIsNotOpen() throws Exception {
            AuditRecord record = Runs.pass(journal, "trx_1");
            int lines = folder.lines(1).size();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> journal.intend(record.envelope().run(), new Intent.Open("trx_2")))
                    .withMessage("run 1 is not open");
            assertThatIllegalArgumentException().isThrownBy(() -> journal.result(77, Runs.passed("trx_2")));
            assertThat(folder.lines(1)).hasSize(lines);
        }

        @Test
        void takesManyReadersAtOnce() throws Exception {
            int readers = 4;
            int runs = 15;
            ExecutorService threads = Executors.newFixedThreadPool(readers);
            List<Callable<Void>> work = IntStream.range(0, readers)
                    .<Callable<Void>>mapToObj(reader -> () -> {
                        for (int i = 0; i < runs; i++) {
                            Runs.pass(journal, "trx_" + reader + "_" + i);
                        }
                        return null;
                    })
                    .toList();
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
            threads.shutdown();

            restart();

            assertThat(journal.undelivered(1000))
                    .extracting(AuditRecord::auditSeq)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, readers * runs)
                            .mapToObj(Long::valueOf)
                            .toList());
        }

        @Test
        void isNotBrokenByAnInterruptedReader() throws Exception {
            Thread.currentThread().interrupt();
            Runs.pass(journal, "trx_1");
            assertThat(Thread.interrupted()).isTrue();

            Runs.pass(journal, "trx_2");
            assertThat(journal.fault()).isEmpty();
        }
    }

    @Nested
    class Settling {

        @Test
        void takesARecordOutOfTheOutboxForGood() throws Exception {
            Runs.pass(journal, "trx_1");
            Runs.pass(journal, "trx_2");
            Runs.failUntouched(journal, "local-3");

            journal.settle(1, new Settlement.Delivered(new Receipt(200, 1)));
            journal.settle(3, new Settlement.Local());

            assertThat(journal.undelivered(10))
                    .extracting(AuditRecord::auditSeq)
                    .containsExactly(2L);
            restart();
            assertThat(journal.undelivered(10))
                    .extracting(AuditRecord::auditSeq)
                    .containsExactly(2L);
            assertThat(journal.state(1)).isEqualTo(DeliveryState.SETTLED);
            assertThat(journal.state(2)).isEqualTo(DeliveryState.WAITING);
            assertThat(journal.state(4)).isEqualTo(DeliveryState.ABSENT);
        }

        @Test
        void changesNothingTheSecondTime() throws Exception {
            Runs.pass(journal, "trx_1");
            journal.settle(1, new Settlement.Dead("the KLMS answered 422", 1));
            journal.settle(1, new Settlement.Dead("the KLMS answered 500", 2));
            journal.settle(1, new Settlement.Replayed(new Receipt(200, 2)));
            int lines = folder.lines(1).size();

            journal.settle(1, new Settlement.Replayed(new Receipt(409, 3)));
            journal.settle(1, new Settlement.Delivered(new Receipt(200, 3)));
            journal.settle(1, new Settlement.Dead("late", 3));

            assertThat(folder.lines(1)).hasSize(lines);
            assertThat(journal.state(1)).isEqualTo(DeliveryState.SETTLED);
        }

        @Test
        void countsTheDeadAsBacklogUntilTheyAreReplayed() throws Exception {
            Runs.pass(journal, "trx_1");
            Runs.pass(journal, "trx_2");
            journal.settle(1, new Settlement.Dead("the KLMS answered 422", 1));

            assertThat(journal.backlog()).isEqualTo(2);
            restart();
            assertThat(journal.backlog()).isEqualTo(2);
            assertThat(journal.dead(1)).hasValueSatisfying(dead -> {
                assertThat(dead.dead()).isEqualTo(new Settlement.Dead("the KLMS answered 422", 1));
                assertThat(dead.record().transactionId()).isEqualTo("trx_1");
            });
            journal.settle(1, new Settlement.Replayed(new Receipt(200, 2)));
            assertThat(journal.backlog()).isEqualTo(1);
        }

        @Test
        void refusesARecordThatNeverWas() {
            assertThatIllegalArgumentException().isThrownBy(() -> journal.settle(1, new Settlement.Local()));
            assertThat(journal.fault()).isEmpty();
        }

        @Test
        void leavesTheRecordToBeFound() throws Exception {
            AuditRecord first = Runs.pass(journal, "trx_1");
            AuditRecord second = Runs.pass(journal, "trx_2");
            journal.settle(1, new Settlement.Delivered(new Receipt(200, 1)));

            assertThat(journal.record(1)).contains(first);
            assertThat(journal.record(2)).contains(second);
            assertThat(journal.record(3)).isEmpty();
            assertThat(journal.record(0)).isEmpty();
        }
    }

    @Nested
    class LookingBack {

        @Test
        void knowsTheLastRunOfAFobAfterARestartToo() throws Exception {
            Runs.pass(journal, "trx_1");
            restart();

            assertThat(journal.lastRun(Runs.UID)).hasValueSatisfying(run -> {
                assertThat(run.outcome()).isEqualTo(Outcome.PASS);
                assertThat(run.transactionId()).isEqualTo("trx_1");
                assertThat(run.endedAt()).isEqualTo("2023-10-27T14:32:01.123Z");
                assertThat(run.unknown()).isFalse();
            });
            assertThat(journal.lastRun("04A1B2C3")).isEmpty();
        }

        @Test
        void tellsTheLastRunFromTheLastThatBeganToWrite() throws Exception {
            Runs.pass(journal, "trx_1");
            Runs.failUntouched(journal, "local-2");

            assertThat(journal.lastRun(Runs.UID)).map(PastRun::transactionId).contains("local-2");
            assertThat(journal.lastWriting(Runs.UID))
                    .map(PastRun::transactionId)
                    .contains("trx_1");
        }

        @Test
        void knowsWhatTheLastRunWasAboutToDoAfterARestartToo() throws Exception {
            Runs.pass(journal, "trx_1");
            restart();

            assertThat(journal.lastWriting(Runs.UID))
                    .flatMap(PastRun::lastIntent)
                    .contains("LOCK:rotate-keys");
        }

        @Test
        void doesNotLetARunThatOnlyOpenedHideOneThatBeganToWrite() throws Exception {
            Runs.pass(journal, "trx_1");
            attempt(FailureCode.FOB_REMOVED, Stage.INITIALIZE_UPDATE);
            restart();

            assertThat(journal.lastRun(Runs.UID)).map(PastRun::transactionId).contains("trx");
            assertThat(journal.lastWriting(Runs.UID))
                    .map(PastRun::transactionId)
                    .contains("trx_1");
        }

        @Test
        void countsRunsThatOpenedAndDidNotAuthenticate() throws Exception {
            attempt(FailureCode.CARD_CRYPTOGRAM_MISMATCH, Stage.INITIALIZE_UPDATE);
            attempt(FailureCode.FOB_REMOVED, Stage.EXTERNAL_AUTHENTICATE);
            Runs.failUntouched(journal, "local-1");
            restart();

            assertThat(journal.attempts(Runs.UID).count()).isEqualTo(2);
            assertThat(journal.attempts(Runs.UID).last()).contains(Instant.parse("2023-10-27T14:32:01.123Z"));

            attempt(FailureCode.PAYLOAD_REFUSED, Stage.PAYLOAD_DELIVERY);
            assertThat(journal.attempts(Runs.UID).count()).isZero();
        }

        @Test
        void forgetsAttemptsWhenAnEngineerClearsThem() throws Exception {
            attempt(FailureCode.CARD_CRYPTOGRAM_MISMATCH, Stage.INITIALIZE_UPDATE);
            journal.request(new Request(Request.CLEAR_ATTEMPTS, List.of(Runs.UID), "smith", "root"));
            assertThat(journal.attempts(Runs.UID).count()).isZero();

            restart();
            assertThat(journal.attempts(Runs.UID).count()).isZero();
        }

        @Test
        void takesTheUidToClearInSmallLettersToo() throws Exception {
            long run = journal.begin("04ABCDEF", Runs.READER);
            journal.intend(run, new Intent.Open("trx"));
            RunResult failed = Runs.failed("trx", FailureCode.FOB_REMOVED, Stage.INITIALIZE_UPDATE, true);
            journal.result(run, Runs.ofFob("04abcdef", failed));
            assertThat(journal.attempts("04ABCDEF").count()).isEqualTo(1);

            journal.request(new Request(Request.CLEAR_ATTEMPTS, List.of("04abcdef"), "smith", "root"));

            assertThat(journal.attempts("04ABCDEF").count()).isZero();
        }

        private void attempt(FailureCode code, Stage stage) throws JournalException {
            long run = journal.begin(Runs.UID, Runs.READER);
            journal.intend(run, new Intent.Open("trx"));
            journal.result(run, Runs.failed("trx", code, stage, true));
        }
    }
}
