package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.fobstation.audit.Request;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.fob.WrongCryptogram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attempts under issued keys that came to no session, as the journal counts them. */
class AttemptGuardTest extends BenchTest {

    private static final Duration PAUSE = Duration.ofSeconds(10);

    private VirtualFob fob;

    @BeforeEach
    void limit() {
        bench.settings.attempts = new AttemptLimits(3, PAUSE);
        fob = bench.fob();
    }

    private void failAtTheCryptogram() throws Exception {
        RunReport report = bench.present(CardFault.on(fob).altering(CardTrigger.always(), new WrongCryptogram()));
        assertFailure(report, FailureCode.CARD_CRYPTOGRAM_MISMATCH, Stage.INITIALIZE_UPDATE);
    }

    private void assertRefused(FailureCode code) throws Exception {
        int seen = fob.received().size();
        int asked = bench.packages;
        assertFailure(bench.present(fob), code, Stage.UID_READ);
        assertThat(fob.received()).as("nothing is sent").hasSize(seen);
        assertThat(bench.packages).as("no keys are asked for").isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource({"50, INITIALIZE_UPDATE", "82, EXTERNAL_AUTHENTICATE"})
    void makesAFobWaitThatWasTornAwayInTheHandshake(String ins, Stage stage) throws Exception {
        int torn = Integer.parseInt(ins, 16);
        assertFailure(bench.present(bench.tornBefore(fob, torn, 1)), FailureCode.FOB_REMOVED, stage);

        bench.clock.pass(PAUSE.minusMillis(1));
        assertRefused(FailureCode.ATTEMPT_TOO_SOON);
        assertThat(bench.record().envelope().detail()).isEqualTo("1 s of card.attempt-pause are left");

        bench.clock.pass(Duration.ofMillis(1));
        assertPass(bench.present(fob));
    }

    @Test
    void doesNotBeginThePauseAnewWhenItRefuses() throws Exception {
        failAtTheCryptogram();
        for (int second = 0; second < 10; second++) {
            assertRefused(FailureCode.ATTEMPT_TOO_SOON);
            bench.clock.pass(Duration.ofSeconds(1));
        }
        assertPass(bench.present(fob));
    }

    @Test
    void makesNobodyWaitWhoWasTornAwayBeforeTheHandshake() throws Exception {
        assertThat(bench.present(bench.tornBefore(fob, GET_DATA, 1)).outcome()).isEqualTo(Outcome.RETRY);

        assertPass(bench.present(fob));
    }

    @Test
    void waitsOnWhenTheClockIsSetBack() throws Exception {
        failAtTheCryptogram();
        bench.clock.pass(Duration.ofMinutes(-5));

        assertRefused(FailureCode.ATTEMPT_TOO_SOON);
    }

    @Test
    void refusesAFobThatWasTriedThreeTimes() throws Exception {
        useUpAttempts();

        assertRefused(FailureCode.ATTEMPTS_USED_UP);
        assertThat(bench.record().envelope().detail()).contains("clear-attempts " + Bench.UID);
    }

    @Test
    void remembersAcrossRestarts() throws Exception {
        failAtTheCryptogram();
        bench.restart();
        assertRefused(FailureCode.ATTEMPT_TOO_SOON);
        bench.clock.pass(PAUSE);
        failAtTheCryptogram();
        bench.clock.pass(PAUSE);
        bench.restart();
        failAtTheCryptogram();
        bench.clock.pass(Duration.ofDays(365));
        bench.restart();

        assertRefused(FailureCode.ATTEMPTS_USED_UP);
    }

    @Test
    void countsARunThatAKilledProcessLeftInTheHandshake() throws Exception {
        bench.killAfter(fob, INITIALIZE_UPDATE, 1);

        assertThat(bench.journal().attempts(Bench.UID).count()).isEqualTo(1);
        assertRefused(FailureCode.ATTEMPT_TOO_SOON);
    }

    @Test
    void letsAFobInAgainThatAnEngineerHasCleared() throws Exception {
        useUpAttempts();
        bench.journal()
                .request(new Request(
                        Request.CLEAR_ATTEMPTS, List.of(Bench.UID.toLowerCase(Locale.ROOT)), "smith", "smith"));
        bench.restart();

        assertPass(bench.present(fob));
    }

    @Test
    void forgetsAttemptsOnceASessionCameAbout() throws Exception {
        failAtTheCryptogram();
        bench.clock.pass(PAUSE);
        fob.refuse(STORE_DATA, 0x6A80);
        assertFailure(bench.present(fob), FailureCode.PAYLOAD_REFUSED, Stage.PAYLOAD_DELIVERY);
        fob.refuseNoLonger(STORE_DATA);

        assertThat(bench.journal().attempts(Bench.UID).count()).isZero();
        assertPass(bench.present(fob));
    }

    private void useUpAttempts() throws Exception {
        for (int attempt = 0; attempt < 3; attempt++) {
            failAtTheCryptogram();
            bench.clock.pass(PAUSE);
        }
    }
}
