package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each step that the audit routes call, on an exchange of its own. */
class AuditDeliveryTest {

    static DefaultCamelContext context;

    @TempDir
    Path temp;

    AuditJournal journal;
    DataFolder folder;
    AuditDelivery delivery;
    AuditRecord record;

    @BeforeAll
    static void openCamel() {
        context = new DefaultCamelContext();
    }

    @AfterAll
    static void closeCamel() {
        context.stop();
    }

    @BeforeEach
    void open() throws Exception {
        folder = new DataFolder(temp);
        journal = AuditJournal.open(AuditSettings.of(temp, Runs.STATION), Runs.CLOCK);
        delivery = AuditDelivery.of(journal, folder);
        record = Runs.pass(journal, "trx_1");
    }

    @AfterEach
    void close() {
        journal.close();
    }

    static Exchange exchange() {
        return new DefaultExchange(context);
    }

    Exchange emitted(AuditDelivery.Post post) {
        Exchange exchange = exchange();
        exchange.setProperty(AuditDelivery.RECORD, record);
        exchange.setProperty(AuditDelivery.POST, post);
        return exchange;
    }

    static Exchange answered(Exchange exchange, int status) {
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        return exchange;
    }

    static Exchange failed(Exchange exchange, Exception cause) {
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, cause);
        return exchange;
    }

    static Exception status(int status) {
        return new HttpOperationFailedException("https://klms/audit", status, "Status", null, Map.of(), "");
    }

    static Settlement settlement(Exchange exchange) {
        return exchange.getProperty(AuditDelivery.SETTLEMENT, Settlement.class);
    }

    static Exchange ofFile(Path file) {
        GenericFile<File> found = new GenericFile<>();
        found.setFile(file.toFile());
        Exchange exchange = exchange();
        exchange.getMessage().setBody(found);
        return exchange;
    }

    static Exchange ofRecord(long auditSeq) {
        Exchange exchange = exchange();
        exchange.getMessage().setHeader(AuditHeaders.SEQUENCE, auditSeq);
        return exchange;
    }

    static void complete(Exchange exchange) {
        UnitOfWorkHelper.doneSynchronizations(
                exchange, exchange.getExchangeExtension().handoverCompletions());
    }

    Path die(Settlement.Dead dead) throws Exception {
        journal.settle(1, dead);
        return Files.write(folder.deadLetters().resolve(record.fileName()), ArchiveFile.of(record, dead));
    }

    @Nested
    class TheWayOut {

        @Test
        void archivesUnderTheDayWithTheSameBytesEveryTime() {
            Exchange exchange = emitted(AuditDelivery.Post.NOW);

            assertThat(delivery.archiveName(exchange)).isEqualTo("2023-10-27/1-trx_1.json");
            assertThat(delivery.archived(exchange))
                    .isEqualTo(ArchiveFile.of(record))
                    .isEqualTo(delivery.archived(exchange));
        }

        @Test
        void postsTheExactBytesUnderTheRecordsHeadersAndCountsThePosts() {
            Exchange exchange = emitted(AuditDelivery.Post.NOW);
            delivery.attempt(exchange);
            exchange.getMessage().setBody("what came back");
            delivery.attempt(exchange);

            assertThat(exchange.getMessage().getBody()).isEqualTo(record.body());
            assertThat(exchange.getMessage().getHeaders())
                    .containsEntry("Idempotency-Key", record.id().toString())
                    .containsEntry("X-Audit-Sequence", 1L)
                    .containsEntry("X-Audit-Hash", record.auditHash())
                    .containsEntry("X-Audit-Previous", record.previousHash())
                    .containsEntry("X-Audit-Outcome", "SUCCESS")
                    .containsEntry("X-Station-Version", "1.0.0")
                    .containsEntry("X-Audit-Attempt", 2);
        }

        @Test
        void postsWhatTheKlmsIsToGetAndNothingElse() throws Exception {
            assertThat(delivery.isPosted(emitted(AuditDelivery.Post.NOW))).isTrue();
            record = Runs.failUntouched(journal, "local-2");
            assertThat(delivery.isPosted(emitted(AuditDelivery.Post.NOW))).isFalse();
        }

        @Test
        void tellsAPostFromAProbeAndFromWhatIsHeldBack() {
            assertThat(delivery.isProbe(emitted(AuditDelivery.Post.PROBE))).isTrue();
            assertThat(delivery.isProbe(emitted(AuditDelivery.Post.NOW))).isFalse();
            assertThat(delivery.isHeldBack(emitted(AuditDelivery.Post.HELD_BACK)))
                    .isTrue();
            assertThat(delivery.isHeldBack(emitted(AuditDelivery.Post.PROBE))).isFalse();
        }

        @Test
        void settlesWithTheStatusAndTheNumberOfPosts() {
            Exchange exchange = emitted(AuditDelivery.Post.NOW);
            delivery.attempt(exchange);
            delivery.attempt(exchange);
            delivery.delivered(answered(exchange, 201));

            assertThat(settlement(exchange)).isEqualTo(new Settlement.Delivered(new Receipt(201, 2)));
        }

        @Test
        void settlesWith409WhatTheKlmsHadAlready() {
            Exchange exchange = failed(emitted(AuditDelivery.Post.NOW), status(409));
            delivery.attempt(exchange);
            delivery.delivered(exchange);

            assertThat(settlement(exchange)).isEqualTo(new Settlement.Delivered(new Receipt(409, 1)));
        }

        @Test
        void countsThePostsOfARecordAnewOnceItIsSettled() {
            Exchange exchange = emitted(AuditDelivery.Post.NOW);
            delivery.attempt(exchange);
            delivery.settled(record);
            delivery.attempt(exchange);

            assertThat(exchange.getMessage().getHeader(AuditHeaders.ATTEMPT)).isEqualTo(1);
        }

        @Test
        void takesADeliveryForASignThatTheKlmsIsBack() {
            delivery.reach().lost("Connection refused");
            delivery.delivered(answered(emitted(AuditDelivery.Post.PROBE), 200));

            assertThat(delivery.reach().isDown()).isFalse();
        }

        @Test
        void makesADeadLetterOfARefusedRecordAndKnowsThatTheKlmsIsThere() {
            delivery.reach().lost("Connection refused");
            Exchange exchange = failed(emitted(AuditDelivery.Post.PROBE), status(422));
            delivery.attempt(exchange);
            Settlement.Dead dead = new Settlement.Dead("the KLMS answered 422 Status", 1, true);

            assertThat(delivery.deadLetterName(exchange)).isEqualTo("1-trx_1.json");
            assertThat(delivery.deadLetter(exchange)).isEqualTo(ArchiveFile.of(record, dead));
            delivery.died(exchange);
            assertThat(settlement(exchange)).isEqualTo(dead);
            assertThat(delivery.reach().isDown()).isFalse();
        }

        @Test
        void takesARecordThatWasPostedInVainForASignThatTheKlmsIsAway() {
            Exchange exchange = failed(emitted(AuditDelivery.Post.NOW), new ConnectException("Connection refused"));
            delivery.attempt(exchange);
            delivery.died(exchange);

            assertThat(settlement(exchange))
                    .isEqualTo(new Settlement.Dead("ConnectException: Connection refused", 1, false));
            assertThat(delivery.reach().isDown()).isTrue();
        }

        @Test
        void holdsARecordBackWithoutAPostAndLearnsNothingOfTheKlmsByIt() {
            delivery.reach().probeAfter(new Backoff(3_600_000, 3_600_000));
            delivery.reach().lost("Connection refused");
            delivery.reach().probeAfter(new Backoff(1, 1));
            long untilProbe = delivery.reach().untilProbe();
            Exchange exchange = emitted(AuditDelivery.Post.HELD_BACK);
            delivery.died(exchange);

            assertThat(settlement(exchange))
                    .isEqualTo(new Settlement.Dead(delivery.reach().describe(), 0, false));
            assertThat(delivery.reach().isDown()).isTrue();
            assertThat(delivery.reach().untilProbe())
                    .as("no probe was due because of it")
                    .isGreaterThan(untilProbe - 600_000);
        }

        @Test
        void refusesAnExchangeThatCameFromSomewhereElse() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> delivery.archived(exchange()))
                    .withMessageContaining("no audit record");
            assertThatIllegalStateException()
                    .isThrownBy(() -> delivery.isDead(exchange()))
                    .withMessage("the header X-Audit-Sequence is missing");
        }
    }

    @Nested
    class TheWayBack {

        final Settlement.Dead dead = new Settlement.Dead("the KLMS answered 422", 2);

        @Test
        void takesADeadLettersFileForItsRecord() throws Exception {
            Exchange exchange = ofFile(die(dead));

            assertThat(delivery.isToBeJudged(exchange)).isTrue();
            delivery.ticket(exchange);
            assertThat(exchange.getMessage().getHeader(AuditHeaders.SEQUENCE)).isEqualTo(1L);
            assertThat(delivery.isDead(exchange)).isTrue();
        }

        @Test
        void leavesAFileOfARecordInTheOutboxToTheOutbox() throws Exception {
            Path early = Files.write(folder.deadLetters().resolve("1-trx_1.json"), ArchiveFile.of(record, dead));

            assertThatIllegalStateException()
                    .isThrownBy(() -> delivery.ticket(ofFile(early)))
                    .withMessageEndingWith("is in the outbox still");
        }

        @Test
        void letsFilesWaitWhileTheKlmsIsKnownToBeAway() throws Exception {
            Path file = die(dead);
            delivery.reach().lost("Connection refused");

            assertThatIllegalStateException()
                    .isThrownBy(() -> delivery.ticket(ofFile(file)))
                    .withMessageContaining("audit 1")
                    .withMessageContaining("the KLMS's audit side is away since");
        }

        @Test
        void takesAFileOfADeliveredRecordEvenThenBecauseNothingIsPostedForIt() throws Exception {
            Path file = die(dead);
            journal.settle(1, new Settlement.Replayed(new Receipt(200, 3)));
            delivery.reach().lost("Connection refused");
            Exchange exchange = ofFile(file);
            delivery.ticket(exchange);

            assertThat(delivery.isDead(exchange)).isFalse();
        }

        @Test
        void doesNotJudgeARefusedFileAgainUntilItChanges() throws Exception {
            Path strange = Files.writeString(folder.deadLetters().resolve("notes.json"), "not JSON");
            Exchange exchange = exchange();
            exchange.setProperty(
                    "CamelFileExchangeFile", ofFile(strange).getMessage().getBody());
            assertThatExceptionOfType(DeadLetterRefused.class)
                    .isThrownBy(() -> delivery.ticket(exchange))
                    .satisfies(refused -> delivery.refuse(failed(exchange, refused)));

            assertThat(strange.resolveSibling("notes.json.refused.txt"))
                    .content()
                    .contains("it is not JSON");
            assertThat(delivery.isToBeJudged(exchange)).isFalse();
            Files.writeString(strange, "still not JSON");
            assertThat(delivery.isToBeJudged(exchange)).isTrue();
        }

        @Test
        void removesTheFileThatWasJudgedAndNoneThatTookItsPlace() throws Exception {
            Path file = die(dead);
            byte[] whole = Files.readAllBytes(file);
            Exchange exchange = ofFile(file);
            delivery.ticket(exchange);
            Files.writeString(file, "somebody else's");
            delivery.remove(exchange);
            assertThat(file).hasContent("somebody else's");

            Files.write(file, whole);
            delivery.remove(exchange);
            assertThat(file).doesNotExist();
        }

        @Test
        void countsThePostsOnFromTheDeadLetter() throws Exception {
            die(dead);
            Exchange exchange = ofRecord(1);
            delivery.replaying(exchange);
            delivery.attempt(exchange);

            assertThat(exchange.getMessage().getBody()).isEqualTo(record.body());
            assertThat(exchange.getMessage().getHeader(AuditHeaders.ATTEMPT)).isEqualTo(3);
        }

        @Test
        void givesTheTurnToReplayToOneExchangeAtATime() throws Exception {
            die(dead);
            Exchange first = ofRecord(1);
            delivery.replaying(first);
            Exchange second = ofRecord(1);
            Thread other = new Thread(() -> {
                try {
                    delivery.replaying(second);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            other.start();
            await().until(() -> other.getState() == Thread.State.TIMED_WAITING);

            delivery.attempt(first);
            delivery.replayed(answered(first, 200));
            complete(first);

            other.join(10_000);
            assertThat(other.isAlive()).isFalse();
            assertThat(delivery.isDead(second))
                    .as("it has been replayed meanwhile")
                    .isFalse();
        }

        @Test
        void notesTheReceiptAtOnceAndForgetsThePosts() throws Exception {
            die(dead);
            Exchange exchange = ofRecord(1);
            delivery.replaying(exchange);
            delivery.attempt(exchange);
            delivery.reach().lost("Connection refused");
            delivery.replayed(answered(exchange, 200));

            assertThat(journal.state(1)).isEqualTo(DeliveryState.SETTLED);
            assertThat(Files.readString(folder.journal().resolve("00000001.journal")))
                    .contains("\"type\":\"REPLAYED\",", "\"status\":200,\"attempts\":3");
            assertThat(delivery.reach().isDown()).isFalse();
            delivery.attempt(exchange);
            assertThat(exchange.getMessage().getHeader(AuditHeaders.ATTEMPT)).isEqualTo(1);
        }

        @Test
        void knowsAfterTwoReplaysInVainThatTheKlmsIsAway() {
            Exchange exchange = failed(ofRecord(1), new ConnectException("Connection refused"));
            delivery.notReplayed(exchange);
            assertThat(delivery.reach().isDown()).isFalse();
            delivery.notReplayed(exchange);
            assertThat(delivery.reach().isDown()).isTrue();
        }

        @Test
        void takesARefusedReplayForASignThatTheKlmsIsThere() {
            delivery.reach().lost("Connection refused");
            delivery.notReplayed(failed(ofRecord(1), status(422)));

            assertThat(delivery.reach().isDown()).isFalse();
        }
    }

    @Nested
    class AtTheStart {

        @Test
        void deadLettersAndArchiveFilesThatAPowerLossTookAreWrittenAgain() throws Exception {
            AuditRecord delivered = Runs.pass(journal, "trx_2");
            journal.settle(2, new Settlement.Delivered(new Receipt(200, 1)));
            AuditRecord waiting = Runs.pass(journal, "trx_3");
            Settlement.Dead dead = new Settlement.Dead("the KLMS answered 422", 1);
            Path letter = die(dead);
            Files.delete(letter);
            Path archived = folder.archive().resolve(delivered.archiveName());
            Files.createDirectories(archived.getParent());
            Files.write(archived, Arrays.copyOf(ArchiveFile.of(delivered), 100));

            AuditDelivery.of(journal, folder);

            assertThat(letter).hasBinaryContent(ArchiveFile.of(record, dead));
            assertThat(archived).hasBinaryContent(ArchiveFile.of(delivered));
            assertThat(folder.archive().resolve(record.archiveName())).hasBinaryContent(ArchiveFile.of(record));
            assertThat(folder.archive().resolve(waiting.archiveName()))
                    .as("its turn comes")
                    .doesNotExist();
        }
    }
}
