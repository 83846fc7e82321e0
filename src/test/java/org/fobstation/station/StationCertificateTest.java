package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.reader.VirtualReader;
import org.fobstation.simulator.reader.VirtualSmartCardService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole station whose own certificate comes to its end. */
class StationCertificateTest {

    /** Two looks at the files, and a busy machine. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private final VirtualReader reader = service.plugIn("ACS ACR1252 1S CL Reader PICC 0");
    private TestStation station;

    @BeforeEach
    void prepare() throws Exception {
        station = TestStation.in(folder);
    }

    @AfterEach
    void stop() {
        station.close();
    }

    @Test
    void touchesNoFobBehindItsEndAndGoesOnWithARenewedOneByItself() throws Exception {
        station.expireKey();
        station.start(service, "*ACR1252*");
        VirtualFob fob = station.fob("04A1B2C3D4E501");
        reader.present(fob);

        assertThat(station.awaitHeld())
                .returns(FailureCode.STATION_CERTIFICATE_INVALID, hold -> hold.code())
                .satisfies(hold -> assertThat(hold.detail()).startsWith("it ended at "));
        assertThat(fob.received()).isEmpty();
        assertThat(station.klms().receivedBytes()).isZero();
        assertThat(readiness().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(readiness().getDetails()).hasEntrySatisfying("STATION_CERTIFICATE_INVALID", detail -> assertThat(
                        detail)
                .asString()
                .contains("The station's own certificate is not valid now.", "klms.key-store, no restart is needed"));
        reader.remove();
        station.awaitRemoval();

        station.renewKey();

        await().atMost(LONGEST).until(() -> readiness().getState() == HealthCheck.State.UP);
        reader.present(station.fob("04A1B2C3D4E502"));
        assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void isReadyAndWarnsWhileARenewedOneCannotBeUsed() throws Exception {
        station.start(service, "*ACR1252*");
        assertThat(readiness().getDetails()).doesNotContainKey("WARNING.1");
        station.expireKey();

        await().atMost(LONGEST).until(() -> readiness().getDetails().containsKey("WARNING.1"));

        assertThat(readiness().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(readiness().getDetails().get("WARNING.1").toString()).contains("its certificate is not valid now");
        reader.present(station.fob("04A1B2C3D4E503"));
        assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
    }

    private HealthCheck.Result readiness() {
        return HealthCheckRegistry.get(station.camel())
                .getCheck("station")
                .orElseThrow()
                .call();
    }
}
