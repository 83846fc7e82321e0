package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes/replay.yaml. */
class ReplayRoutesTest {

    @TempDir
    Path temp;

    StubKlms klms;
    AuditStation station;

    @BeforeEach
    void build() {
        klms = new StubKlms();
        station = new AuditStation(temp.resolve("data"), klms);
        station.retries = "1";
    }

    @AfterEach
    void close() {
        station.close();
    }

    void makeDeadLetters(int count) throws Exception {
        klms.goAway();
        makeRecords(count);
        await().until(() -> station.journal.state(count) == DeliveryState.DEAD);
    }

    /** The outbox leaves these alone. */
    void makeRefusedDeadLetters(int count) throws Exception {
        klms.refuse(post -> true);
        makeRecords(count);
        await().until(() -> station.journal.state(count) == DeliveryState.DEAD);
        klms.refuse(post -> false);
    }

    private void makeRecords(int count) throws Exception {
        for (int i = 1; i <= count; i++) {
            Runs.pass(station.journal, "trx_" + i);
        }
    }

    Path deadLetter(String name) {
        return station.folder.deadLetters().resolve(name);
    }

    String journalText() throws Exception {
        return Files.readString(station.folder.journal().resolve("00000001.journal"));
    }

    @Nested
    class OnAnInterval {

        @BeforeEach
        void start() throws Exception {
            station.replayFirst = "100";
            station.replayInterval = "100";
            station.start();
        }

        @Test
        void postsTheJournalsBytesOnceTheKlmsIsBackAndRemovesTheFile() throws Exception {
            makeDeadLetters(3);
            int posted = klms.posts().size();
            klms.comeBack();
            await().until(() -> station.deadLetters().isEmpty());

            assertThat(station.journal.backlog()).isZero();
            assertThat(klms.taken()).extracting(StubKlms.Post::sequence).containsExactly(1L, 2L, 3L);
            for (StubKlms.Post taken : klms.taken()) {
                AuditRecord record = station.journal.record(taken.sequence()).orElseThrow();
                assertThat(taken.body()).isEqualTo(record.bodyText());
                assertThat(taken.id()).isEqualTo(record.id().toString());
                assertThat(klms.postsOf(taken.sequence())).last().isEqualTo(taken);
            }
            assertThat(klms.posts().size()).isGreaterThanOrEqualTo(posted + 3);
            assertThat(journalText()).contains("\"type\":\"REPLAYED\"", "\"status\":200");
        }

        @Test
        void countsTheAttemptsOn() throws Exception {
            makeDeadLetters(1);
            klms.comeBack();
            await().until(() -> station.deadLetters().isEmpty());

            assertThat(klms.posts())
                    .extracting(post -> (Integer) post.headers().get("X-Audit-Attempt"))
                    .startsWith(1, 2)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }

        @Test
        void leavesWhatFailsAgainForTheNextTime() throws Exception {
            klms.refuse(post -> post.sequence() == 1);
            Runs.pass(station.journal, "trx_1");
            await().until(() -> klms.postsOf(1).size() >= 4);

            assertThat(station.journal.state(1)).isEqualTo(DeliveryState.DEAD);
            assertThat(station.deadLetters()).containsExactly("1-trx_1.json");
            klms.refuse(post -> false);
            await().until(() -> station.deadLetters().isEmpty());
            assertThat(station.journal.state(1)).isEqualTo(DeliveryState.SETTLED);
        }

        @Test
        void settlesWhatTheKlmsHadAlready() throws Exception {
            klms.takeAndAnswer(422);
            Runs.pass(station.journal, "trx_1");
            await().until(() -> station.journal.state(1) == DeliveryState.SETTLED);
            await().until(() -> station.deadLetters().isEmpty());

            assertThat(klms.posts()).hasSize(2);
            assertThat(klms.taken()).hasSize(1);
            assertThat(journalText()).contains("\"type\":\"REPLAYED\"", "\"status\":409");
        }

        @Test
        void removesAFileThatComesBackAfterItsRecordWasReplayedAndPostsNothing() throws Exception {
            makeDeadLetters(1);
            Path elsewhere = temp.resolve("copy.json");
            Files.copy(deadLetter("1-trx_1.json"), elsewhere);
            klms.comeBack();
            await().until(() -> station.deadLetters().isEmpty());
            int posted = klms.posts().size();

            Files.copy(elsewhere, deadLetter("came-back.json"));
            await().until(() -> station.deadLetters().isEmpty());
            assertThat(klms.posts()).hasSize(posted);
        }

