package org.fobstation.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.fobstation.apdu.ApduTrace;

/** What a line of the journal says. Each kind knows its JSON fields and what it changes in the {@link Ledger}. */
sealed interface JournalEntry
        permits JournalEntry.Begin,
                JournalEntry.Intended,
                JournalEntry.Result,
                JournalEntry.Settled,
                JournalEntry.Requested,
                JournalEntry.Configured,
                JournalEntry.Held,
                JournalEntry.Released,
                SegmentEntry {

    String type();

    /** When it was written, UTC. */
    Instant at();

    /** Writes the fields after {@code type} and {@code at}. */
    void writeFields(JsonGenerator json) throws IOException;

    /**
     * Carries the entry into the ledger.
     *
     * @param n the number of its line
     * @param place where its line begins
     * @throws IllegalArgumentException if it contradicts what came before
     */
    void applyTo(Ledger ledger, long n, long place);

    /** A JSON object without line breaks. */
    default String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = RecordJson.MAPPER.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("type", type());
            json.writeStringField("at", at().toString());
            writeFields(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter failed", e);
        }
        return text.toString();
    }

    /**
     * A run begins. The number of this line is the run's number.
     *
     * @param history of its fob
     */
    record Begin(Instant at, String fobUid, String readerId, FobHistory history) implements JournalEntry {

        @Override
        public String type() {
            return "BEGIN";
        }

        @Override
        public void writeFields(JsonGenerator json) throws IOException {
            json.writeStringField("fob_uid", fobUid);
            json.writeStringField("reader_id", readerId);
            RecordJson.writeHistory(json, history.last(), history.halfDone());
        }

        @Override
        public void applyTo(Ledger ledger, long n, long place) {
            ledger.begun(OpenRun.begun(n, fobUid, readerId, history));
        }
    }

    /** A run is about to do something to its fob. */
    record Intended(Instant at, long run, Intent intent) implements JournalEntry {

        @Override
        public String type() {
            return "INTENT";
        }

        @Override
        public void writeFields(JsonGenerator json) throws IOException {
            json.writeNumberField("run", run);
            json.writeStringField("kind", intent.kind());
            if (intent instanceof Intent.Open open) {
                json.writeStringField("transaction_id", open.transactionId());
                return;
            }
            json.writeArrayFieldStart("apdu_trace");
            for (ApduTrace.Entry entry : intent.trace()) {
                json.writeStartObject();
                json.writeStringField("direction", entry.direction().name());
                json.writeStringField("apdu_hex", entry.hex());
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        @Override
        public void applyTo(Ledger ledger, long n, long place) {
            ledger.intended(run, intent, at, place);
        }
    }

    /** A run has ended; its record. */
    record Result(Instant at, AuditRecord record) implements JournalEntry {

        @Override
        public String type() {
            return "RESULT";
        }

        @Override
        public void writeFields(JsonGenerator json) throws IOException {
            RecordJson.write(json, record);
            json.writeStringField("body", record.bodyText());
        }

        @Override
        public void applyTo(Ledger ledger, long n, long place) {
            ledger.resulted(record, place);
        }
    }

    /** A record was delivered, given up, or kept here: its type is the settlement's. */
    record Settled(Instant at, long auditSeq, Settlement settlement) implements JournalEntry {

        @Override
        public String type() {
            return settlement.type();
        }

        @Override
        public void writeFields(JsonGenerator json) throws IOException {
            json.writeNumberField("audit_sequence", auditSeq);
            if (settlement instanceof Settlement.Delivered delivered) {
                write(json, delivered.receipt());
            } else if (settlement instanceof Settlement.Replayed replayed) {
                write(json, replayed.receipt());
            } else if (settlement instanceof Settlement.Dead dead) {
                json.writeStringField("reason", dead.reason());
                json.writeNumberField("attempts", dead.attempts());
                json.writeBooleanField("refused", dead.refused());
            }
        }

        private static void write(JsonGenerator json, Receipt receipt) throws IOException {
            json.writeNumberField("status", receipt.status());
            json.writeNumberField("attempts", receipt.attempts());
        }

        @Override
        public void applyTo(Ledger ledger, long n, long place) {
            ledger.settled(auditSeq, settlement);
        }
    }

    /** Somebody gave a command. */
    record Requested(Instant at, Request request) implements JournalEntry {

        @Override
        public String type() {
            return "REQUEST";
        }

        @Override
        public void writeFields(JsonGenerator json) throws IOException {
            json.writeStringField("command", request.command());
            json.writeStringField("user", request.user());
            json.writeStringField("file_owner", request.fileOwner());
            json.writeArrayFieldStart("arguments");
            for (String argument : request.arguments()) {
                json.writeString(argument);
            }
            json.writeEndArray();
        }

        @Override
        public void applyTo(Ledger ledger, long n, long place) {
            ledger.requested(request);
        }
    }

    /**
     * A station starts with another configuration than before, or a segment begins. What was changed is named, never said.
     *
     * @param changed settings and route files by name; empty at the first start, and where nothing changed
     */
    record Configured(Instant at, StationConfiguration configuration, List<String> changed) implements JournalEntry {

        public Configured {
            changed = List.copyOf(changed);
        }

        @Override
        public String type() {
            return "CONFIGURATION";
        }

        @Override
        public void writeFields(JsonGenerator json) throws IOException {
            json.writeStringField("software_version", configuration.softwareVersion());
            json.writeStringField("config_hash", configuration.configHash());
            json.writeStringField("routes_hash", configuration.routesHash());
            json.writeArrayFieldStart("changed");
            for (String name : changed) {
                json.writeString(name);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("parts");
            for (Map.Entry<String, String> part : configuration.parts().entrySet()) {
                json.writeStringField(part.getKey(), part.getValue());
            }
            json.writeEndObject();
        }

        @Override
        public void applyTo(Ledger ledger, long n, long place) {
            ledger.configured(configuration);
        }
    }

    /** The line stands still from here on: no fob is begun before a {@link Released}. */
    record Held(Instant at, LineHold hold) implements JournalEntry {

        @Override
        public String type() {
            return "HELD";
        }

        @Override
        public void writeFields(JsonGenerator json) throws IOException {
            json.writeStringField("code", hold.code());
            json.writeStringField("detail", hold.detail());
            json.writeNumberField("audit_sequence", hold.auditSeq());
            json.writeStringField("since", hold.since().toString());
        }

        @Override
        public void applyTo(Ledger ledger, long n, long place) {
            ledger.held(hold);
        }
    }

    /**
     * Somebody has found the cause and lets the line go on.
     *
     * @param user who, in his own words
     * @param fileOwner who, in the words of the file system
     * @param reason why, in his own words
     */
    record Released(Instant at, String user, String fileOwner, String reason) implements JournalEntry {

        @Override
        public String type() {
            return "RELEASED";
        }

        @Override
        public void writeFields(JsonGenerator json) throws IOException {
            json.writeStringField("user", user);
            json.writeStringField("file_owner", fileOwner);
            json.writeStringField("reason", reason);
        }

        @Override
        public void applyTo(Ledger ledger, long n, long place) {
            ledger.released();
        }
    }
}
