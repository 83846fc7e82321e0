package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ExceptionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In what order and after what pauses the outbox emits. */
class OutboxAwayTest {

    private static final String NEVER_BY_THE_CLOCK = "?fallbackPoll=1h&backoff=1h&maximumBackoff=1h";

    @TempDir
    Path data;

    AuditJournal journal;
    AuditDelivery delivery;
    DefaultCamelContext context;
    volatile boolean away;

    /** How often Camel refuses what a replay needs. */
    final AtomicInteger refusals = new AtomicInteger();

    /** What came out, as {@code NOW 1}. */
    final List<String> emitted = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws Exception {
        AuditSettings settings = AuditSettings.of(data, Runs.STATION);
        journal = AuditJournal.open(settings, Runs.CLOCK);
        delivery = AuditDelivery.of(journal, settings.folder());
        context = new DefaultCamelContext() {
            @Override
            public ProducerTemplate createProducerTemplate() {
                if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new IllegalStateException("no template now");
                }
                return super.createProducerTemplate();
            }
        };
        context.getRegistry().bind("audit", delivery);
    }

    @AfterEach
    void close() {
        context.stop();
        journal.close();
    }

    interface Step {
        void process(Exchange exchange) throws Exception;
    }

    void start(String options, Step step) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("outbox:audit" + options).errorHandler(noErrorHandler()).process(step::process);
                from(Replay.ROUTE).errorHandler(noErrorHandler()).process(OutboxAwayTest.this::replay);
            }
        });
        context.start();
    }

    /** What the shipped route does, in short. */
    void post(Exchange exchange) {
        emitted.add(exchange.getProperty(AuditDelivery.POST) + " "
                + exchange.getMessage().getHeader(AuditHeaders.SEQUENCE));
        if (delivery.isHeldBack(exchange)) {
            delivery.died(exchange);
            return;
        }
        delivery.attempt(exchange);
        if (away) {
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new ConnectException("Connection refused"));
            delivery.died(exchange);
        } else {
            delivery.delivered(exchange);
        }
    }

    void replay(Exchange exchange) throws Exception {
        delivery.replaying(exchange);
        emitted.add("REPLAY " + exchange.getMessage().getHeader(AuditHeaders.SEQUENCE));
        delivery.attempt(exchange);
        if (away) {
            ConnectException cause = new ConnectException("Connection refused");
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, cause);
            delivery.notReplayed(exchange);
            throw cause;
        }
        delivery.replayed(exchange);
    }

    void awaitState(long auditSeq, DeliveryState state) {
        await().until(() -> journal.state(auditSeq) == state);
    }

    @Nested
    class KlmsAway {

        @Test
        void oneRecordIsPostedInVainAndTheOthersBecomeDeadLettersWithoutAPost() throws Exception {
            away = true;
            start(NEVER_BY_THE_CLOCK, OutboxAwayTest.this::post);
            for (int i = 1; i <= 3; i++) {
                Runs.pass(journal, "trx_" + i);
                awaitState(i, DeliveryState.DEAD);
            }

            assertThat(emitted).containsExactly("NOW 1", "HELD_BACK 2", "HELD_BACK 3");
            assertThat(journal.dead())
                    .extracting(dead -> dead.dead().attempts())
                    .containsExactly(1, 0, 0);
        }

        @Test
        void theOldestDeadLetterIsTheProbeAndWhenItGoesTheOthersFollowInOrder() throws Exception {
            away = true;
            start("?fallbackPoll=1h&backoff=20ms&maximumBackoff=20ms", OutboxAwayTest.this::post);
            for (int i = 1; i <= 3; i++) {
                Runs.pass(journal, "trx_" + i);
            }
            awaitState(3, DeliveryState.DEAD);
            await().until(() -> emitted.lastIndexOf("REPLAY 1") > emitted.lastIndexOf("HELD_BACK 3"));
            away = false;
            await().until(() -> journal.backlog() == 0);

            assertThat(emitted).doesNotContain("PROBE 2", "PROBE 3").endsWith("REPLAY 1", "REPLAY 2", "REPLAY 3");
            Runs.pass(journal, "trx_4");
            awaitState(4, DeliveryState.SETTLED);
            assertThat(emitted).endsWith("NOW 4");
        }

        @Test
        void aRecordOfTheOutboxIsTheProbeWhereThereIsNoDeadLetter() throws Exception {
            start("?fallbackPoll=1h&backoff=1ms&maximumBackoff=1ms", OutboxAwayTest.this::post);
            delivery.reach().lost("Connection refused");
            await().until(() -> delivery.reach().untilProbe() == 0);
            Runs.pass(journal, "trx_1");
            awaitState(1, DeliveryState.SETTLED);
            Runs.pass(journal, "trx_2");
            awaitState(2, DeliveryState.SETTLED);

            assertThat(emitted).containsExactly("PROBE 1", "NOW 2");
        }
    }

    @Nested
    class Emitting {

        @Test
        void aRecordStandsInTheBodyAndItsHeadersBeforeAnyStep() throws Exception {
            List<Object> bodies = new CopyOnWriteArrayList<>();
            start(NEVER_BY_THE_CLOCK, exchange -> {
                bodies.add(exchange.getMessage().getBody());
                bodies.add(exchange.getMessage().getHeader(AuditHeaders.IDEMPOTENCY_KEY));
                post(exchange);
            });
            AuditRecord record = Runs.pass(journal, "trx_1");
            awaitState(1, DeliveryState.SETTLED);

            assertThat(bodies).containsExactly(record.body(), record.id().toString());
        }

        @Test
        void theNextRecordComesAtOnceAfterASettledOne() throws Exception {
            for (int i = 1; i <= 3; i++) {
                Runs.pass(journal, "trx_" + i);
            }
            start(NEVER_BY_THE_CLOCK, OutboxAwayTest.this::post);

            awaitState(3, DeliveryState.SETTLED);
        }

        @Test
        void afterAFailureThereIsAPauseThoughNewRecordsCome() throws Exception {
            start(NEVER_BY_THE_CLOCK, exchange -> {
                emitted.add("failed");
                throw new IllegalStateException("the archive cannot be written");
            });
            Runs.pass(journal, "trx_1");
            await().until(() -> !emitted.isEmpty());
            Runs.pass(journal, "trx_2");

            await().during(Duration.ofMillis(200)).until(() -> emitted.size() == 1);
        }

        @Test
        void aFailureIsSaidOnceAndAgainWhenItIsAnotherOne() throws Exception {
            List<String> said = new CopyOnWriteArrayList<>();
            context.getRegistry().bind("said", new ExceptionHandler() {
                @Override
                public void handleException(Throwable exception) {
                    handleException("", null, exception);
                }

                @Override
                public void handleException(String message, Throwable exception) {
                    handleException(message, null, exception);
                }

                @Override
                public void handleException(String message, Exchange exchange, Throwable exception) {
                    said.add(message + ": " + exception.getMessage());
                }
            });
            start("?backoff=1ms&maximumBackoff=1ms&exceptionHandler=#said", exchange -> {
                emitted.add("failed");
                throw new IllegalStateException(emitted.size() <= 5 ? "the disk is full" : "the disk fails");
            });
            AuditRecord record = Runs.pass(journal, "trx_1");
            await().until(() -> emitted.size() >= 10);

            assertThat(said)
                    .containsExactly(
                            record + " stays in the outbox and comes again: the disk is full",
                            record + " stays in the outbox and comes again: the disk fails");
        }

        @Test
        void aRecordForTheKlmsIsNotSettledByARouteThatOnlyArchivedIt() throws Exception {
            start("?backoff=1ms&maximumBackoff=1ms", exchange -> emitted.add("archived"));
            Runs.failUntouched(journal, "local-1");
            awaitState(1, DeliveryState.SETTLED);
            Runs.pass(journal, "trx_2");
            await().until(() -> emitted.size() >= 4);

            assertThat(journal.state(2)).isEqualTo(DeliveryState.WAITING);
        }
    }

    @Test
    void goesOnInOrderAfterWhatNobodyForesaw() throws Exception {
        Runs.pass(journal, "trx_1");
        journal.settle(1, new Settlement.Dead("Connection refused", 1, false));
        Runs.pass(journal, "trx_2");
        refusals.set(3);
        start("?fallbackPoll=1h&backoff=1ms&maximumBackoff=1ms", this::post);

        await().until(() -> journal.backlog() == 0);
        assertThat(refusals).hasValue(0);
        assertThat(emitted).containsExactly("REPLAY 1", "NOW 2");
    }

    @Test
    void hearsNothingOfTheJournalAnyMoreWhenItIsStopped() throws Exception {
        start(NEVER_BY_THE_CLOCK, this::post);
        context.stop();
        Runs.pass(journal, "trx_1");

        assertThat(emitted).isEmpty();
        assertThat(journal.state(1)).isEqualTo(DeliveryState.WAITING);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().contains("outbox:") && thread.isAlive());
    }
}
