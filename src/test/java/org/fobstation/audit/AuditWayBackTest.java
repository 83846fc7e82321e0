package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** What the audit routes call on a dead letter's way back. */
class AuditWayBackTest extends DeliverySteps {

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

        assertThat(strange.resolveSibling("notes.json.refused.txt")).content().contains("it is not JSON");
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
        assertThat(delivery.isDead(second)).as("it has been replayed meanwhile").isFalse();
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
    void learnsNothingOfTheKlmsFromAReplayThatFailedInTheStation() {
        for (Exception cause : List.of(new ReplayTurn.Missed(), new JournalException("a", "b", "c", "d"))) {
            for (int i = 0; i < 3; i++) {
                delivery.notReplayed(failed(ofRecord(1), cause));
            }
            assertThat(delivery.reach().isDown()).as(cause.toString()).isFalse();
        }
        delivery.reach().lost("Connection refused");
        delivery.notReplayed(failed(ofRecord(1), new ReplayTurn.Missed()));

        assertThat(delivery.reach().isDown()).isTrue();
    }

    @Test
    void takesARefusedReplayForASignThatTheKlmsIsThere() {
        delivery.reach().lost("Connection refused");
        delivery.notReplayed(failed(ofRecord(1), status(422)));

        assertThat(delivery.reach().isDown()).isFalse();
    }
}
