package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fobstation.apdu.ApduTrace;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.junit.jupiter.api.Test;

class AuditBodyTest {

    @Test
    void isTheExampleOfTheContractByteForByte() {
        assertThat(AuditBody.text(Runs.passed("trx_889900"), "LINE-04-PC-12"))
                .isEqualTo("{\"transaction_id\":\"trx_889900\",\"fob_uid\":\"11223344556677\","
                        + "\"timestamp_iso8601\":\"2023-10-27T14:32:01.123Z\",\"overall_result\":\"SUCCESS\","
                        + "\"stage_reached\":\"PAYLOAD_DELIVERY\",\"apdu_trace\":["
                        + "{\"direction\":\"TX\",\"apdu_hex\":\"8050030008A1A2A3A4A5A6A7A800\"},"
                        + "{\"direction\":\"RX\",\"apdu_hex\":\"0102039000\",\"sw1\":\"90\",\"sw2\":\"00\"}],"
                        + "\"eol_station_id\":\"LINE-04-PC-12\"}");
    }

    @Test
    void saysFailureForEverythingButPass() {
        for (FailureCode code : FailureCode.values()) {
            RunResult run = Runs.failed("trx_1", code, Stage.KEY_REQUEST, true);
            assertThat(AuditBody.text(run, "S")).contains("\"overall_result\":\"FAILURE\"");
        }
    }

    @Test
    void knowsNoThirdWordForAnUnknownEnd() throws Exception {
        RunResult known = Runs.failed("trx_1", FailureCode.RESULT_UNKNOWN, Stage.ISD_LOCK, true);
        RunResult unknown = new RunResult(
                known.transactionId(),
                known.fobUid(),
                known.readerId(),
                known.endedAt(),
                known.outcome(),
                known.failure(),
                known.stageReached(),
                known.trace(),
                known.stageTimes(),
                known.warnings(),
                known.cardFacts(),
                true,
                true);

        AuditRecord record = Runs.record(1, unknown, Runs.STATION);

        assertThat(record.bodyText()).contains("\"overall_result\":\"FAILURE\"");
        assertThat(record.outcome()).isEqualTo(AuditOutcome.UNKNOWN);
    }

    @Test
    void writesHexInUpperCaseAndTheTimeWithThreeDecimals() {
        RunResult run = new RunResult(
                "t",
                "aabbccdd",
                "r",
                Instant.parse("2024-02-29T23:59:59Z"),
                Outcome.PASS,
                Optional.empty(),
                Stage.ISD_LOCK,
                List.of(new ApduTrace.Entry(ApduTrace.Direction.RX, "6a82", 0)),
                List.of(),
                List.of(),
                true);

        assertThat(AuditBody.text(run, "S"))
                .contains("\"AABBCCDD\"", "\"2024-02-29T23:59:59.000Z\"")
                .contains("{\"direction\":\"RX\",\"apdu_hex\":\"6A82\",\"sw1\":\"6A\",\"sw2\":\"82\"}");
    }

    @Test
    void keepsItsBytesThroughTheJournal() {
        AuditRecord record = Runs.record(5, Runs.passed("trx_1"), new StationIdentity("Straße \"12\" \\ \u2028", "1"));
        JournalEntry entry = new JournalEntry.Result(Runs.NOW, record);

        AuditRecord read = ((JournalEntry.Result) EntryReader.read(entry.json())).record();

        assertThat(read).isEqualTo(record);
        assertThat(read.body()).isEqualTo(record.bodyText().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isNotInTheRecordsText() {
        AuditRecord record = Runs.record(5, Runs.passed("trx_1"), Runs.STATION);

        assertThat(record).hasToString("audit 1, SUCCESS, transaction trx_1, fob 11223344556677");
    }
}
