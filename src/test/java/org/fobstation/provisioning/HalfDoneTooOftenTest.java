package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import org.fobstation.audit.AuditOutcome;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fob that leaves while it is written is asked for twice; then it is held still, or it is no good. */
class HalfDoneTooOftenTest extends BenchTest {

    VirtualFob fob;

    @BeforeEach
    void take() {
        fob = bench.fob();
    }

    private FailureCode leave() throws Exception {
        return bench.present(bench.tornAfter(fob, STORE_DATA, 1))
                .failure()
                .orElseThrow()
                .code();
    }

    @Test
    void failsTheThirdTime() throws Exception {
        assertThat(leave()).isEqualTo(FailureCode.FOB_REMOVED_HALF_DONE);
        assertThat(leave()).isEqualTo(FailureCode.FOB_REMOVED_HALF_DONE);

        RunReport third = bench.present(bench.tornAfter(fob, STORE_DATA, 1));

        assertFailure(third, FailureCode.HALF_DONE_TOO_OFTEN, Stage.PAYLOAD_DELIVERY);
        assertThat(third.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(third.failure().orElseThrow().detail())
                .isEqualTo("FOB_REMOVED_HALF_DONE, 3 times in a row: the fob is gone");
        assertThat(bench.record().outcome()).isEqualTo(AuditOutcome.UNKNOWN);
    }

    @Test
    void passesIfItIsHeldStillAtLast() throws Exception {
        leave();
        leave();
        assertPass(bench.present(fob));
    }

    @Test
    void failsAgainEveryFurtherTimeAndPassesStill() throws Exception {
        leave();
        leave();
        leave();
        assertThat(leave()).isEqualTo(FailureCode.HALF_DONE_TOO_OFTEN);
        assertPass(bench.present(fob));
    }

    @Test
    void countsWhatACrashLeftAndForgetsNothingAtARestart() throws Exception {
        bench.killAfter(fob, STORE_DATA, 1);
        assertThat(bench.record().envelope().failureCode()).contains(FailureCode.RESULT_UNKNOWN.name());
        assertThat(leave()).isEqualTo(FailureCode.FOB_REMOVED_HALF_DONE);
        bench.restart();

        assertThat(leave()).isEqualTo(FailureCode.HALF_DONE_TOO_OFTEN);
    }

    @Test
    void isNotMisledByRunsThatWroteNothingInBetween() throws Exception {
        leave();
        leave();
        assertFailure(
                bench.present(bench.tornBefore(fob, SELECT, 1)), FailureCode.FOB_REMOVED, Stage.INITIALIZE_UPDATE);

        assertThat(leave()).isEqualTo(FailureCode.HALF_DONE_TOO_OFTEN);
    }

    @Test
    void beginsToCountAnewAfterARunWhoseEndIsKnown() throws Exception {
        leave();
        leave();
        CardFault refusing = CardFault.on(fob).answering(CardTrigger.nthWithIns(STORE_DATA, 1), "6A80");
        assertThat(bench.present(refusing).outcome()).isEqualTo(Outcome.FAIL);
        assertThat(bench.record().outcome()).isEqualTo(AuditOutcome.FAILURE);

        assertThat(leave()).isEqualTo(FailureCode.FOB_REMOVED_HALF_DONE);
    }
}
