package org.fobstation.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;

/** A record's fields as JSON, the same in the journal, the archive and the dead letters. All but the body. */
final class RecordJson {

    /** Refuses a field that comes twice. */
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private RecordJson() {}

    /** Writes the fields into the object that {@code json} is in. */
    static void write(JsonGenerator json, AuditRecord record) throws IOException {
        Envelope envelope = record.envelope();
        json.writeNumberField("audit_sequence", record.auditSeq());
        json.writeStringField("id", record.id().toString());
        json.writeStringField("previous_hash", record.previousHash());
        json.writeStringField("audit_hash", record.auditHash());
        json.writeNumberField("run", envelope.run());
        json.writeStringField("transaction_id", envelope.transactionId());
        json.writeStringField("fob_uid", envelope.fobUid());
        json.writeStringField("reader_id", envelope.readerId());
        json.writeStringField("station_id", envelope.stationId());
        json.writeStringField("software_version", envelope.softwareVersion());
        writeIfPresent(json, "config_hash", envelope.configHash());
        writeIfPresent(json, "routes_hash", envelope.routesHash());
        json.writeStringField("ended_at", AuditBody.timestamp(envelope.endedAt()));
        json.writeStringField("outcome", envelope.outcome().name());
        json.writeStringField("shown", envelope.shown().name());
        json.writeStringField("stage_reached", envelope.stageReached().name());
        if (envelope.failureCode().isPresent()) {
            json.writeStringField("failure_code", envelope.failureCode().get());
            json.writeStringField("detail", envelope.detail());
        }
        json.writeArrayFieldStart("stage_times");
        for (StageTime time : envelope.stageTimes()) {
            json.writeStartObject();
            json.writeStringField("stage", time.stage().name());
            json.writeNumberField("micros", time.duration().toNanos() / 1_000);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("warnings");
        for (String warning : envelope.warnings()) {
            json.writeString(warning);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("card_facts");
        for (Map.Entry<String, String> fact : envelope.cardFacts().entrySet()) {
            json.writeStringField(fact.getKey(), fact.getValue());
        }
        json.writeEndObject();
        writeIfPresent(json, "last_intent", envelope.lastIntent());
        writeHistory(json, envelope.follows(), envelope.halfDone());
        json.writeBooleanField("post", envelope.post());
    }

    static void writeHistory(JsonGenerator json, Optional<EarlierRecord> follows, int halfDone) throws IOException {
        if (follows.isPresent()) {
            json.writeObjectFieldStart("follows");
            json.writeNumberField("audit_sequence", follows.get().auditSeq());
            json.writeStringField("transaction_id", follows.get().transactionId());
            json.writeEndObject();
        }
        if (halfDone > 0) {
            json.writeNumberField("half_done", halfDone);
        }
    }

    /** A journal older than the field has none. */
    static Optional<EarlierRecord> follows(JsonNode node) {
        return Optional.ofNullable(node.get("follows"))
                .map(earlier -> new EarlierRecord(number(earlier, "audit_sequence"), text(earlier, "transaction_id")));
    }

    private static void writeIfPresent(JsonGenerator json, String name, Optional<String> text) throws IOException {
        if (text.isPresent()) {
            json.writeStringField(name, text.get());
        }
    }

    /** @throws IllegalArgumentException if a field is missing or has a wrong form */
    static AuditRecord read(JsonNode node, String bodyText) {
        return new AuditRecord(
                number(node, "audit_sequence"),
                UUID.fromString(text(node, "id")),
                text(node, "previous_hash"),
                text(node, "audit_hash"),
                bodyText,
                new Envelope(
                        number(node, "run"),
                        text(node, "transaction_id"),
                        text(node, "fob_uid"),
                        text(node, "reader_id"),
                        text(node, "station_id"),
                        text(node, "software_version"),
                        optionalText(node, "config_hash"),
                        optionalText(node, "routes_hash"),
                        Instant.parse(text(node, "ended_at")),
                        AuditOutcome.valueOf(text(node, "outcome")),
                        Outcome.valueOf(text(node, "shown")),
                        Stage.valueOf(text(node, "stage_reached")),
                        optionalText(node, "failure_code"),
                        node.path("detail").asText(""),
                        stageTimes(node),
                        texts(node, "warnings"),
                        cardFacts(node),
                        optionalText(node, "last_intent"),
                        follows(node),
                        halfDone(node),
                        field(node, "post").booleanValue()));
    }

    static int halfDone(JsonNode node) {
        return node.has("half_done") ? count(node, "half_done") : 0;
    }

    private static List<StageTime> stageTimes(JsonNode node) {
        List<StageTime> times = new ArrayList<>();
        for (JsonNode time : field(node, "stage_times")) {
            times.add(new StageTime(
                    Stage.valueOf(text(time, "stage")), Duration.of(number(time, "micros"), ChronoUnit.MICROS)));
        }
        return times;
    }

    /** A journal older than the field has none. */
    private static Map<String, String> cardFacts(JsonNode node) {
        Map<String, String> facts = new LinkedHashMap<>();
        node.path("card_facts")
                .fieldNames()
                .forEachRemaining(name -> facts.put(name, text(node.get("card_facts"), name)));
        return facts;
    }

    static List<String> texts(JsonNode node, String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : field(node, name)) {
            if (!text.isTextual()) {
                throw new IllegalArgumentException("the list " + name + " holds something other than text");
            }
            texts.add(text.textValue());
        }
        return texts;
    }

    private static Optional<String> optionalText(JsonNode node, String name) {
        return Optional.ofNullable(node.get(name)).map(JsonNode::textValue);
    }

    static String text(JsonNode node, String name) {
        JsonNode field = field(node, name);
        if (!field.isTextual()) {
            throw new IllegalArgumentException("the field " + name + " is not text");
        }
        return field.textValue();
    }

    static long number(JsonNode node, String name) {
        JsonNode field = field(node, name);
        if (!field.canConvertToLong() || !field.isIntegralNumber()) {
            throw new IllegalArgumentException("the field " + name + " is not a whole number");
        }
        return field.longValue();
    }

    /** A number of 32 bits. */
    static int count(JsonNode node, String name) {
        long number = number(node, name);
        if (number != (int) number) {
            throw new IllegalArgumentException("the field " + name + " is too great a number");
        }
        return (int) number;
    }

    static JsonNode field(JsonNode node, String name) {
        JsonNode field = node.get(name);
        if (field == null || field.isNull()) {
            throw new IllegalArgumentException("the field " + name + " is missing");
        }
        return field;
    }
}
