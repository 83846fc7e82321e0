package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.provisioning.RunReport;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.reader.VirtualReader;
import org.fobstation.simulator.reader.VirtualSmartCardService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers side by side: each has its own thread, and none waits for another. */
class SeveralReadersTest {

    private static final String FIRST_UID = "04A1B2C3D4E5F6";
    private static final String SECOND_UID = "04112233445566";
    private static final String THIRD_UID = "04998877665544";

    @TempDir
    private Path folder;

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private final VirtualReader first = service.plugIn("ACS ACR1252 1S CL Reader PICC 0");
    private final VirtualReader second = service.plugIn("ACS ACR1281 1S Dual Reader PICC 1");
    private TestStation station;

    @BeforeEach
    void start() throws Exception {
        service.plugIn("ACS ACR1281 1S Dual Reader SAM 2");
        station = TestStation.in(folder)
                .set("reader.2.id", "LINE_04_READER_02")
                .set("reader.2.name", "*ACR1281*")
                .set("reader.2.exclude", "*SAM*")
                .start(service, "*ACR1252*");
    }

    @AfterEach
    void stop() {
        station.close();
    }

    @Test
    void eachServesItsOwnFobs() throws Exception {
        first.present(station.fob(FIRST_UID));
        second.present(station.fob(SECOND_UID));

        Set<String> served = Set.of(told(station.awaitOutcome()), told(station.awaitOutcome()));

        assertThat(served)
                .containsExactlyInAnyOrder(
                        "LINE_04_READER_01 " + FIRST_UID + " PASS", "LINE_04_READER_02 " + SECOND_UID + " PASS");
    }

    @Test
    void aFobThatHangsHoldsUpItsOwnReaderOnly() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        first.present(CardFault.on(station.fob(FIRST_UID)).before(CardTrigger.firstWithIns(0x50), () -> {
            hanging.countDown();
            awaitQuietly(release);
        }));
        assertThat(hanging.await(TestStation.LONGEST.toSeconds(), TimeUnit.SECONDS))
                .isTrue();

        second.present(station.fob(SECOND_UID));
        assertThat(told(station.awaitOutcome())).isEqualTo("LINE_04_READER_02 " + SECOND_UID + " PASS");
        second.remove();
        station.awaitRemoval();
        second.present(station.fob(THIRD_UID));
        assertThat(told(station.awaitOutcome())).isEqualTo("LINE_04_READER_02 " + THIRD_UID + " PASS");

        release.countDown();
        assertThat(station.awaitOutcome().uid()).isEqualTo(FIRST_UID);
    }

    @Test
    void oneFobIsServedByOneReaderAtATime() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        first.present(CardFault.on(station.fob(FIRST_UID)).before(CardTrigger.firstWithIns(0x50), () -> {
            hanging.countDown();
            awaitQuietly(release);
        }));
        assertThat(hanging.await(TestStation.LONGEST.toSeconds(), TimeUnit.SECONDS))
                .isTrue();

        second.present(station.fob(FIRST_UID));

        RunReport refused = station.awaitOutcome();
        assertThat(refused.readerId()).isEqualTo("LINE_04_READER_02");
        assertThat(refused.failure()).map(Failure::code).contains(FailureCode.ATTEMPT_TOO_SOON);
        release.countDown();
        assertThat(told(station.awaitOutcome())).isEqualTo("LINE_04_READER_01 " + FIRST_UID + " PASS");
    }

    @Test
    void allServeAgainAfterTheServiceWasAway() throws Exception {
        service.stopService();
        service.startService();

        first.present(station.fob(FIRST_UID));
        assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
        second.present(station.fob(SECOND_UID));
        assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(TestStation.LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the hanging fob was not released");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("the hanging fob was interrupted", e);
        }
    }

    private static String told(RunReport report) {
        return report.readerId() + " " + report.uid() + " " + report.outcome();
    }
}
