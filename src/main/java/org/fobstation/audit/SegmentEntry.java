package org.fobstation.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a line says of the journal itself: how it is divided, shortened and repaired. */
sealed interface SegmentEntry extends JournalEntry {

    /**
     * The first line of every segment but the first one: where both chains stand. With it a journal can be proved from
     * this segment on when retention has removed the ones before.
     *
     * @param previousHash of the last line of the segment before
     * @param auditSeq of the last record before, 0 without any
     * @param auditHash of that record
     * @param openRuns the runs that began before and go on
     * @param repaired if the line itself was lost and a repair made it anew
     */
    record Begun(
            Instant at,
            int segment,
            String previousHash,
            long auditSeq,
            String auditHash,
            Set<Long> openRuns,
            Optional<Repaired> repaired)
            implements SegmentEntry {

        public Begun {
            openRuns = Collections.unmodifiableSet(new TreeSet<>(openRuns));
        }

        /** The same behind lines that were written anew. */
        Begun behind(String hash) {
            return new Begun(at, segment, hash, auditSeq, auditHash, openRuns, repaired);
        }

        @Override
        public String type() {
            return "SEGMENT";
        }

        @Override
        public void writeFields(JsonGenerator json) throws IOException {
            json.writeNumberField("segment", segment);
            json.writeStringField("previous_line_hash", previousHash);
            json.writeNumberField("audit_sequence", auditSeq);
            json.writeStringField("audit_hash", auditHash);
            json.writeArrayFieldStart("open_runs");
            for (long run : openRuns) {
                json.writeNumber(run);
            }
            json.writeEndArray();
            if (repaired.isPresent()) {
                json.writeObjectFieldStart("repaired");
                json.writeStringField("at", repaired.get().at().toString());
                repaired.get().writeFields(json);
                json.writeEndObject();
            }
        }

        @Override
        public void applyTo(Ledger ledger, long n, long place) {
            ledger.segmentBegun(this, n);
        }
    }

    /**
     * Retention removes the segments up to one. Written before the first of them goes.
     *
     * @param segment the last one to go
     * @param n of its last line
     * @param hash of its last line
     * @param attempts what the removed segments say of fobs and is needed on
     */
    record Retired(Instant at, int segment, long n, String hash, Map<String, Attempts> attempts)
            implements SegmentEntry {

        public Retired {
            attempts = Collections.unmodifiableMap(new TreeMap<>(attempts));
        }

        @Override
        public String type() {
            return "RETIRED";
        }

        @Override
        public void writeFields(JsonGenerator json) throws IOException {
            json.writeNumberField("segment", segment);
            json.writeNumberField("last_line", n);
            json.writeStringField("last_line_hash", hash);
            json.writeArrayFieldStart("attempts");
            for (Map.Entry<String, Attempts> fob : attempts.entrySet()) {
                json.writeStartObject();
                json.writeStringField("fob_uid", fob.getKey());
                json.writeNumberField("count", fob.getValue().count());
                json.writeStringField(
                        "last", fob.getValue().last().orElseThrow().toString());
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        @Override
        public void applyTo(Ledger ledger, long n, long place) {
            ledger.retired(this);
        }
    }

    /**
     * Stands for a line that was damaged or missing when {@code repair} was run; has its number.
     *
     * @param user who ran it
     * @param aside the folder in the journal's folder that holds the segments as they were
     * @param reason what was wrong
     */
    record Repaired(Instant at, String user, String aside, String reason) implements SegmentEntry {

        @Override
        public String type() {
            return "REPAIRED";
        }

        @Override
        public void writeFields(JsonGenerator json) throws IOException {
            json.writeStringField("user", user);
            json.writeStringField("aside", aside);
            json.writeStringField("reason", reason);
        }

        @Override
        public void applyTo(Ledger ledger, long n, long place) {
            ledger.repaired();
        }
    }
}