        @Test
        void refusesAChangedFileAndPostsNothingOfIt() throws Exception {
            klms.refuse(post -> true);
            Runs.pass(station.journal, "trx_1");
            await().until(() -> station.deadLetters().contains("1-trx_1.json"));
            Path file = deadLetter("1-trx_1.json");
            Path own = temp.resolve("own.json");
            Files.move(file, own);
            String changed =
                    Files.readString(own).replace("\"overall_result\":\"SUCCESS\"", "\"overall_result\":\"FAILURE\"");
            Files.writeString(file, changed);
            await().until(() -> station.deadLetters().contains("1-trx_1.json.refused.txt"));

            assertThat(Files.readString(deadLetter("1-trx_1.json.refused.txt")))
                    .contains("1-trx_1.json is refused: it was changed");
            assertThat(klms.posts()).noneMatch(post -> post.body().contains("FAILURE"));
            assertThat(Files.readString(file)).isEqualTo(changed);

            klms.refuse(post -> false);
            Files.move(own, file, StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> station.journal.state(1) == DeliveryState.SETTLED);
        }

        @Test
        void refusesStrangersOnceAndLeavesThem() throws Exception {
            AuditRecord foreign = Runs.record(1, Runs.passed("trx_9"), Runs.STATION);
            Files.write(deadLetter("1-trx_9.json"), ArchiveFile.of(foreign, new Settlement.Dead("no", 1)));
            Files.writeString(deadLetter("notes.json"), "not JSON");
            Files.writeString(deadLetter("readme.txt"), "nobody asks for this one");
            Path foreignNote = deadLetter("1-trx_9.json.refused.txt");
            Path notesNote = deadLetter("notes.json.refused.txt");
            await().until(() -> Files.exists(foreignNote) && Files.exists(notesNote));

            assertThat(Files.readString(foreignNote)).contains("it is of another station or another journal: audit 1");
            assertThat(Files.readString(notesNote)).contains("it is not JSON");
            assertThat(klms.posts()).isEmpty();

            Files.writeString(foreignNote, "\nmarked", StandardOpenOption.APPEND);
            await().during(Duration.ofMillis(500))
                    .until(() -> Files.readString(foreignNote).endsWith("marked"));
            assertThat(station.deadLetters())
                    .containsExactly(
                            "1-trx_9.json",
                            "1-trx_9.json.refused.txt",
                            "notes.json",
                            "notes.json.refused.txt",
                            "readme.txt");
        }

        @Test
        void goesOnAfterARestart() throws Exception {
            makeDeadLetters(2);
            station.close();
            klms.comeBack();
            station.start();
            await().until(() -> station.deadLetters().isEmpty());

            assertThat(klms.taken()).hasSize(2);
            assertThat(station.journal.backlog()).isZero();
        }
    }

    /** Whoever puts files into the folder. */
    @Nested
    class ByFiles {

        byte[] whole;

        @BeforeEach
        void start() throws Exception {
            station.replayFirst = "100";
            station.replayInterval = "100";
            station.start();
            klms.refuse(post -> true);
            Runs.pass(station.journal, "trx_1");
            await().until(() -> station.deadLetters().contains("1-trx_1.json"));
            whole = Files.readAllBytes(deadLetter("1-trx_1.json"));
        }

        @Test
        void ignoresAFileThatIsBeingCopiedUntilItIsWhole() throws Exception {
            Files.delete(deadLetter("1-trx_1.json"));
            aPollGoesBy();
            klms.refuse(post -> false);
            int withinAWord = new String(whole, StandardCharsets.UTF_8).indexOf("true") + 2;
            assertThat(withinAWord).as("a place within true").isGreaterThan(2);
            for (int length : new int[] {0, 1, 30, withinAWord, whole.length / 2, whole.length - 3}) {
                Files.write(deadLetter("1-trx_1.json"), Arrays.copyOf(whole, length));
                aPollGoesBy();
                assertThat(station.deadLetters()).containsExactly("1-trx_1.json");
            }
            Files.write(deadLetter("1-trx_1.json"), Arrays.copyOf(Arrays.copyOf(whole, 40), whole.length));
            aPollGoesBy();
            assertThat(station.deadLetters()).containsExactly("1-trx_1.json");
            assertThat(station.journal.state(1)).isEqualTo(DeliveryState.DEAD);

            Files.write(deadLetter("1-trx_1.json"), whole);
            await().until(() -> station.deadLetters().isEmpty());
            assertThat(station.journal.state(1)).isEqualTo(DeliveryState.SETTLED);
        }

        @Test
        void leavesAFileThatWasReplacedWhileItsRecordWasPosted() throws Exception {
            klms.refuse(post -> {
                assertThatCode(() -> Files.writeString(deadLetter("1-trx_1.json"), "{\"other\":1}"))
                        .doesNotThrowAnyException();
                return false;
            });
            Path note = deadLetter("1-trx_1.json.refused.txt");
            await().until(() -> Files.exists(note));

            assertThat(station.journal.state(1)).isEqualTo(DeliveryState.SETTLED);
            assertThat(deadLetter("1-trx_1.json")).hasContent("{\"other\":1}");
            assertThat(note).content().contains("it is not a dead letter");

            Files.write(deadLetter("1-trx_1.json"), whole);
            await().until(() -> station.deadLetters().isEmpty());
        }

