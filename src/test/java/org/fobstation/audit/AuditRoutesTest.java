package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped routes/audit.yaml. */
class AuditRoutesTest {

    @TempDir
    Path data;

    StubKlms klms;
    AuditStation station;

    @BeforeEach
    void build() {
        klms = new StubKlms();
        station = new AuditStation(data, klms);
    }

    @AfterEach
    void close() {
        station.close();
    }

    void awaitState(long auditSeq, DeliveryState state) {
        await().until(() -> station.journal.state(auditSeq) == state);
    }

    String lastLine() throws Exception {
        List<String> lines = Files.readAllLines(station.folder.journal().resolve("00000001.journal"));
        return lines.get(lines.size() - 1);
    }

    @Nested
    class KlmsThere {

        @BeforeEach
        void start() throws Exception {
            station.start();
        }

        @Test
        void getsTheExactBytesAndWhatBelongsToThem() throws Exception {
            AuditRecord record = Runs.pass(station.journal, "trx_1");
            awaitState(1, DeliveryState.SETTLED);

            assertThat(klms.posts()).singleElement().satisfies(post -> {
                assertThat(post.body()).isEqualTo(record.bodyText());
                assertThat(post.headers())
                        .containsEntry("Idempotency-Key", record.id().toString())
                        .containsEntry("X-Audit-Sequence", 1L)
                        .containsEntry("X-Audit-Hash", record.auditHash())
                        .containsEntry("X-Audit-Previous", HashChain.START)
                        .containsEntry("X-Audit-Outcome", "SUCCESS")
                        .containsEntry("X-Audit-Attempt", 1)
                        .containsEntry("X-Station-Version", "1.0.0");
            });
            assertThat(lastLine()).contains("\"type\":\"DELIVERED\"", "\"status\":200", "\"attempts\":1");
        }

        @Test
        void getsTheRecordsInOrder() throws Exception {
            for (int i = 1; i <= 20; i++) {
                Runs.pass(station.journal, "trx_" + i);
            }
            awaitState(20, DeliveryState.SETTLED);

            assertThat(klms.posts())
                    .extracting(StubKlms.Post::sequence)
                    .isSorted()
                    .hasSize(20);
        }

        @Test
        void archivesEachRecordWithBodyAndEnvelope() throws Exception {
            AuditRecord record = Runs.pass(station.journal, "trx_1");
            awaitState(1, DeliveryState.SETTLED);

            assertThat(station.files(station.folder.archive())).containsExactly("2023-10-27/1-trx_1.json");
            Path file = station.folder.archive().resolve("2023-10-27/1-trx_1.json");
            assertThat(Files.readAllBytes(file)).isEqualTo(ArchiveFile.of(record));
            assertThat(Files.readString(file))
                    .contains("\"body\" : " + record.bodyText() + "\n}")
                    .contains(record.auditHash(), record.id().toString(), "LINE_04_READER_01", "\"micros\" : 12000")
                    .contains("level 33 where i says 20");
            assertThat(RecordJson.MAPPER
                            .readTree(file.toFile())
                            .get("body")
                            .get("transaction_id")
                            .textValue())
                    .isEqualTo("trx_1");
        }

        @Test
        void doesNotGetARecordThatStaysHere() throws Exception {
            Runs.failUntouched(station.journal, "local-1");
            Runs.pass(station.journal, "trx_2");
            awaitState(2, DeliveryState.SETTLED);

            assertThat(klms.posts()).extracting(StubKlms.Post::sequence).containsExactly(2L);
            assertThat(station.files(station.folder.archive()))
                    .containsExactly("2023-10-27/1-local-1.json", "2023-10-27/2-trx_2.json");
            assertThat(Files.readString(station.folder.journal().resolve("00000001.journal")))
                    .contains("\"type\":\"LOCAL\"");
        }

        @Test
        void isNotAskedTwiceWhenItHasTheRecordAlready() throws Exception {
            klms.answerNext(409);
            Runs.pass(station.journal, "trx_1");
            awaitState(1, DeliveryState.SETTLED);

            assertThat(klms.posts()).hasSize(1);
            assertThat(lastLine()).contains("\"type\":\"DELIVERED\"", "\"status\":409");
            assertThat(station.deadLetters()).isEmpty();
        }
    }

