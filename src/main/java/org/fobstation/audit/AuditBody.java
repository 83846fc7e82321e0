package org.fobstation.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fobstation.apdu.ApduTrace;
import org.fobstation.outcome.Outcome;

/** The audit body as agreed with the KLMS: these fields, in this order, and no others. */
final class AuditBody {

    private static final DateTimeFormatter MILLISECONDS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private AuditBody() {}

    /** The body's text; its UTF-8 bytes are what is hashed, archived and posted. */
    static String text(RunResult run, String stationId) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = RecordJson.MAPPER.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("transaction_id", run.transactionId());
            json.writeStringField("fob_uid", run.fobUid().toUpperCase(Locale.ROOT));
            json.writeStringField("timestamp_iso8601", timestamp(run.endedAt()));
            json.writeStringField("overall_result", overallResult(run.outcome()));
            json.writeStringField("stage_reached", run.stageReached().name());
            json.writeArrayFieldStart("apdu_trace");
            for (ApduTrace.Entry entry : run.trace()) {
                write(json, entry);
            }
            json.writeEndArray();
            json.writeStringField("eol_station_id", stationId);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter failed", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, ApduTrace.Entry entry) throws IOException {
        String hex = entry.hex().toUpperCase(Locale.ROOT);
        json.writeStartObject();
        json.writeStringField("direction", entry.direction().name());
        json.writeStringField("apdu_hex", hex);
        if (entry.direction() == ApduTrace.Direction.RX && hex.length() >= 4) {
            json.writeStringField("sw1", hex.substring(hex.length() - 4, hex.length() - 2));
            json.writeStringField("sw2", hex.substring(hex.length() - 2));
        }
        json.writeEndObject();
    }

    /**
     * Where a record's envelope says otherwise than its body, which the chain of records proves.
     *
     * @return the first such field of the body; empty as a rule
     * @throws IllegalArgumentException if the body is none
     */
    static Optional<String> contradiction(AuditRecord record) {
        Envelope envelope = record.envelope();
        JsonNode body;
        try {
            body = RecordJson.MAPPER.readTree(record.bodyText());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body is not JSON: " + e.getOriginalMessage(), e);
        }
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("transaction_id", envelope.transactionId());
        expected.put("fob_uid", envelope.fobUid());
        expected.put("timestamp_iso8601", timestamp(envelope.endedAt()));
        expected.put("overall_result", overallResult(envelope.shown()));
        expected.put("stage_reached", envelope.stageReached().name());
        expected.put("eol_station_id", envelope.stationId());
        boolean isSuccess = envelope.outcome() == AuditOutcome.SUCCESS;
        if (isSuccess != (envelope.shown() == Outcome.PASS)) {
            return Optional.of("overall_result");
        }
        return expected.entrySet().stream()
                .filter(field -> !RecordJson.text(body, field.getKey()).equals(field.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static String overallResult(Outcome outcome) {
        return outcome == Outcome.PASS ? "SUCCESS" : "FAILURE";
    }

    /** UTC with exactly three decimals, cut, not rounded. */
    static String timestamp(Instant at) {
        return MILLISECONDS.format(at);
    }
}
