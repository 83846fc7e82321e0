package org.fobstation.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
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
            json.writeStringField("overall_result", run.outcome() == Outcome.PASS ? "SUCCESS" : "FAILURE");
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

    /** UTC with exactly three decimals, cut, not rounded. */
    static String timestamp(Instant at) {
        return MILLISECONDS.format(at);
    }
}