    @Nested
    class KlmsInTrouble {

        @ParameterizedTest
        @ValueSource(ints = {401, 403, 408, 429, 500, 503, 0})
        void isAskedAgainUnderTheSameId(int status) throws Exception {
            station.start();
            klms.answerNext(status, status);
            AuditRecord record = Runs.pass(station.journal, "trx_1");
            awaitState(1, DeliveryState.SETTLED);

            assertThat(klms.posts()).hasSize(3).allSatisfy(post -> {
                assertThat(post.id()).isEqualTo(record.id().toString());
                assertThat(post.body()).isEqualTo(record.bodyText());
            });
            assertThat(klms.posts())
                    .extracting(post -> post.headers().get("X-Audit-Attempt"))
                    .containsExactly(1, 2, 3);
            assertThat(lastLine()).contains("\"type\":\"DELIVERED\"", "\"attempts\":3");
        }

        @Test
        void takesARecordOnceThoughItsAnswerWasLost() throws Exception {
            station.start();
            klms.takeAndAnswer(500);
            Runs.pass(station.journal, "trx_1");
            awaitState(1, DeliveryState.SETTLED);

            assertThat(klms.posts()).hasSize(2);
            assertThat(klms.taken()).hasSize(1);
            assertThat(lastLine()).contains("\"type\":\"DELIVERED\"", "\"status\":409", "\"attempts\":2");
        }

        @ParameterizedTest
        @ValueSource(ints = {400, 404, 413, 422, 302})
        void thatRefusesForGoodMakesADeadLetterAtOnce(int status) throws Exception {
            station.start();
            klms.answerNext(status);
            AuditRecord record = Runs.pass(station.journal, "trx_1");
            awaitState(1, DeliveryState.DEAD);

            assertThat(klms.posts()).hasSize(1);
            assertThat(station.deadLetters()).containsExactly("1-trx_1.json");
            assertThat(Files.readString(station.folder.deadLetters().resolve("1-trx_1.json")))
                    .contains("\"reason\" : \"the KLMS answered " + status + " Status " + status
                            + ": \\\"no: \\\\u0007 [32 hex digits]\\\"\"")
                    .contains("\"attempts\" : 1")
                    .contains(record.bodyText())
                    .contains("\"refused\" : true")
                    .doesNotContain("00112233");
        }

        @Test
        void getsNoBacklogWhileItIsKnownToBeAwayAndAllOfItInOrderWhenItIsBack() throws Exception {
            station.backoff = "40";
            klms.goAway();
            station.start();
            for (int i = 1; i <= 20; i++) {
                Runs.pass(station.journal, "trx_" + i);
            }
            awaitState(20, DeliveryState.DEAD);

            assertThat(klms.posts())
                    .extracting(StubKlms.Post::sequence)
                    .as("the retries of the first one, then probes of the oldest")
                    .startsWith(1L, 1L, 1L, 1L)
                    .containsOnly(1L);
            assertThat(station.deadLetters()).hasSize(20);
            assertThat(station.files(station.folder.archive())).hasSize(20);
            assertThat(Files.readString(station.folder.deadLetters().resolve("20-trx_20.json")))
                    .contains("not posted: the KLMS's audit side is away since", "Connection refused")
                    .contains("\"attempts\" : 0", "\"refused\" : false");

            klms.comeBack();
            Runs.pass(station.journal, "trx_21");
            awaitState(21, DeliveryState.SETTLED);
            await().until(() -> station.journal.backlog() == 0);
            assertThat(klms.takenInOrderOfArrival())
                    .extracting(StubKlms.Post::sequence)
                    .isSorted()
                    .hasSize(21);
            await().until(() -> station.deadLetters().isEmpty());
        }

        @Test
        void doesNotStandStillForOneRecordThatItCannotTake() throws Exception {
            klms.failFor(post -> post.sequence() == 2);
            station.start();
            for (int i = 1; i <= 10; i++) {
                String uid = "0411223344%02X66".formatted(i);
                long run = station.journal.begin(uid, Runs.READER);
                station.journal.result(run, Runs.passed("trx_" + i, uid));
            }
            await().until(() -> klms.taken().size() == 9);

            await().until(() -> station.journal.backlog() == 1);
            assertThat(station.journal.state(2)).isEqualTo(DeliveryState.DEAD);
            assertThat(klms.postsOf(2)).hasSizeLessThan(10);
        }
    }

