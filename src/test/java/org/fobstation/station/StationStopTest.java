package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.provisioning.RunReport;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.reader.VirtualReader;
import org.fobstation.simulator.reader.VirtualSmartCardService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stop makes of the fob on a reader, and what the next start on the same data folder makes of it. */
@Timeout(120)
class StationStopTest {

    private static final String PICC = "ACS ACR1252 1S CL Reader PICC 0";
    private static final String UID = "04A1B2C3D4E5F6";
    private static final int SELECT = 0xA4;
    private static final int STORE_DATA = 0xE2;
    private static final long MOST_SECONDS = 5;

    @TempDir
    private Path folder;

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private final VirtualReader reader = service.plugIn(PICC);
    private final CountDownLatch underWay = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private TestStation station;

    @AfterEach
    void stop() {
        release.countDown();
        station.close();
    }

    private void start(TestStation started) throws Exception {
        station = started;
        station.start(service, "*PICC*");
    }

    private CompletableFuture<Void> stopping() {
        return CompletableFuture.runAsync(station::stop);
    }

    private void awaitUnderWay() throws InterruptedException {
        assertThat(underWay.await(20, TimeUnit.SECONDS))
                .as("the command is under way")
                .isTrue();
    }

    private void hang() {
        underWay.countDown();
        pass(release);
    }

    private static void pass(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the hanging fob was not released");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("the fob in progress was interrupted", e);
        }
    }

    private static Thread readersThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("pcsc-" + TestStation.READER_ID))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the reader has no thread"));
    }

    private void assertRecorded(FailureCode code, String outcome) {
        await().atMost(TestStation.LONGEST).untilAsserted(() -> assertThat(station.archived())
                .singleElement()
                .satisfies(record -> assertThat(Files.readString(record))
                        .contains("\"failure_code\" : \"" + code + "\"", "\"outcome\" : \"" + outcome + "\"")));
    }

    private void assertPassesWhenPresentedAgain(VirtualFob fob) throws InterruptedException {
        reader.present(fob);
        RunReport again = station.awaitOutcome();
        assertThat(again.uid()).isEqualTo(UID);
        assertThat(again.outcome()).as("%s", again).isEqualTo(Outcome.PASS);
    }

    /** Nothing ends a command that hangs; the station is gone before it does, as a process would be. */
    @Nested
    class AFobThatHangs {

        @ParameterizedTest
        @CsvSource({
            "before, 50, INTERRUPTED, FAILURE",
            "before, 82, INTERRUPTED, FAILURE",
            "before, E2, RESULT_UNKNOWN, UNKNOWN",
            "after, E2, RESULT_UNKNOWN, UNKNOWN",
            "before, F0, RESULT_UNKNOWN, UNKNOWN",
            "before, D8, RESULT_UNKNOWN, UNKNOWN",
            "after, D8, RESULT_UNKNOWN, UNKNOWN",
        })
        void holdsUpNoStopAndIsSettledAtTheNextStart(String when, String ins, FailureCode code, String outcome)
                throws Exception {
            start(TestStation.in(folder));
            VirtualFob fob = station.fob(UID);
            CardTrigger command = CardTrigger.firstWithIns(Integer.parseInt(ins, 16));
            CardFault hanging = CardFault.on(fob);
            reader.present(
                    when.equals("before")
                            ? hanging.before(command, StationStopTest.this::hang)
                            : hanging.after(command, StationStopTest.this::hang));
            awaitUnderWay();
            Thread left = readersThread();

            stopping().get(MOST_SECONDS, TimeUnit.SECONDS);

            assertThat(station.archived()).as("records before the next start").isEmpty();
            station.start(service, "*PICC*");
            assertRecorded(code, outcome);

            reader.remove();
            release.countDown();
            left.join(TestStation.LONGEST.toMillis());
            assertThat(left.isAlive()).isFalse();
            assertThat(fob.received().get(fob.received().size() - 1))
                    .as("the last command before the fob was given up")
                    .doesNotStartWith("FFCA");
            int sent = fob.received().size();
            while (station.outcomes() > 0) {
                assertThat(station.awaitOutcome().outcome()).isNotEqualTo(Outcome.PASS);
            }
            assertPassesWhenPresentedAgain(fob);
            assertThat(fob.received().get(sent)).as("the next command").isEqualTo("FFCA000000");
        }
    }

    /** A fob that answers every command, so that its run can be ended between two of them. */
    @Nested
    class AFobThatGoesOn {

        @Test
        void isFinishedIfThatIsSoon() throws Exception {
            start(TestStation.in(folder));
            reader.present(CardFault.on(station.fob(UID))
                    .before(CardTrigger.firstWithIns(STORE_DATA), StationStopTest.this::hang));
            awaitUnderWay();
            CompletableFuture<Void> stopped = stopping();
            release.countDown();

            stopped.get(MOST_SECONDS, TimeUnit.SECONDS);
            assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
        }

        @Test
        void isLeftAsItWasIfItTakesLongAndIsNotBeingChanged() throws Exception {
            start(TestStation.in(folder));
            VirtualFob fob = station.fob(UID);
            reader.present(CardFault.on(fob)
                    .before(CardTrigger.firstWithIns(SELECT), underWay::countDown)
                    .before(CardTrigger.always(), () -> takes(500)));
            awaitUnderWay();

            stopping().get(MOST_SECONDS, TimeUnit.SECONDS);

            RunReport report = station.awaitOutcome();
            assertThat(report.failure()).map(Failure::code).contains(FailureCode.INTERRUPTED);
            assertThat(report.outcome()).isEqualTo(Outcome.RETRY);
            assertThat(fob.received()).noneMatch(command -> command.startsWith("84E2"));

            reader.remove();
            station.start(service, "*PICC*");
            assertRecorded(FailureCode.INTERRUPTED, "FAILURE");
            assertPassesWhenPresentedAgain(fob);
        }

        @Test
        void isStoppedBetweenTwoCommandsIfItTakesLongToBeChanged() throws Exception {
            start(TestStation.in(folder, "80E20000", new byte[20 * 230]));
            VirtualFob fob = station.fob(UID);
            reader.present(CardFault.on(fob)
                    .before(CardTrigger.firstWithIns(STORE_DATA), underWay::countDown)
                    .before(CardTrigger.everyWithIns(STORE_DATA), () -> takes(250)));
            awaitUnderWay();

            stopping().get(MOST_SECONDS, TimeUnit.SECONDS);

            RunReport report = station.awaitOutcome();
            assertThat(report.failure()).map(Failure::code).contains(FailureCode.STOPPED_HALF_DONE);
            assertThat(report.outcome()).isEqualTo(Outcome.RETRY);

            reader.remove();
            station.start(service, "*PICC*");
            assertRecorded(FailureCode.STOPPED_HALF_DONE, "UNKNOWN");
            assertPassesWhenPresentedAgain(fob);
        }

        /** A slow fob, not a wait for anything. */
        private static void takes(long millis) {
            try {
                TimeUnit.MILLISECONDS.sleep(millis);
            } catch (InterruptedException e) {
                throw new AssertionError("the fob in progress was interrupted", e);
            }
        }
    }
}
