package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import org.fobstation.audit.AuditRecord;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.Test;

/** A key server that gives a transaction id away twice. */
class TransactionGuardTest extends BenchTest {

    private void assertRefusedUntouched(VirtualFob fob) throws Exception {
        RunReport report = bench.present(fob);

        assertFailure(report, FailureCode.TRANSACTION_REUSED, Stage.KEY_REQUEST);
        assertThat(report.failure().orElseThrow().detail()).startsWith("transaction trx_1: fob " + Bench.UID + ", 20");
        assertThat(fob.received()).isEmpty();
    }

    @Test
    void isRefusedBeforeTheFobIsTouchedAndAfterARestartToo() throws Exception {
        bench.transactions = () -> "trx_1";
        VirtualFob failing = bench.fob();
        failing.refuse(0xE2, 0x6A80);
        assertFailure(bench.present(failing), FailureCode.PAYLOAD_REFUSED, Stage.PAYLOAD_DELIVERY);

        assertRefusedUntouched(bench.fob());
        bench.restart();
        assertRefusedUntouched(bench.fob());

        bench.transactions = () -> "trx_2";
        assertPass(bench.present(bench.fob()));
    }

    @Test
    void leavesNoSecondRecordUnderTheId() throws Exception {
        bench.transactions = () -> "trx_1";
        VirtualFob failing = bench.fob();
        failing.refuse(0xE2, 0x6A80);
        bench.present(failing);
        bench.present(bench.fob());

        AuditRecord refused = bench.record();
        assertThat(refused.transactionId()).startsWith("station-");
        assertThat(refused.envelope().failureCode()).contains("TRANSACTION_REUSED");
    }
}
