package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.fobstation.apdu.TransportException;
import org.fobstation.apdu.TransportException.Fault;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A route from {@code pcsc:} on a service whose readers and fobs the test moves. */
@Timeout(60)
class PcscConsumerTest {

    private static final String PICC = "ACS ACR1252 1S CL Reader PICC 0";
    private static final String OTHER = "HID Global OMNIKEY 5022 0";
    private static final String UID = "04A1B2C3D4E5F6";
    private static final String OTHER_UID = "04112233445566";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeSmartCardService service = new FakeSmartCardService().plugIn(PICC);
    private final ListenerLog listener = new ListenerLog();
    private final BlockingQueue<PresentedFob> fobs = new LinkedBlockingQueue<>();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private volatile Optional<Gate.Hold> hold = Optional.empty();
    private volatile Step step = exchange -> {};

    /** What the route does with a fob. */
    @FunctionalInterface
    private interface Step {
        void run(Exchange exchange) throws Exception;
    }

    @BeforeEach
    void bind() {
        camel.getRegistry().bind("service", service);
        camel.getRegistry().bind("gate", (Gate) () -> hold);
        camel.getRegistry().bind("listener", listener);
        camel.getShutdownStrategy().setTimeout(20);
    }

    @AfterEach
    void stop() {
        camel.stop();
        assertThat(service.openContexts()).isZero();
    }