        /** What lay in the folder before this was looked at by a poll that began afterwards and has ended. */
        private void aPollGoesBy() throws IOException {
            for (String stranger : List.of("stranger 1.json", "stranger 2.json")) {
                Path note = deadLetter(stranger + ".refused.txt");
                Files.writeString(deadLetter(stranger), "no JSON");
                await().until(() -> Files.exists(note));
                Files.delete(deadLetter(stranger));
                Files.delete(note);
            }
        }

        @Test
        void takesARenamedFile() throws Exception {
            Files.move(deadLetter("1-trx_1.json"), deadLetter("from the stick.json"));
            klms.refuse(post -> false);

            await().until(() -> station.deadLetters().isEmpty());
            assertThat(station.journal.state(1)).isEqualTo(DeliveryState.SETTLED);
        }

        @Test
        void postsARecordOnceAPollHoweverManyCopiesThereAre() throws Exception {
            for (int copy = 2; copy <= 9; copy++) {
                Files.write(deadLetter("0-copy" + copy + ".json"), whole);
            }
            int before = klms.postsOf(1).size();
            await().until(() -> klms.postsOf(1).size() >= before + 3);
            assertThat(station.deadLetters()).hasSize(9);
            assertThat(klms.postsOf(1)).hasSizeLessThan(before + 9);

            klms.refuse(post -> false);
            await().until(() -> station.deadLetters().isEmpty());
            assertThat(klms.taken()).hasSize(1);
        }

        @Test
        void keepsTheFileUntilTheReceiptIsInTheJournal() throws Exception {
            klms.refuse(post -> {
                assertThat(deadLetter("1-trx_1.json")).exists();
                return false;
            });
            await().until(() -> station.deadLetters().isEmpty());
            assertThat(journalText()).contains("\"type\":\"REPLAYED\"");
        }
    }

    @Nested
    class ByCommand {

        @BeforeEach
        void start() throws Exception {
            station.start();
        }

        @Test
        void putsAllDeadLettersThroughNow() throws Exception {
            makeRefusedDeadLetters(3);

            RequestResult result = station.request("replay");

            assertThat(result).isEqualTo(RequestResult.done("3 of 3 delivered."));
            assertThat(klms.taken()).hasSize(3);
            assertThat(station.deadLetters()).isEmpty();
            assertThat(station.journal.backlog()).isZero();
            assertThat(journalText()).contains("\"type\":\"REQUEST\"", "\"command\":\"replay\"", "\"user\":\"smith\"");
        }

        @Test
        void putsOneThrough() throws Exception {
            makeRefusedDeadLetters(3);

            assertThat(station.request("replay", "2")).isEqualTo(RequestResult.done("1 of 1 delivered."));
            assertThat(klms.taken()).extracting(StubKlms.Post::sequence).containsExactly(2L);
            assertThat(station.deadLetters()).containsExactly("1-trx_1.json", "3-trx_3.json");
        }

        @Test
        void putsOneThroughThatIsNamedByItsFile() throws Exception {
            makeRefusedDeadLetters(2);

            assertThat(station.request("replay", deadLetter("2-trx_2.json").toString()))
                    .isEqualTo(RequestResult.done("1 of 1 delivered."));
            assertThat(station.deadLetters()).containsExactly("1-trx_1.json");

            Files.writeString(deadLetter("1-trx_1.json"), "{}");
            assertThat(station.request("replay", "1-trx_1.json").message()).contains("1-trx_1.json is refused");
            assertThat(station.request("replay", "../journal/00000001.journal").message())
                    .contains("is neither an audit's number nor a file among the dead letters");
        }

        @Test
        void triesOneAndNotTheRestWhileTheKlmsIsAway() throws Exception {
            makeRefusedDeadLetters(3);
            klms.goAway();
            int before = klms.posts().size();

            assertThat(station.request("replay").message())
                    .isEqualTo("0 of 3 delivered.\nAudit 1: ConnectException: Connection refused\n"
                            + "2 were not tried: the KLMS's audit side is away.");
            assertThat(klms.posts()).hasSize(before + 1);
        }

        @Test
        void saysWhyNot() throws Exception {
            makeDeadLetters(1);

            RequestResult result = station.request("replay");

            assertThat(result.done()).isFalse();
            assertThat(result.message()).isEqualTo("0 of 1 delivered.\nAudit 1: ConnectException: Connection refused");
            assertThat(station.deadLetters()).containsExactly("1-trx_1.json");
        }

        @Test
        void refusesWhatIsNoDeadLetter() throws Exception {
            Runs.pass(station.journal, "trx_1");
            await().until(() -> station.journal.state(1) == DeliveryState.SETTLED);

            assertThat(station.request("replay", "1"))
                    .isEqualTo(RequestResult.refused("Audit 1 is not a dead letter."));
            assertThat(station.request("replay", "one"))
                    .isEqualTo(RequestResult.refused(
                            "one is neither an audit's number nor a file among the dead letters."));
            assertThat(station.request("replay")).isEqualTo(RequestResult.done("0 of 0 delivered."));
        }
    }
}
