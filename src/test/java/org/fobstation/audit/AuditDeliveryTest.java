package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the audit routes call on a record's way out. */
class AuditDeliveryTest extends DeliverySteps {

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
        assertThat(delivery.isHeldBack(emitted(AuditDelivery.Post.HELD_BACK))).isTrue();
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