    private void start(String... uris) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String uri : uris) {
                    from(uri).routeId(uri.replaceAll("pcsc:(\\w+).*", "$1")).process(exchange -> {
                        fobs.add(exchange.getIn().getBody(PresentedFob.class));
                        step.run(exchange);
                    });
                }
            }
        });
        camel.start();
        await().atMost(PATIENCE).until(() -> component().isWatching());
    }

    private PcscComponent component() {
        return camel.getComponent("pcsc", PcscComponent.class);
    }

    private PresentedFob nextFob() throws InterruptedException {
        PresentedFob fob = fobs.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(fob).as("a fob; the listener heard " + listener.lines()).isNotNull();
        return fob;
    }

    private void awaitHeard(String... lines) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(listener.lines())
                .filteredOn(line -> !line.startsWith("attached"))
                .containsExactly(lines));
    }

    /** Presents and takes away a fob the station does not know yet, so that all before it is done with. */
    private void serveAnother() throws InterruptedException {
        service.present(PICC, FakeCard.withUid(OTHER_UID));
        PresentedFob fob = nextFob();
        assertThat(fob.uid()).isEqualTo(OTHER_UID);
    }

    @Nested
    class APresentedFob {

        @Test
        void isOneExchangeWithBodyAndHeaders() throws Exception {
            CompletableFuture<Map<String, Object>> headers = new CompletableFuture<>();
            step = exchange -> headers.complete(Map.copyOf(exchange.getIn().getHeaders()));
            Instant before = Instant.now();
            start("pcsc:left?name=picc");
            service.present(PICC, FakeCard.withUid(UID));

            PresentedFob fob = nextFob();

            assertThat(fob.uid()).isEqualTo(UID);
            assertThat(fob.readerId()).isEqualTo("left");
            assertThat(fob.readerName()).isEqualTo(PICC);
            assertThat(fob.atr()).isEqualTo(FakeCard.ATR);
            assertThat(fob.presentedAt()).isBetween(before, Instant.now());
            assertThat(headers.get(10, TimeUnit.SECONDS))
                    .containsEntry("CamelPcscReaderId", "left")
                    .containsEntry("CamelPcscReaderName", PICC)
                    .containsEntry("CamelPcscUid", UID)
                    .containsEntry("CamelPcscAtr", FakeCard.ATR)
                    .containsEntry("CamelPcscPresentedAt", fob.presentedAt());
            service.remove(PICC);
            awaitHeard("arrived left " + UID, "removed left");
            assertThat(fobs).isEmpty();
        }

        @Test
        void isServedOnTheReadersOwnThread() throws Exception {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            step = exchange -> thread.complete(Thread.currentThread());
            start("pcsc:left");
            service.present(PICC, FakeCard.withUid(UID));

            assertThat(thread.get(10, TimeUnit.SECONDS).getName()).isEqualTo("pcsc-left");
            assertThat(thread.get().isDaemon()).isTrue();
        }

        @Test
        void cannotBeReachedAfterItsExchange() throws Exception {
            start("pcsc:left");
            FakeCard card = service.present(PICC, FakeCard.withUid(UID));
            PresentedFob fob = nextFob();
            service.remove(PICC);
            awaitHeard("arrived left " + UID, "removed left");

            assertThatThrownBy(() -> fob.transport().transmit(new byte[5]))
                    .isInstanceOfSatisfying(
                            TransportException.class, e -> assertThat(e.fault()).isEqualTo(Fault.CLOSED));
            assertThat(card.commands()).hasSize(1);
        }

        @Test
        void isSentNothingAfterAFailedCommand() throws Exception {
            CompletableFuture<TransportException> second = new CompletableFuture<>();
            FakeCard card = FakeCard.withUid(UID);
            step = exchange -> {
                PresentedFob fob = exchange.getIn().getBody(PresentedFob.class);
                card.failWith(PcscException.W_RESET_CARD);
                assertThatThrownBy(() -> fob.transport().transmit(new byte[5])).isInstanceOf(TransportException.class);
                card.failWith(0);
                try {
                    fob.transport().transmit(new byte[6]);
                } catch (TransportException e) {
                    second.complete(e);
                }
            };
            start("pcsc:left");
            service.present(PICC, card);

            assertThat(second.get(10, TimeUnit.SECONDS).fault()).isEqualTo(Fault.FOB_RESET);
            assertThat(card.commands()).hasSize(2);
        }

        @Test
        void thatBouncesIsNotServedAgain() throws Exception {
            start("pcsc:left?debounce=60000");
            service.present(PICC, FakeCard.withUid(UID));
            nextFob();
            service.swap(PICC, FakeCard.withUid(UID));
            service.remove(PICC);
            serveAnother();

            assertThat(fobs).isEmpty();
        }

        @Test
        void isServedAgainAfterTheDebounceTime() throws Exception {
            start("pcsc:left?debounce=0");
            service.present(PICC, FakeCard.withUid(UID));
            nextFob();
            service.remove(PICC);
            service.present(PICC, FakeCard.withUid(UID));

            assertThat(nextFob().uid()).isEqualTo(UID);
        }

        @Test
        void thatLiesThereThroughAServiceRestartIsNotServedTwice() throws Exception {
            start("pcsc:left?debounce=0");
            service.present(PICC, FakeCard.withUid(UID));
            nextFob();
            int connects = service.connects(PICC);
            service.stopService();
            service.startService();
            await().atMost(PATIENCE).until(() -> service.connects(PICC) > connects);
            service.remove(PICC);
            awaitHeard("arrived left " + UID, "service lost", "service back", "removed left");
            serveAnother();

            assertThat(fobs).isEmpty();
        }

        @Test
        void thatReplacedAnotherDuringAServiceRestartIsServed() throws Exception {
            start("pcsc:left");
            service.present(PICC, FakeCard.withUid(UID));
            nextFob();
            service.stopService();
            service.swap(PICC, FakeCard.withUid(OTHER_UID));
            service.startService();

            assertThat(nextFob().uid()).isEqualTo(OTHER_UID);
            awaitHeard(
                    "arrived left " + UID, "service lost", "service back", "removed left", "arrived left " + OTHER_UID);
        }

        @Test
        void onOneReaderDoesNotWaitForAnother() throws Exception {
            service.plugIn(OTHER);
            start("pcsc:left?name=picc", "pcsc:right?name=omnikey");
            FakeCard slow = FakeCard.withUid(UID);
            slow.hang();
            service.present(PICC, slow);
            await().atMost(PATIENCE).until(() -> !slow.commands().isEmpty());
            service.present(OTHER, FakeCard.withUid(OTHER_UID));

            assertThat(nextFob().readerId()).isEqualTo("right");
            slow.answerAgain();
            assertThat(nextFob().readerId()).isEqualTo("left");
        }
    }

    @Nested
    class AFobWithoutARun {

        @Test
        void withoutUidIsRefused() throws Exception {
            start("pcsc:left");
            service.present(PICC, FakeCard.answeringUidWith("6A81"));
            awaitHeard("refused left UID_NOT_AVAILABLE");
            service.remove(PICC);
            serveAnother();
            assertThat(fobs).isEmpty();
        }

        @Test
        void withARandomUidIsRefused() throws Exception {
            start("pcsc:left");
            service.present(PICC, FakeCard.withUid("08112233"));
            awaitHeard("refused left UID_RANDOM");
        }

        @Test
        void withARandomUidIsServedWhereAllowedAndNeverBounces() throws Exception {
            start("pcsc:left?allowRandomUid=true&debounce=60000");
            service.present(PICC, FakeCard.withUid("08112233"));
            nextFob();
            service.remove(PICC);
            service.present(PICC, FakeCard.withUid("08112233"));
            nextFob();
        }

        @Test
        void thatAnotherProgramUsesIsTriedAgain() throws Exception {
            start("pcsc:left?connectRetry=10000");
            service.useByOthers(PICC, true);
            service.present(PICC, FakeCard.withUid(UID));
            await().atMost(PATIENCE).until(() -> service.connects(PICC) > 1);
            service.useByOthers(PICC, false);

            assertThat(nextFob().uid()).isEqualTo(UID);
        }

        @Test
        void thatAnotherProgramKeepsIsRefused() throws Exception {
            start("pcsc:left?connectRetry=0");
            service.useByOthers(PICC, true);
            service.present(PICC, FakeCard.withUid(UID));
            awaitHeard("refused left READER_IN_USE");
        }

        @Test
        void thatMissesOneResetIsTriedOnceMore() throws Exception {
            start("pcsc:left");
            FakeCard card = FakeCard.withUid(UID);
            card.missOneReset();
            service.present(PICC, card);

            assertThat(nextFob().uid()).isEqualTo(UID);
            assertThat(service.connects(PICC)).isEqualTo(2);
        }

        @Test
        void thatLeavesTooEarlyIsTold() throws Exception {
            start("pcsc:left");
            FakeCard card = FakeCard.withUid(UID);
            card.hang();
            service.present(PICC, card);
            await().atMost(PATIENCE).until(() -> !card.commands().isEmpty());
            service.remove(PICC);
            card.answerAgain();
            awaitHeard("refused left FOB_REMOVED", "removed left");
        }
    }

    @Nested
    class AClosedGate {

        @Test
        void keepsTheStationOffTheFob() throws Exception {
            hold = Optional.of(new Gate.Hold(FailureCode.BACKLOG_FULL, ""));
            start("pcsc:left");
            service.present(PICC, FakeCard.withUid(UID));
            awaitHeard("held left BACKLOG_FULL");
            assertThat(service.connects(PICC)).isZero();

            hold = Optional.empty();
            service.remove(PICC);
            service.present(PICC, FakeCard.withUid(UID));

            assertThat(nextFob().uid()).isEqualTo(UID);
        }

        @Test
        void isAlsoOneThatFails() throws Exception {
            camel.getRegistry().unbind("gate");
            camel.getRegistry().bind("gate", (Gate) () -> {
                throw new IllegalStateException("no answer");
            });
            start("pcsc:left");
            service.present(PICC, FakeCard.withUid(UID));
            awaitHeard("held left STATION_FAULT");
            assertThat(service.connects(PICC)).isZero();
        }
    }

    @Nested
    class WhatFails {

        @Test
        void inTheRouteReachesListenerAndNextFobIsServed() throws Exception {
            step = exchange -> {
                throw new IllegalStateException("a step is broken");
            };
            start("pcsc:left");
            service.present(PICC, FakeCard.withUid(UID));
            nextFob();
            awaitHeard("arrived left " + UID, "route failed left a step is broken");
            service.remove(PICC);
            serveAnother();
        }

        @Test
        void inAListenerStopsNothing() throws Exception {
            camel.getRegistry().unbind("listener");
            camel.getRegistry().bind("listener", new ReaderListener() {
                @Override
                public void readerAttached(String readerId, String readerName) {
                    throw new IllegalStateException("deaf");
                }

                @Override
                public void fobArrived(String readerId, String uid) {
                    throw new IllegalStateException("deaf");
                }
            });
            start("pcsc:left");
            service.present(PICC, FakeCard.withUid(UID));
            assertThat(nextFob().uid()).isEqualTo(UID);
        }

        @Test
        void inTheServiceBetweenTwoFobsCostsNoFob() throws Exception {
            start("pcsc:left");
            service.present(PICC, FakeCard.withUid(UID));
            nextFob();
            service.remove(PICC);
            service.stopService();
            service.startService();
            serveAnother();
        }
    }

    @Nested
    class Stopping {

        @Test
        void letsTheFobInProgressFinish() throws Exception {
            CountDownLatch inRun = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            CompletableFuture<Boolean> finished = new CompletableFuture<>();
            step = exchange -> {
                inRun.countDown();
                finished.complete(go.await(20, TimeUnit.SECONDS));
            };
            start("pcsc:left");
            service.present(PICC, FakeCard.withUid(UID));
            assertThat(inRun.await(10, TimeUnit.SECONDS)).isTrue();

            PcscConsumer consumer = (PcscConsumer) camel.getRoute("left").getConsumer();
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel::stop);
            await().atMost(PATIENCE).until(consumer::isSuspended);
            assertThat(stopped).isNotDone();
            go.countDown();

            stopped.get(15, TimeUnit.SECONDS);
            assertThat(finished).isCompletedWithValue(true);
        }

        @Test
        void waitsForAFobThatHasNoExchangeYetAndServesIt() throws Exception {
            start("pcsc:left");
            FakeCard slow = FakeCard.withUid(UID);
            slow.hang();
            service.present(PICC, slow);
            await().atMost(PATIENCE).until(() -> !slow.commands().isEmpty());

            PcscConsumer consumer = (PcscConsumer) camel.getRoute("left").getConsumer();
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel::stop);
            await().atMost(PATIENCE).until(consumer::isSuspended);
            assertThat(stopped).isNotDone();
            slow.answerAgain();

            stopped.get(15, TimeUnit.SECONDS);
            assertThat(fobs).singleElement().extracting(PresentedFob::uid).isEqualTo(UID);
        }

        @Test
        void endsInSpiteOfAFobThatNeverAnswers() throws Exception {
            camel.getShutdownStrategy().setTimeout(1);
            start("pcsc:left");
            FakeCard dead = FakeCard.withUid(UID);
            dead.hang();
            service.present(PICC, dead);
            await().atMost(PATIENCE).until(() -> !dead.commands().isEmpty());

            CompletableFuture.runAsync(camel::stop).get(20, TimeUnit.SECONDS);

            dead.answerAgain();
            await().atMost(PATIENCE).until(() -> service.openContexts() == 0);
        }

        @Test
        void endsTheMonitorWithTheLastRouteAndStartsItWithTheFirst() throws Exception {
            service.plugIn(OTHER);
            start("pcsc:left?name=picc", "pcsc:right?name=omnikey");
            camel.getRouteController().stopRoute("left");
            assertThat(component().status().readers())
                    .extracting(ReaderStatus::readerId)
                    .containsExactly("right");
            camel.getRouteController().stopRoute("right");
            assertThat(component().status().service()).isEqualTo(WatchStatus.Service.IDLE);
            assertThat(component().isWatching()).isFalse();

            camel.getRouteController().startRoute("left");
            service.present(PICC, FakeCard.withUid(UID));
            assertThat(nextFob().readerId()).isEqualTo("left");
        }

        @Test
        void suspendedReadersHoldTheirFobs() throws Exception {
            start("pcsc:left");
            camel.getRouteController().suspendRoute("left");
            assertThat(camel.getRouteController().getRouteStatus("left")).isEqualTo(ServiceStatus.Suspended);
            service.present(PICC, FakeCard.withUid(UID));
            awaitHeard("held left STATION_STARTING");
            assertThat(service.connects(PICC)).isZero();

            camel.getRouteController().resumeRoute("left");
            service.remove(PICC);
            service.present(PICC, FakeCard.withUid(UID));
            assertThat(nextFob().uid()).isEqualTo(UID);
        }
    }
}
