package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a station does where readers, their service or the fobs on them do not do what they should. */
class ReaderTroubleTest {

    private static final String PICC = "ACS ACR1252 1S CL Reader PICC 0";
    private static final String UID = "04A1B2C3D4E5F6";
    private static final int SELECT = 0xA4;
    private static final int INITIALIZE_UPDATE = 0x50;
    private static final int STORE_DATA = 0xE2;

    @TempDir
    private Path folder;

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private TestStation station;

    @BeforeEach
    void prepare() throws Exception {
        station = TestStation.in(folder);
    }

    @AfterEach
    void stop() {
        station.close();
    }

    private HealthCheck.Result health(String id) {
        return HealthCheckRegistry.get(station.camel())
                .getCheck(id)
                .orElseThrow(() -> new AssertionError("no health check " + id))
                .call();
    }

    private void awaitRefused(FailureCode code) {
        await().atMost(TestStation.LONGEST)
                .untilAsserted(() ->
                        assertThat(station.refused()).extracting(Failure::code).contains(code));
    }

    @Nested
    class AtTheStart {

        @Test
        void waitsForAServiceThatIsNotThere() throws Exception {
            VirtualReader reader = service.plugIn(PICC);
            service.stopService();
            station.startWithoutWaiting(service, "*PICC*");
            awaitRefused(FailureCode.SERVICE_LOST);
            assertThat(station.isWatching()).isFalse();
            assertThat(health("station").getState()).isEqualTo(HealthCheck.State.DOWN);
            assertThat(health("station").getMessage().orElseThrow()).startsWith("SERVICE_LOST");

            service.startService();
            station.awaitWatching();
            reader.present(station.fob(UID));

            assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
            assertThat(health("station").getState()).isEqualTo(HealthCheck.State.UP);
        }

        @Test
        void waitsForAReaderThatIsNotThere() throws Exception {
            station.start(service, "*PICC*");
            awaitRefused(FailureCode.READER_LOST);
            await().untilAsserted(() -> assertThat(health("station").getDetails())
                    .containsEntry("state", "DOWN")
                    .containsKey("READER_LOST"));

            service.plugIn(PICC).present(station.fob(UID));

            assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
        }

        @Test
        void refusesTwoConfiguredReadersThatMatchTheSameOne() {
            service.plugIn(PICC);
            station.set("reader.2.id", "LINE_04_READER_02").set("reader.2.name", "*ACR1252*");

            assertThatThrownBy(() -> station.startWithoutWaiting(service, "*PICC*"))
                    .isInstanceOfSatisfying(StationStartException.class, e -> assertThat(e.exitCode())
                            .isEqualTo(StationMain.UNUSABLE))
                    .hasMessageContaining(
                            "the PC/SC reader " + PICC + " is matched by LINE_04_READER_01 and LINE_04_READER_02")
                    .hasMessageContaining("reader.<n>.exclude");
        }
    }

    @Nested
    class InARun {

        private final VirtualReader reader = service.plugIn(PICC);

        private static final Map<Integer, FailureCode> CODES = Map.ofEntries(
                Map.entry(0x80100069, FailureCode.FOB_REMOVED),
                Map.entry(0x80100016, FailureCode.FOB_REMOVED),
                Map.entry(0x8010002F, FailureCode.FOB_REMOVED),
                Map.entry(0x8010000C, FailureCode.FOB_REMOVED),
                Map.entry(0x80100002, FailureCode.INTERRUPTED),
                Map.entry(0x80100068, FailureCode.FOB_RESET),
                Map.entry(0x80100066, FailureCode.FOB_UNREADABLE),
                Map.entry(0x80100067, FailureCode.FOB_UNREADABLE),
                Map.entry(0x8010000A, FailureCode.FOB_UNREADABLE),
                Map.entry(0x80100008, FailureCode.FOB_UNREADABLE),
                Map.entry(0x8010000B, FailureCode.READER_IN_USE),
                Map.entry(0x80100009, FailureCode.READER_LOST),
                Map.entry(0x80100017, FailureCode.READER_LOST),
                Map.entry(0x8010002E, FailureCode.READER_LOST),
                Map.entry(0x8010001D, FailureCode.SERVICE_LOST),
                Map.entry(0x8010001E, FailureCode.SERVICE_LOST),
                Map.entry(0x80100013, FailureCode.SERVICE_LOST),
                Map.entry(0x80100003, FailureCode.SERVICE_LOST),
                Map.entry(0x80100004, FailureCode.STATION_FAULT),
                Map.entry(0x8010ABCD, FailureCode.STATION_FAULT));

