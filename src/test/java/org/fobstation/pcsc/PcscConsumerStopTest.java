package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ServiceStatus;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.TransportException;
import org.fobstation.apdu.TransportException.Fault;
import org.junit.jupiter.api.Test;

/** How the consumer stops, suspends and starts again. */
class PcscConsumerStopTest extends PcscRoute {

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
    void finishesTheFobsThatGoOnAndGivesUpTheOneThatHangs() throws Exception {
        service.plugIn(OTHER);
        CountDownLatch inRun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Boolean> finished = new CompletableFuture<>();
        CompletableFuture<byte[]> late = new CompletableFuture<>();
        step = exchange -> {
            PresentedFob fob = exchange.getIn().getBody(PresentedFob.class);
            if (fob.readerId().equals("right")) {
                inRun.countDown();
                finished.complete(go.await(20, TimeUnit.SECONDS));
            } else {
                late.complete(fob.transport().transmit(new byte[5]));
            }
        };
        start("pcsc:left?name=picc", "pcsc:right?name=omnikey");
        FakeCard dead = FakeCard.withUid(UID);
        service.present(OTHER, FakeCard.withUid(OTHER_UID));
        assertThat(inRun.await(10, TimeUnit.SECONDS)).isTrue();
        dead.hang();
        service.present(PICC, dead);
        await().atMost(PATIENCE).until(() -> !dead.commands().isEmpty());

        CompletableFuture<List<String>> given =
                CompletableFuture.supplyAsync(() -> component().finishFobs());
        go.countDown();

        assertThat(given.get(15, TimeUnit.SECONDS)).containsExactly("left");
        assertThat(finished).isCompletedWithValue(true);
        camel.getShutdownStrategy().setTimeout(1);
        CompletableFuture.runAsync(camel::stop).get(15, TimeUnit.SECONDS);
        dead.answerAgain();
        await().atMost(PATIENCE).until(() -> service.openContexts() == 0);
        assertThat(dead.commands()).as("nothing but the command that hung").hasSize(1);
        assertThat(late).isNotDone();
    }

    @Test
    void sendsNothingMoreToAFobThatTakesTooLongAndWaitsForItsRun() throws Exception {
        CompletableFuture<Fault> refused = new CompletableFuture<>();
        step = exchange -> {
            ApduTransport transport =
                    exchange.getIn().getBody(PresentedFob.class).transport();
            try {
                while (true) {
                    transport.transmit(new byte[5]);
                }
            } catch (TransportException e) {
                refused.complete(e.fault());
            }
        };
        start("pcsc:left");
        service.present(PICC, FakeCard.withUid(UID));
        nextFob();

        assertThat(component().finishFobs()).as("given up").isEmpty();

        assertThat(refused).isCompletedWithValue(Fault.CLOSED);
    }

    @Test
    void servesNoFobThatIsReachedOnlyWhenTheStopIsUnderWay() throws Exception {
        start("pcsc:left");
        FakeCard slow = FakeCard.withUid(UID);
        slow.hang();
        service.present(PICC, slow);
        await().atMost(PATIENCE).until(() -> !slow.commands().isEmpty());

        assertThat(component().finishFobs()).containsExactly("left");
        slow.answerAgain();

        awaitHeard("refused left INTERRUPTED");
        assertThat(fobs).isEmpty();
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
