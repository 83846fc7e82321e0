package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.fobstation.apdu.TransportException;
import org.fobstation.apdu.TransportException.Fault;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What becomes of a presented fob. */
class PcscConsumerTest extends PcscRoute {

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
            FakeCard bounced = FakeCard.withUid(UID);
            service.swap(PICC, bounced);
            await().atMost(PATIENCE).until(() -> !bounced.commands().isEmpty());
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
}