        @Test
        void everyPcscCodeEndsInAFailureThatIsNamed() throws Exception {
            station.start(service, "*PICC*");
            int fobs = 0;
            for (Map.Entry<Integer, FailureCode> entry : CODES.entrySet()) {
                int code = entry.getKey();
                String uid = String.format("04A1B2C3D4E5%02X", fobs++);

                reader.present(CardFault.on(station.fob(uid))
                        .after(CardTrigger.firstWithIns(SELECT), () -> reader.failNextTransmit(code)));

                RunReport report = station.awaitOutcome();
                assertThat(report.failure()).map(Failure::code).as("%08X", code).contains(entry.getValue());
                assertThat(report.failure().orElseThrow().detail()).contains(String.format("%08X", code));
                reader.remove();
                station.awaitRemoval();
                if (entry.getValue() == FailureCode.STATION_FAULT) {
                    assertThat(station.release("looked at").done()).isTrue();
                }
            }
        }

        @Test
        void aResetEndsItAndTheNextOneUsesKeysOfItsOwn() throws Exception {
            station.start(service, "*PICC*");
            VirtualFob fob = station.fob(UID);

            reader.present(
                    CardFault.on(fob).after(CardTrigger.firstWithIns(INITIALIZE_UPDATE), reader::resetByOtherProgram));

            RunReport report = station.awaitOutcome();
            assertThat(report.failure()).map(Failure::code).contains(FailureCode.FOB_RESET);
            assertThat(report.outcome()).isEqualTo(Outcome.RETRY);
            assertThat(fob.received())
                    .filteredOn(command -> command.startsWith("8050"))
                    .hasSize(1);
            assertThat(station.klms().keyRequests()).hasSize(1);

            reader.remove();
            station.awaitRemoval();
            reader.present(fob);
            assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
            assertThat(station.klms().keyRequests()).hasSize(2);
        }

        @Test
        void aResetAfterThePayloadBeganSaysThatTheFobIsHalfDone() throws Exception {
            station.start(service, "*PICC*");

            reader.present(CardFault.on(station.fob(UID))
                    .after(CardTrigger.firstWithIns(STORE_DATA), reader::resetByOtherProgram));

            assertThat(station.awaitOutcome().failure()).map(Failure::code).contains(FailureCode.FOB_REMOVED_HALF_DONE);
        }

        @Test
        void aFobThatHangsIsToldByTheReadinessAndTheOperatorsLine() throws Exception {
            CountDownLatch release = new CountDownLatch(1);
            station.set("reader.stuck-after", "100 ms").start(service, "*PICC*");
            reader.present(CardFault.on(station.fob(UID))
                    .before(CardTrigger.firstWithIns(SELECT), () -> awaitQuietly(release)));

            awaitRefused(FailureCode.READER_STUCK);
            assertThat(health("pcsc")
                            .getDetails()
                            .get("reader." + TestStation.READER_ID)
                            .toString())
                    .startsWith("STUCK " + PICC);
            assertThat(health("station").getDetails()).containsKey("READER_STUCK");

            release.countDown();
            assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
            await().until(() -> health("station").getState() == HealthCheck.State.UP);
        }
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
}
