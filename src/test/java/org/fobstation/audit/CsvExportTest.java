package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvExportTest {

    @TempDir
    Path temp;

    List<String> export(AuditRange range) throws Exception {
        StringBuilder out = new StringBuilder();
        CsvExport.write(new DataFolder(temp), range, out);
        return List.of(out.toString().split("\r\n"));
    }

    @Test
    void givesOneLineARecordWithFobOutcomeStageFailureAndTimes() throws Exception {
        try (AuditJournal journal = new JournalFolder(temp).open()) {
            long run = journal.begin(Runs.UID, Runs.READER);
            journal.intend(run, new Intent.Open("trx_1"));
            journal.result(
                    run, Runs.failed("trx_1", FailureCode.CARD_CRYPTOGRAM_MISMATCH, Stage.INITIALIZE_UPDATE, true));
            Runs.pass(journal, "trx_2");
        }

        List<String> lines = export(AuditRange.ALL);

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .startsWith("audit_sequence,ended_at,fob_uid,run_of_fob,transaction_id,outcome,shown,stage_reached,"
                        + "failure_code,detail,station_id,reader_id,software_version,follows_audit_sequence,"
                        + "follows_transaction_id,total_ms,uid_read_ms,");
        assertThat(lines.get(1))
                .startsWith("1,2023-10-27T14:32:01.123Z,11223344556677,1,trx_1,FAILURE,FAIL,INITIALIZE_UPDATE,"
                        + "CARD_CRYPTOGRAM_MISMATCH,a detail,LINE-04-PC-12,LINE_04_READER_01,1.0.0,,,,,");
        assertThat(lines.get(2))
                .startsWith("2,2023-10-27T14:32:01.123Z,11223344556677,2,trx_2,SUCCESS,PASS,PAYLOAD_DELIVERY,,,")
                .contains(",1.0.0,1,trx_1,12.000,12.000,");
    }

    @Test
    void givesARangeAndCountsTheRunsBeforeIt() throws Exception {
        try (AuditJournal journal = new JournalFolder(temp).open()) {
            for (int i = 1; i <= 3; i++) {
                Runs.pass(journal, "trx_" + i);
            }
        }

        assertThat(export(AuditRange.parse("3", "3")))
                .hasSize(2)
                .last()
                .asString()
                .contains(",3,trx_3,");
    }

    @Test
    void quotesWhatHasToBeAndLeavesNoFormulaToASpreadsheet() {
        assertThat(CsvExport.cell("plain")).isEqualTo("plain");
        assertThat(CsvExport.cell("a,b")).isEqualTo("\"a,b\"");
        assertThat(CsvExport.cell("say \"x\"\r\nnow")).isEqualTo("\"say \"\"x\"\"\r\nnow\"");
        assertThat(CsvExport.cell("=HYPERLINK(\"x\")")).isEqualTo("\"'=HYPERLINK(\"\"x\"\")\"");
        assertThat(CsvExport.cell("@cmd")).isEqualTo("'@cmd");
        assertThat(CsvExport.cell("")).isEmpty();
    }
}
