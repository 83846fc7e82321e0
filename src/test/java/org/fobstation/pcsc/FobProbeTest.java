package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FobProbeTest {

    private static final String PICC = "ACS ACR1252 1S CL Reader PICC 0";
    private static final String OTHER = "HID Global OMNIKEY 5022 0";
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeSmartCardService service =
            new FakeSmartCardService().plugIn(PICC).plugIn(OTHER);

    private Optional<FobProbe.Reading> probe(Duration longest) {
        try {
            return FobProbe.await(service, List.of(PICC, OTHER), longest);
        } catch (PcscException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void leavesNothingOpen() {
        assertThat(service.openContexts()).isZero();
    }

    @Test
    void readsTheUidOfAFobThatLiesThereAndSendsNothingElse() {
        FakeCard fob = service.present(OTHER, FakeCard.withUid("04A1B2C3D4E5F6"));

        FobProbe.Reading reading = probe(LONG).orElseThrow();

        assertThat(reading.readerName()).isEqualTo(OTHER);
        assertThat(reading.uid()).isEqualTo("04A1B2C3D4E5F6");
        assertThat(reading.atr()).isEqualTo(FakeCard.ATR);
        assertThat(reading.random()).isFalse();
        assertThat(fob.commands()).singleElement().isEqualTo(new byte[] {(byte) 0xFF, (byte) 0xCA, 0, 0, 0});
    }

    @Test
    void waitsForAFob() throws Exception {
        CompletableFuture<Optional<FobProbe.Reading>> reading = CompletableFuture.supplyAsync(() -> probe(LONG));
        service.present(PICC, FakeCard.withUid("08112233"));

        assertThat(reading.get(20, TimeUnit.SECONDS).orElseThrow().random()).isTrue();
    }

    @Test
    void givesUpWhereNoneComes() {
        service.presentMute(OTHER);
        assertThat(probe(Duration.ofMillis(50))).isEmpty();
    }

    @Test
    void saysWhyThereIsNoUid() {
        service.present(PICC, FakeCard.answeringUidWith("6A81"));

        assertThat(probe(LONG).orElseThrow().failure()).map(Failure::code).contains(FailureCode.UID_NOT_AVAILABLE);
    }

    @Test
    void endsWhereAReaderIsPulledOut() {
        service.unplug(OTHER);
        assertThatThrownBy(() -> FobProbe.await(service, List.of(PICC, OTHER), LONG))
                .hasMessageContaining("E_READER_UNAVAILABLE");
    }

    @Test
    void saysThatAnotherProgramHoldsTheFob() {
        service.present(PICC, FakeCard.withUid("04A1B2C3D4E5F6"));
        service.useByOthers(PICC, true);

        FobProbe.Reading reading = probe(LONG).orElseThrow();

        assertThat(reading.failure()).map(Failure::code).contains(FailureCode.READER_IN_USE);
        assertThat(reading.uid()).isEmpty();
    }
}