    @Nested
    class Stopped {

        @Test
        void doesNotMakeADeadLetterOfARecordBeingRetried() throws Exception {
            station.retries = "100";
            station.backoff = "500";
            klms.goAway();
            station.start();
            Runs.pass(station.journal, "trx_1");
            await().until(() -> klms.posts().size() > 1);
            station.close();

            assertThat(station.deadLetters()).isEmpty();
            klms.comeBack();
            station.start();
            awaitState(1, DeliveryState.SETTLED);
            assertThat(klms.taken()).hasSize(1);
        }

        @Test
        void deliversAtTheNextStartWhatWasNot() throws Exception {
            station.openJournal();
            for (int i = 1; i <= 5; i++) {
                Runs.pass(station.journal, "trx_" + i);
            }
            station.close();
            assertThat(klms.posts()).isEmpty();

            station.start();
            awaitState(5, DeliveryState.SETTLED);
            assertThat(klms.taken()).extracting(StubKlms.Post::sequence).containsExactly(1L, 2L, 3L, 4L, 5L);
        }

        @Test
        void losesNothingInTheMiddleAndSendsNothingUnderANewId() throws Exception {
            station.start();
            for (int i = 1; i <= 60; i++) {
                Runs.pass(station.journal, "trx_" + i);
                if (i % 20 == 0) {
                    station.close();
                    station.start();
                }
            }
            awaitState(60, DeliveryState.SETTLED);

            assertThat(klms.taken())
                    .extracting(StubKlms.Post::sequence)
                    .hasSize(60)
                    .doesNotHaveDuplicates();
            assertThat(station.files(station.folder.archive())).hasSize(60);
        }
    }

    @Nested
    class DiskInTrouble {

        @Test
        void settlesNothingThatIsNotArchived() throws Exception {
            station.openJournal();
            Path blocked = station.folder.archive().resolve("2023-10-27");
            Files.writeString(blocked, "a file where a folder should be");
            station.startRoutes();
            Runs.pass(station.journal, "trx_1");
            Runs.pass(station.journal, "trx_2");
            await().during(Duration.ofMillis(300)).until(() -> klms.posts().isEmpty());
            assertThat(station.journal.undelivered(10)).hasSize(2);

            Files.delete(blocked);
            awaitState(2, DeliveryState.SETTLED);
            assertThat(klms.taken()).hasSize(2);
        }

        @Test
        void writesTheNewestFilesOfTheArchiveAgainThatAPowerLossTook() throws Exception {
            station.start();
            for (int i = 1; i <= 4; i++) {
                Runs.pass(station.journal, "trx_" + i);
            }
            awaitState(4, DeliveryState.SETTLED);
            station.close();
            Path day = station.folder.archive().resolve("2023-10-27");
            byte[] whole = Files.readAllBytes(day.resolve("1-trx_1.json"));
            Files.write(day.resolve("1-trx_1.json"), new byte[whole.length]);
            Files.write(day.resolve("2-trx_2.json"), new byte[0]);
            Files.delete(day.resolve("3-trx_3.json"));
            Files.writeString(day.resolve("4-trx_4.json"), "edited");

            station.start();
            assertThat(Files.readAllBytes(day.resolve("1-trx_1.json"))).isEqualTo(whole);
            assertThat(Files.readString(day.resolve("2-trx_2.json"))).contains("trx_2");
            assertThat(Files.readString(day.resolve("3-trx_3.json"))).contains("trx_3");
            assertThat(day.resolve("4-trx_4.json")).hasContent("edited");
        }

        @Test
        void writesADeadLetterAgainWhoseFileWasLost() throws Exception {
            station.start();
            klms.answerNext(422);
            Runs.pass(station.journal, "trx_1");
            awaitState(1, DeliveryState.DEAD);
            Path file = station.folder.deadLetters().resolve("1-trx_1.json");
            byte[] written = Files.readAllBytes(file);
            station.close();
            Files.delete(file);

            station.start();
            assertThat(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                    .isEqualTo(new String(written, StandardCharsets.UTF_8));
        }
    }
}
