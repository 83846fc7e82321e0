package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.fobstation.apdu.TransportException;
import org.fobstation.apdu.TransportException.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The component on the real pcscd, with cards on the virtual readers of vpcd. */
@ExtendWith(RealPcscd.class)
@Timeout(60)
class PcscNativeIT {

    private static final String FIRST_UID = "04A1B2C3D4E5F6";
    private static final String SECOND_UID = "04112233445566";

    /** What a fob said to the route, or how it failed. */
    private record Run(String readerId, String uid, byte[] answer, Fault fault) {}

    private final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();
    private final ListenerLog listener = new ListenerLog();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private volatile byte[] command = {0, (byte) 0xA4, 4, 0, 0};

    @BeforeEach
    void start() throws Exception {
        RealPcscd.awaitEmptyReaders();
        camel.getRegistry().bind("listener", listener);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("pcsc:first?debounce=0&name=RAW(" + RealPcscd.FIRST_READER + ")")
                        .process(exchange -> run(exchange.getIn().getBody(PresentedFob.class)));
                from("pcsc:second?debounce=0&name=pcd*00 01")
                        .process(exchange -> run(exchange.getIn().getBody(PresentedFob.class)));
            }
        });
        camel.start();
        awaitWatching();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private void run(PresentedFob fob) {
        try {
            runs.add(new Run(fob.readerId(), fob.uid(), fob.transport().transmit(command), null));
        } catch (TransportException e) {
            runs.add(new Run(fob.readerId(), fob.uid(), null, e.fault()));
        }
    }

    private PcscComponent component() {
        return camel.getComponent("pcsc", PcscComponent.class);
    }

    private void awaitWatching() {
        await().atMost(Duration.ofSeconds(10)).until(() -> component().status().isComplete());
    }

    private Run nextRun() throws InterruptedException {
        Run run = runs.poll(10, TimeUnit.SECONDS);
        assertThat(run).as("a run; the listener heard " + listener.lines()).isNotNull();
        return run;
    }

    private void awaitHeard(String line) {
        await().atMost(Duration.ofSeconds(10)).until(() -> listener.lines().contains(line));
    }

    @Nested
    class WithTheServiceThere {

        @Test
        void attachesBothReaders() {
            assertThat(component().status().readers())
                    .extracting(ReaderStatus::readerName)
                    .containsExactly(RealPcscd.FIRST_READER, RealPcscd.SECOND_READER);
        }

        @Test
        void servesEachPresentationOnceAndExchangesShortAndLongCommands() throws InterruptedException {
            for (int length : new int[] {16, 255, 60_000}) {
                command = new byte[length];
                Arrays.fill(command, (byte) 0x11);
                try (VpcdCard card = VpcdCard.echo(RealPcscd.FIRST_PORT, FIRST_UID)) {
                    Run run = nextRun();

                    assertThat(run.readerId()).isEqualTo("first");
                    assertThat(run.uid()).isEqualTo(FIRST_UID);
                    assertThat(run.answer()).isEqualTo(VpcdCard.withSuccess(command));
                    assertThat(card.commands()).hasSize(2);
                }
                awaitHeard("removed first");
                listener.lines().clear();
                RealPcscd.awaitEmptyReaders();
            }
            assertThat(runs).isEmpty();
        }

        @Test
        void takesTheLongestAnswerVpcdCarries() throws InterruptedException {
            byte[] longest = new byte[65_533];
            try (VpcdCard card = VpcdCard.answering(
                    RealPcscd.FIRST_PORT,
                    got -> VpcdCard.withSuccess(got[0] == (byte) 0xFF ? new byte[] {4, 5, 6, 7} : longest))) {
                assertThat(nextRun().answer()).hasSize(65_535);
                assertThat(card.commands()).hasSize(2);
            }
        }

        @Test
        void saysThatTheFobWasTornAwayDuringARun() throws InterruptedException {
            try (VpcdCard card = VpcdCard.answering(
                    RealPcscd.FIRST_PORT,
                    got -> got[0] == (byte) 0xFF ? VpcdCard.withSuccess(new byte[] {4, 5, 6, 7}) : null)) {
                assertThat(nextRun().fault()).isIn(Fault.FOB_REMOVED, Fault.NOT_TRANSACTED);
                assertThat(card.commands()).hasSize(2);
            }
            awaitHeard("removed first");
        }

        @Test
        void servesTwoReadersSideBySide() throws InterruptedException {
            CountDownLatch answerFirst = new CountDownLatch(1);
            try (VpcdCard slow = VpcdCard.answering(RealPcscd.FIRST_PORT, got -> {
                        if (got[0] == (byte) 0xFF) {
                            return VpcdCard.withSuccess(new byte[] {4, 5, 6, 7});
                        }
                        awaitLatch(answerFirst);
                        return VpcdCard.withSuccess(got);
                    });
                    VpcdCard quick = VpcdCard.echo(RealPcscd.SECOND_PORT, SECOND_UID)) {
                Run second = nextRun();
                assertThat(second.readerId()).isEqualTo("second");
                assertThat(second.uid()).isEqualTo(SECOND_UID);

                answerFirst.countDown();
                assertThat(nextRun().readerId()).isEqualTo("first");
                assertThat(slow.commands()).hasSize(2);
                assertThat(quick.commands()).hasSize(2);
            }
        }

        @Test
        void holdsTheFobExclusivelyDuringARun() throws Exception {
            CountDownLatch inRun = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            try (VpcdCard card = VpcdCard.answering(RealPcscd.FIRST_PORT, got -> {
                if (got[0] != (byte) 0xFF) {
                    inRun.countDown();
                    awaitLatch(go);
                }
                return VpcdCard.withSuccess(new byte[] {4, 5, 6, 7});
            })) {
                awaitLatch(inRun);
                try (SmartCardContext other = new NativeSmartCardService().establish()) {
                    assertThatThrownBy(() -> other.connect(RealPcscd.FIRST_READER))
                            .isInstanceOfSatisfying(PcscException.class, e -> assertThat(e.code())
                                    .isEqualTo(PcscException.E_SHARING_VIOLATION));
                }
                go.countDown();
                assertThat(nextRun().answer()).hasSize(6);
                assertThat(card.commands()).hasSize(2);
            }
        }
    }

    @Nested
    class WhenPcscdIsKilled {

        @AfterEach
        void startAgain() {
            if (!component().isWatching()) {
                RealPcscd.restart();
            }
        }

        @Test
        void tellsItAndServesTheNextFobAfterARestart() throws InterruptedException {
            try (VpcdCard card = VpcdCard.echo(RealPcscd.FIRST_PORT, FIRST_UID)) {
                assertThat(nextRun().uid()).isEqualTo(FIRST_UID);
                assertThat(card.commands()).hasSize(2);
            }
            RealPcscd.kill();
            awaitHeard("service lost");
            assertThat(component().status().service()).isEqualTo(WatchStatus.Service.LOST);
            RealPcscd.restart();
            awaitWatching();
            awaitHeard("service back");

            try (VpcdCard first = VpcdCard.echo(RealPcscd.FIRST_PORT, SECOND_UID);
                    VpcdCard second = VpcdCard.echo(RealPcscd.SECOND_PORT, FIRST_UID)) {
                assertThat(List.of(nextRun().uid(), nextRun().uid())).containsExactlyInAnyOrder(FIRST_UID, SECOND_UID);
                assertThat(first.commands()).hasSize(2);
                assertThat(second.commands()).hasSize(2);
            }
        }

        @Test
        void endsTheRunInProgressWithServiceLost() throws InterruptedException {
            CountDownLatch inRun = new CountDownLatch(1);
            CountDownLatch judged = new CountDownLatch(1);
            try (VpcdCard card = VpcdCard.answering(RealPcscd.FIRST_PORT, got -> {
                if (got[0] == (byte) 0xFF) {
                    return VpcdCard.withSuccess(new byte[] {4, 5, 6, 7});
                }
                inRun.countDown();
                awaitLatch(judged);
                return null;
            })) {
                awaitLatch(inRun);
                RealPcscd.kill();

                assertThat(nextRun().fault()).isEqualTo(Fault.SERVICE_LOST);
                assertThat(card.commands()).hasSize(2);
            } finally {
                // A card that waits on would fail whatever test runs when its time is up.
                judged.countDown();
            }
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("waited 20 s in vain");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
