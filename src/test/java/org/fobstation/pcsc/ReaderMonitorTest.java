package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.fobstation.LogCapture;
import org.fobstation.pcsc.ReaderStatus.Attachment;
import org.fobstation.pcsc.WatchStatus.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReaderMonitorTest {

    private static final String PICC = "ACS ACR1252 1S CL Reader PICC 0";
    private static final String SAM = "ACS ACR1252 1S CL Reader SAM 0";
    private static final String OTHER = "HID Global OMNIKEY 5022 0";
    private static final String UNUSED = "Some Other Reader 0";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeSmartCardService service = new FakeSmartCardService();
    private final ListenerLog listener = new ListenerLog();
    private final ReaderMonitor monitor = new ReaderMonitor(service, listener);
    private final WatchedReader left = reader("left", "picc");
    private final WatchedReader right = reader("right", "omnikey");

    private static WatchedReader reader(String id, String name) {
        return new WatchedReader(
                id,
                new ReaderPattern(name, ""),
                new FobSlot(Clock.systemUTC(), System::nanoTime),
                new CallClock(Duration.ofSeconds(10), System::nanoTime));
    }

    private void start(WatchedReader... readers) {
        for (WatchedReader reader : readers) {
            monitor.add(reader);
        }
        monitor.start();
    }

    private void awaitUp() {
        await().atMost(PATIENCE).until(() -> monitor.status().service() == Service.UP);
    }

    private void awaitHeard(String... lines) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(listener.lines()).containsExactly(lines));
    }

    private Attachment attachment(int index) {
        return monitor.status().readers().get(index).attachment();
    }

    @AfterEach
    void stop() {
        assertThat(monitor.stop(PATIENCE)).as("the monitor ended").isTrue();
        assertThat(service.openContexts()).isZero();
    }

    @Nested
    class WithTheServiceThere {

        @Test
        void attachesReadersAndSeesFobs() throws InterruptedException {
            service.plugIn(PICC).plugIn(SAM).plugIn(OTHER);
            start(left, right);
            awaitHeard("attached left " + PICC, "attached right " + OTHER);

            service.present(OTHER, FakeCard.withUid("04A1B2C3D4E5F6"));

            assertThat(right.slot().awaitAfter(0).readerName()).isEqualTo(OTHER);
            assertThat(left.slot().wasRemoved(0)).isFalse();
        }

        @Test
        void isUpWithoutAnyReader() {
            start(left);
            awaitUp();
            assertThat(monitor.status().isComplete()).isFalse();
            assertThat(attachment(0)).isEqualTo(Attachment.MISSING);
        }

        @Test
        void isNotUpBeforeEveryReaderWasLookedFor() {
            start(left);
            awaitUp();
            monitor.add(right);
            assertThat(monitor.status().readers()).hasSize(2);
            awaitUp();
            awaitHeard("lost left MISSING", "lost right MISSING");
        }

        @Test
        void followsReadersThatComeAndGo() throws InterruptedException {
            start(left);
            awaitHeard("lost left MISSING");
            service.plugIn(PICC);
            awaitHeard("lost left MISSING", "attached left " + PICC);
            service.unplug(PICC);
            awaitHeard("lost left MISSING", "attached left " + PICC, "lost left MISSING");
            service.plugIn(PICC);
            await().atMost(PATIENCE).until(() -> monitor.status().isComplete());
            service.present(PICC, FakeCard.withUid("04A1B2C3D4E5F6"));

            assertThat(left.slot().awaitAfter(0).number()).isEqualTo(1);
        }

        @Test
        void servesNeitherOfTwoIdsThatClaimOneReader() {
            WatchedReader greedy = reader("greedy", "acr1252");
            service.plugIn(PICC);
            start(left, greedy);
            awaitHeard("lost left AMBIGUOUS", "lost greedy AMBIGUOUS");

            monitor.remove(greedy);

            awaitHeard("lost left AMBIGUOUS", "lost greedy AMBIGUOUS", "attached left " + PICC);
            assertThat(monitor.status().readers()).hasSize(1);
        }

        @Test
        void seesASwapBetweenTwoLooks() throws InterruptedException {
            service.plugIn(PICC);
            start(left);
            service.present(PICC, FakeCard.withUid("04A1B2C3D4E5F6"));
            long first = left.slot().awaitAfter(0).number();

            service.swap(PICC, FakeCard.withUid("04A1B2C3D4E5F7"));

            assertThat(left.slot().awaitAfter(first).number()).isEqualTo(first + 1);
        }

        @Test
        void ignoresASamAndOtherProgramsUsingTheReader() throws InterruptedException {
            service.plugIn(PICC).plugIn(OTHER);
            start(left, right);
            awaitUp();
            service.presentMute(PICC);
            service.useByOthers(OTHER, true);
            service.useByOthers(OTHER, false);
            service.present(OTHER, FakeCard.withUid("04A1B2C3D4E5F6"));

            assertThat(right.slot().awaitAfter(0).number()).isEqualTo(1);
            assertThat(left.slot().pauseDuring(1, Duration.ZERO)).isFalse();
        }

        @Test
        void watchesFifteenReadersInOneWaitAndRefusesTheSixteenth() {
            for (int i = 10; i < 25; i++) {
                service.plugIn("Reader " + i);
                monitor.add(reader("r" + i, "Reader " + i));
            }
            assertThatThrownBy(() -> monitor.add(right)).hasMessageContaining("at most 15 readers");
            monitor.start();

            await().atMost(PATIENCE).until(() -> monitor.status().isComplete());
            assertThat(service.widestWait()).isEqualTo(16);
        }

        @Test
        void namesAReaderThatIsNobodysInOneWarning() {
            try (LogCapture log = LogCapture.ofEverything()) {
                service.plugIn(PICC).plugIn(UNUSED);
                start(left);

                await().atMost(PATIENCE).until(() -> !warnings(log).isEmpty());
                monitor.add(right);
                awaitHeard("attached left " + PICC, "lost right MISSING");
                service.plugIn(OTHER);
                awaitHeard("attached left " + PICC, "lost right MISSING", "attached right " + OTHER);
                assertThat(warnings(log)).singleElement().asString().contains(UNUSED);
            }
        }

        private static List<String> warnings(LogCapture log) {
            return log.lines().stream()
                    .filter(line -> line.startsWith("WARN") && line.contains("matches no configured reader"))
                    .toList();
        }

        @Test
        void refusesAnIdTwice() {
            start(left);
            assertThatThrownBy(() -> monitor.add(reader("left", "omnikey"))).hasMessageContaining("consumed twice");
        }
    }

    @Nested
    class WhenTheServiceGoes {

        @Test
        void tellsOnceAndComesBackByItself() throws InterruptedException {
            service.plugIn(PICC);
            start(left);
            awaitUp();
            service.stopService();
            int tries = service.establishes();
            await().atMost(PATIENCE).until(() -> service.establishes() > tries + 2);
            assertThat(monitor.status().service()).isEqualTo(Service.LOST);
            assertThat(monitor.status().fault()).contains("E_NO_SERVICE");
            assertThat(attachment(0)).isEqualTo(Attachment.MISSING);

            service.startService();

            awaitHeard("attached left " + PICC, "service lost", "service back", "attached left " + PICC);
            awaitUp();
            service.present(PICC, FakeCard.withUid("04A1B2C3D4E5F6"));
            assertThat(left.slot().awaitAfter(0).maybeSame()).isFalse();
        }

        @Test
        void marksAFobThatLiesThereThroughTheOutage() throws InterruptedException {
            service.plugIn(PICC);
            start(left);
            service.present(PICC, FakeCard.withUid("04A1B2C3D4E5F6"));
            long first = left.slot().awaitAfter(0).number();

            service.stopService();
            service.startService();

            assertThat(left.slot().awaitAfter(first).maybeSame()).isTrue();
        }

        @Test
        void startsWithoutTheServiceAndWaitsForIt() {
            service.plugIn(PICC).stopService();
            start(left);
            awaitHeard("service lost");
            service.startService();
            awaitHeard("service lost", "service back", "attached left " + PICC);
        }

        @Test
        void takesAnUnknownCodeForALostService() {
            service.plugIn(PICC);
            start(left);
            awaitUp();
            service.failWaitsWith(0x8010ABCD);
            await().atMost(PATIENCE).until(() -> monitor.status().service() == Service.LOST);
            service.failWaitsWith(0);
            awaitHeard("attached left " + PICC, "service lost", "service back", "attached left " + PICC);
        }

        @Test
        void takesATimeoutAndAnUnknownReaderForNormal() {
            service.plugIn(PICC);
            start(left);
            awaitUp();
            service.failWaitsWith(PcscException.E_UNKNOWN_READER);
            service.plugIn(OTHER);
            service.failWaitsWith(PcscException.E_TIMEOUT);
            service.failWaitsWith(0);
            service.unplug(PICC);
            awaitHeard("attached left " + PICC, "lost left MISSING");
        }

        @Test
        void stopsInTheMiddleOfAnOutage() {
            service.stopService();
            start(left);
            awaitHeard("service lost");
            assertThat(monitor.stop(PATIENCE)).isTrue();
        }
    }
}
