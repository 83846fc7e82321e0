package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The consumer alone, under routes other than the shipped ones. */
class OutboxConsumerTest {

    @TempDir
    Path data;

    AuditJournal journal;
    DefaultCamelContext context;
    final List<Long> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws Exception {
        AuditSettings settings = AuditSettings.of(data, Runs.STATION);
        journal = AuditJournal.open(settings, Runs.CLOCK);
        context = new DefaultCamelContext();
        context.getRegistry().bind("audit", AuditDelivery.of(journal, settings.folder()));
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
                from("outbox:audit" + options)
                        .errorHandler(noErrorHandler())
                        .process(exchange ->
                                seen.add(exchange.getMessage().getHeader(AuditHeaders.SEQUENCE, Long.class)))
                        .process(step::process);
            }
        });
        context.start();
    }

    static void deliver(Exchange exchange) {
        exchange.setProperty(AuditDelivery.SETTLEMENT, new Settlement.Delivered(new Receipt(200, 1)));
    }

    @Test
    void isWokenByTheJournalAndNotByTheClock() throws Exception {
        start("?fallbackPoll=1h", OutboxConsumerTest::deliver);
        for (long seq = 1; seq <= 3; seq++) {
            long next = seq;
            Runs.pass(journal, "trx_" + seq);
            await().until(() -> journal.state(next) == DeliveryState.SETTLED);
        }

        assertThat(seen).containsExactly(1L, 2L, 3L);
    }

    @Test
    void settlesNothingThatTheRouteDidNotSettle() throws Exception {
        start("?backoff=1&maximumBackoff=10", exchange -> {});
        Runs.pass(journal, "trx_1");
        await().until(() -> seen.size() >= 3);

        assertThat(journal.state(1)).isEqualTo(DeliveryState.WAITING);
    }

    @Test
    void emitsARecordAgainWhoseExchangeFailedBeforeTheOnesBehindIt() throws Exception {
        start("?backoff=1&maximumBackoff=10", exchange -> {
            if (seen.size() < 4) {
                throw new IllegalStateException("not yet");
            }
            deliver(exchange);
        });
        Runs.pass(journal, "trx_1");
        Runs.pass(journal, "trx_2");
        await().until(() -> journal.state(2) == DeliveryState.SETTLED);

        assertThat(seen).containsExactly(1L, 1L, 1L, 1L, 2L);
    }

    @Test
    void emitsNothingThatItCouldNotSettle() throws Exception {
        Runs.pass(journal, "trx_1");
        journal.close();
        start("?fallbackPoll=1", OutboxConsumerTest::deliver);

        await().during(Duration.ofMillis(200)).until(seen::isEmpty);
    }

    @Test
    void letsTheExchangeUnderWayEndWhenStopped() throws Exception {
        CountDownLatch under = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        start("", exchange -> {
            under.countDown();
            assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
            deliver(exchange);
        });
        Runs.pass(journal, "trx_1");
        Runs.pass(journal, "trx_2");
        assertThat(under.await(10, TimeUnit.SECONDS)).isTrue();
        Thread stopping = new Thread(context::stop);
        stopping.start();
        await().until(() -> context.getStatus().isStopping());
        go.countDown();
        stopping.join(10_000);

        assertThat(stopping.isAlive()).isFalse();
        assertThat(seen).containsExactly(1L);
        assertThat(journal.state(1)).isEqualTo(DeliveryState.SETTLED);
        assertThat(journal.state(2)).isEqualTo(DeliveryState.WAITING);
    }

    @Test
    void startsAgainAfterItsRouteWasStopped() throws Exception {
        start("?fallbackPoll=1h", OutboxConsumerTest::deliver);
        String route = context.getRoutes().get(0).getRouteId();
        context.getRouteController().stopRoute(route);
        Runs.pass(journal, "trx_1");
        assertThat(journal.state(1)).isEqualTo(DeliveryState.WAITING);

        context.getRouteController().startRoute(route);
        await().until(() -> journal.state(1) == DeliveryState.SETTLED);
    }
}
