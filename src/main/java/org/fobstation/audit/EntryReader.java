package org.fobstation.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.fobstation.apdu.ApduTrace;

/** Reads entries back from their JSON. */
final class EntryReader {

    private static final String LOCK = "LOCK:";

    /** Entries are proved by their hash, and there are many: no look for fields that come twice. */
    private static final ObjectMapper PLAIN = new ObjectMapper();

    private EntryReader() {}

    /** @throws IllegalArgumentException if the text is no entry of a kind known here */
    static JournalEntry read(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return read(bytes, 0, bytes.length);
    }

    /** As {@link #read(String)}, from UTF-8. */
    static JournalEntry read(byte[] bytes, int offset, int length) {
        try {
            return read(PLAIN.readTree(bytes, offset, length));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the entry is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the entry is not UTF-8: " + e.getMessage(), e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a time in the entry has a wrong form: " + e.getMessage(), e);
        }
    }

    private static JournalEntry read(JsonNode node) {
        String type = RecordJson.text(node, "type");
        Instant at = Instant.parse(RecordJson.text(node, "at"));
        return switch (type) {
            case "BEGIN" ->
                new JournalEntry.Begin(
                        at,
                        RecordJson.text(node, "fob_uid"),
                        RecordJson.text(node, "reader_id"),
                        new FobHistory(RecordJson.follows(node), RecordJson.halfDone(node)));
            case "INTENT" -> new JournalEntry.Intended(at, RecordJson.number(node, "run"), intent(node));
            case "RESULT" -> new JournalEntry.Result(at, RecordJson.read(node, RecordJson.text(node, "body")));
            case "REQUEST" -> new JournalEntry.Requested(at, request(node));
            case "DELIVERED" -> settled(at, node, new Settlement.Delivered(receipt(node)));
            case "REPLAYED" -> settled(at, node, new Settlement.Replayed(receipt(node)));
            case "LOCAL" -> settled(at, node, new Settlement.Local());
            case "DEAD" ->
                settled(
                        at,
                        node,
                        new Settlement.Dead(
                                RecordJson.text(node, "reason"),
                                RecordJson.count(node, "attempts"),
                                node.path("refused").asBoolean(true)));
            case "CONFIGURATION" ->
                new JournalEntry.Configured(at, configuration(node), RecordJson.texts(node, "changed"));
            case "HELD" -> new JournalEntry.Held(at, hold(node));
            case "RELEASED" ->
                new JournalEntry.Released(
                        at,
                        RecordJson.text(node, "user"),
                        RecordJson.text(node, "file_owner"),
                        RecordJson.text(node, "reason"));
            case "SEGMENT" -> segmentBegun(at, node);
            case "RETIRED" -> retired(at, node);
            case "REPAIRED" -> repaired(at, node);
            default -> throw new IllegalArgumentException("an entry of type " + type + " is not known here");
        };
    }

    private static JournalEntry segmentBegun(Instant at, JsonNode node) {
        Set<Long> openRuns = new TreeSet<>();
        RecordJson.field(node, "open_runs").forEach(run -> openRuns.add(run.longValue()));
        return new SegmentEntry.Begun(
                at,
                RecordJson.count(node, "segment"),
                RecordJson.text(node, "previous_line_hash"),
                RecordJson.number(node, "audit_sequence"),
                RecordJson.text(node, "audit_hash"),
                openRuns,
                Optional.ofNullable(node.get("repaired"))
                        .map(lost -> repaired(Instant.parse(RecordJson.text(lost, "at")), lost)));
    }

    private static SegmentEntry.Repaired repaired(Instant at, JsonNode node) {
        return new SegmentEntry.Repaired(
                at, RecordJson.text(node, "user"), RecordJson.text(node, "aside"), RecordJson.text(node, "reason"));
    }

    private static JournalEntry retired(Instant at, JsonNode node) {
        Map<String, Attempts> attempts = new HashMap<>();
        for (JsonNode fob : RecordJson.field(node, "attempts")) {
            Instant last = Instant.parse(RecordJson.text(fob, "last"));
            attempts.put(
                    RecordJson.text(fob, "fob_uid"), new Attempts(RecordJson.count(fob, "count"), Optional.of(last)));
        }
        return new SegmentEntry.Retired(
                at,
                RecordJson.count(node, "segment"),
                RecordJson.number(node, "last_line"),
                RecordJson.text(node, "last_line_hash"),
                attempts);
    }

    private static Intent intent(JsonNode node) {
        String kind = RecordJson.text(node, "kind");
        if (kind.equals("OPEN")) {
            return new Intent.Open(RecordJson.text(node, "transaction_id"));
        }
        if (kind.equals("PAYLOAD")) {
            return new Intent.Payload(trace(node));
        }
        if (kind.startsWith(LOCK)) {
            return new Intent.Lock(kind.substring(LOCK.length()), trace(node));
        }
        throw new IllegalArgumentException("an intent of kind " + kind + " is not known here");
    }

    /** The moments are lost: the monotonic clock they were read from is gone. */
    private static List<ApduTrace.Entry> trace(JsonNode node) {
        List<ApduTrace.Entry> trace = new ArrayList<>();
        for (JsonNode entry : RecordJson.field(node, "apdu_trace")) {
            ApduTrace.Direction direction = ApduTrace.Direction.valueOf(RecordJson.text(entry, "direction"));
            trace.add(new ApduTrace.Entry(direction, RecordJson.text(entry, "apdu_hex"), 0));
        }
        return trace;
    }

    private static StationConfiguration configuration(JsonNode node) {
        Map<String, String> parts = new HashMap<>();
        JsonNode named = RecordJson.field(node, "parts");
        named.fieldNames().forEachRemaining(name -> parts.put(name, RecordJson.text(named, name)));
        return new StationConfiguration(
                RecordJson.text(node, "software_version"),
                RecordJson.text(node, "config_hash"),
                RecordJson.text(node, "routes_hash"),
                parts);
    }

    private static LineHold hold(JsonNode node) {
        return new LineHold(
                RecordJson.text(node, "code"),
                RecordJson.text(node, "detail"),
                RecordJson.number(node, "audit_sequence"),
                Instant.parse(RecordJson.text(node, "since")));
    }

    private static Request request(JsonNode node) {
        return new Request(
                RecordJson.text(node, "command"),
                RecordJson.texts(node, "arguments"),
                RecordJson.text(node, "user"),
                RecordJson.text(node, "file_owner"));
    }

    private static JournalEntry settled(Instant at, JsonNode node, Settlement settlement) {
        return new JournalEntry.Settled(at, RecordJson.number(node, "audit_sequence"), settlement);
    }

    private static Receipt receipt(JsonNode node) {
        return new Receipt(RecordJson.count(node, "status"), RecordJson.count(node, "attempts"));
    }
}
