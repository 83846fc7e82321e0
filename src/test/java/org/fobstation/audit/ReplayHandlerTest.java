package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has dead letters posted again: the command {@code replay}, and the outbox by itself. */
class ReplayHandlerTest {

    private static final String OTHER_UID = "04AABBCC";

    @TempDir
    Path temp;

    DataFolder folder;
    AuditJournal journal;
    AuditDelivery delivery;
    DefaultCamelContext context;
    Map<Long, Exception> answers = Map.of();
    final List<Long> posted = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        folder = new DataFolder(temp);
        journal = AuditJournal.open(AuditSettings.of(temp, Runs.STATION), Runs.CLOCK);
        delivery = AuditDelivery.of(journal, folder);
        context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(Replay.ROUTE).errorHandler(noErrorHandler()).process(exchange -> post(exchange));
            }
        });
        context.start();
    }

    @AfterEach
    void close() {
        context.stop();
        journal.close();
    }

    /** What {@code direct:audit-replay} does, with a key server that gives the answers. */
    void post(Exchange exchange) throws Exception {
        delivery.replaying(exchange);
        long auditSeq = exchange.getMessage().getHeader(AuditHeaders.SEQUENCE, Long.class);
        posted.add(auditSeq);
        Exception answer = answers.get(auditSeq);
        if (answer == null) {
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
            delivery.replayed(exchange);
            return;
        }
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, answer);
        delivery.notReplayed(exchange);
        throw answer;
    }

    static Exception refused() {
        return new HttpOperationFailedException("https://klms/audit", 422, "Status", null, Map.of(), "");
    }

    static Exception away() {
        return new ConnectException("Connection refused");
    }

    AuditRecord dead(String fobUid, boolean isRefused) throws Exception {
        long run = journal.begin(fobUid, Runs.READER);
        AuditRecord record = journal.result(run, Runs.passed("trx_" + run, fobUid));
        Settlement.Dead dead = new Settlement.Dead("no", 1, isRefused);
        journal.settle(record.auditSeq(), dead);
        Files.write(file(record), ArchiveFile.of(record, dead));
        return record;
    }

    Path file(AuditRecord record) {
        return folder.deadLetters().resolve(record.fileName());
    }

    @Nested
    class ByCommand {

        RequestResult replay(String... arguments) {
            return new ReplayHandler(delivery, context.createProducerTemplate())
                    .handle(new Request(Request.REPLAY, List.of(arguments), "smith", "root"));
        }

        @Test
        void allGoInOrderAndTheirFilesWithThem() throws Exception {
            dead(Runs.UID, true);
            dead(Runs.UID, false);
            dead(OTHER_UID, true);

            assertThat(replay()).isEqualTo(RequestResult.done("3 of 3 delivered."));
            assertThat(posted).containsExactly(1L, 2L, 3L);
            assertThat(folder.deadLetters()).isEmptyDirectory();
        }

        @Test
        void thoseNamedByNumberOrFileGoAlone() throws Exception {
            dead(Runs.UID, true);
            AuditRecord second = dead(Runs.UID, true);
            dead(OTHER_UID, true);

            assertThat(replay("3", file(second).toString())).isEqualTo(RequestResult.done("2 of 2 delivered."));
            assertThat(posted).containsExactly(3L, 2L);
        }

        @Test
        void nothingGoesIfOneOfThemIsNoDeadLetter() throws Exception {
            AuditRecord record = dead(Runs.UID, true);
            Files.writeString(file(record).resolveSibling("other.json"), "{}");
            Files.writeString(
                    file(record).resolveSibling("edited.json"),
                    Files.readString(file(record)).replace("SUCCESS", "FAILURE"));

            assertThat(replay("1", "2")).isEqualTo(RequestResult.refused("Audit 2 is not a dead letter."));
            assertThat(replay("1", "one"))
                    .isEqualTo(RequestResult.refused(
                            "one is neither an audit's number nor a file among the dead letters."));
            assertThat(replay("other.json"))
                    .isEqualTo(RequestResult.refused(
                            "other.json is refused: it is not a dead letter: the field audit_sequence is missing."));
            assertThat(replay("edited.json").message()).startsWith("edited.json is refused: it was changed");
            assertThat(posted).isEmpty();
        }

        @Test
        void filesThatNoReplayTakesAreCounted() throws Exception {
            AuditRecord edited = dead(Runs.UID, true);
            AuditRecord cutOff = dead(OTHER_UID, true);
            String whole = Files.readString(file(edited));
            Files.writeString(file(edited), whole.replace("SUCCESS", "FAILURE"));
            Files.writeString(file(cutOff), whole.substring(0, 30));
            Files.writeString(folder.deadLetters().resolve("foreign.JSON"), "{}");
            Files.writeString(folder.deadLetters().resolve(".hidden.json"), "{}");
            Files.writeString(folder.deadLetters().resolve("notes.txt"), "{}");

            assertThat(replay())
                    .isEqualTo(RequestResult.done("2 of 2 delivered.\n"
                            + "Files among the dead letters that are refused: 2; a note beside each says why, the next"
                            + " interval writes those that are missing.\n"
                            + "Files among the dead letters that are not complete or cannot be read: 1; they wait until"
                            + " they are whole."));
            assertThat(folder.deadLetters()).isDirectoryNotContaining("glob:**.refused.txt");
        }

        @Test
        void noMoreFilesAreLookedAtThanSomebodyWouldWaitFor() throws Exception {
            for (int file = 0; file <= DeadLetterSurvey.FILES_MAX; file++) {
                Files.writeString(folder.deadLetters().resolve(file + ".json"), "{}");
            }

            assertThat(replay().message())
                    .startsWith("0 of 0 delivered.\nFiles among the dead letters that are refused: ")
                    .endsWith("\nNot all files among the dead letters were looked at.");
        }

        @Test
        void oneThatIsRefusedAgainStopsNoOther() throws Exception {
            AuditRecord first = dead(Runs.UID, true);
            dead(Runs.UID, true);
            answers = Map.of(1L, refused());

            assertThat(replay())
                    .isEqualTo(RequestResult.refused("1 of 2 delivered.\nAudit 1: the KLMS answered 422 Status"));
            assertThat(file(first)).exists();
            assertThat(journal.state(1)).isEqualTo(DeliveryState.DEAD);
        }

        @Test
        void theRestIsNotTriedWhileTheKlmsIsAway() throws Exception {
            dead(Runs.UID, true);
            dead(Runs.UID, true);
            dead(Runs.UID, true);
            answers = Map.of(2L, away());

            assertThat(replay())
                    .isEqualTo(RequestResult.refused("1 of 3 delivered.\n"
                            + "Audit 2: ConnectException: Connection refused\n"
                            + "1 were not tried: the KLMS's audit side is away."));
            assertThat(posted).containsExactly(1L, 2L);
        }

        @Test
        void nothingIsSaidOfOthersWhereThereAreNone() throws Exception {
            dead(Runs.UID, true);
            answers = Map.of(1L, away());

            assertThat(replay())
                    .isEqualTo(
                            RequestResult.refused("0 of 1 delivered.\nAudit 1: ConnectException: Connection refused"));
        }

        @Test
        void aFileThatCannotBeRemovedIsNamedThoughTheRecordIsDelivered() throws Exception {
            AuditRecord record = dead(Runs.UID, true);
            Files.delete(file(record));
            Files.createDirectory(file(record));

            RequestResult result = replay("1");

            assertThat(result.done()).isFalse();
            assertThat(result.message())
                    .startsWith(
                            "0 of 1 delivered.\nAudit 1: IOException: delivered, but its file could not be removed");
            assertThat(journal.state(1)).isEqualTo(DeliveryState.SETTLED);
        }
    }

    @Nested
    class ByTheOutbox {

        AwayBacklog backlog;

        @BeforeEach
        void make() {
            backlog = new AwayBacklog(delivery, context);
        }

        @Test
        void theOldestGoesFirstAndWhatTheKlmsRefusedIsLeftAlone() throws Exception {
            dead(Runs.UID, true);
            dead(Runs.UID, false);
            dead(OTHER_UID, false);

            assertThat(backlog.isEmpty()).isFalse();
            assertThat(backlog.replayOne()).isTrue();
            assertThat(backlog.replayOne()).isTrue();
            assertThat(posted).containsExactly(2L, 3L);
            assertThat(backlog.isEmpty()).isTrue();
            assertThat(backlog.replayOne()).isFalse();
        }

        @Test
        void oneThatFailsIsPassedOverAndHoldsUpItsOwnFobOnly() throws Exception {
            dead(Runs.UID, false);
            dead(Runs.UID, false);
            dead(OTHER_UID, false);
            answers = Map.of(1L, refused());

            assertThat(backlog.replayOne()).isTrue();
            assertThat(backlog.replayOne()).isTrue();
            assertThat(posted).containsExactly(1L, 3L);
            assertThat(backlog.isEmpty())
                    .as("record 2 of the same fob must not come first")
                    .isTrue();
        }

        @Test
        void theOldestOfOneFobAfterAnotherIsTheProbeWhileTheKlmsIsAway() throws Exception {
            dead(Runs.UID, false);
            dead(Runs.UID, false);
            dead(OTHER_UID, false);
            answers = Map.of(1L, away(), 3L, away());
            delivery.reach().lost("Connection refused");

            for (int probe = 0; probe < 4; probe++) {
                assertThat(backlog.replayOne()).isTrue();
            }
            assertThat(posted).containsExactly(1L, 3L, 1L, 3L);
        }

        @Test
        void whatWasPassedOverIsTriedAgainOnceTheKlmsIsBack() throws Exception {
            dead(Runs.UID, false);
            dead(OTHER_UID, false);
            answers = Map.of(1L, away());
            delivery.reach().lost("Connection refused");
            assertThat(backlog.replayOne()).isTrue();
            assertThat(backlog.replayOne())
                    .as("the probe of another fob succeeds")
                    .isTrue();
            assertThat(delivery.reach().isDown()).isFalse();

            answers = Map.of();
            assertThat(backlog.replayOne()).isTrue();
            assertThat(posted).containsExactly(1L, 2L, 1L);
            assertThat(backlog.isEmpty()).isTrue();
        }
    }

    @Test
    void saysWhyTheKlmsDoesNotHaveARecord() throws Exception {
        AuditRecord record = dead(Runs.UID, true);
        answers = Map.of(1L, refused());

        assertThat(Replay.of(record, delivery, context.createProducerTemplate()))
                .contains(answers.get(1L));
        answers = Map.of();
        assertThat(Replay.of(record, delivery, context.createProducerTemplate()))
                .isEqualTo(Optional.empty());
    }
}
