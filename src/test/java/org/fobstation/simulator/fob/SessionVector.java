package org.fobstation.simulator.fob;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One vector of {@code src/test/resources/vectors}, of kind session; each names its source in the file. */
record SessionVector(JsonNode json) {

    static Stream<SessionVector> in(String file) {
        return nodes(file, "vectors").map(SessionVector::new);
    }

    static Stream<SessionVector> all() {
        return Stream.of("scp03-sessions.json", "scp03-sessions-computed.json", "scp03-sessions-deviating-counter.json")
                .flatMap(SessionVector::in);
    }

    static SessionVector named(String id) {
        return all().filter(vector -> vector.id().equals(id)).findFirst().orElseThrow();
    }

    static Stream<JsonNode> nodes(String file, String list) {
        try (InputStream in = SessionVector.class.getResourceAsStream("/vectors/" + file)) {
            JsonNode array = new ObjectMapper().readTree(in).get(list);
            return StreamSupport.stream(array.spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String id() {
        return json.get("id").asText();
    }

    int i() {
        return HexFormat.fromHexDigits(json.get("i").asText());
    }

    int kvn() {
        return HexFormat.fromHexDigits(expected("kvn"));
    }

    int level() {
        return HexFormat.fromHexDigits(json.get("security_level").asText());
    }

    /** A key missing in the vector (a DEK nobody needs) is as long as the others and zero. */
    CardKeys keys() {
        JsonNode keys = json.get("static_keys");
        String enc = keys.get("enc").asText();
        String dek = keys.get("dek").isNull()
                ? "0".repeat(enc.length())
                : keys.get("dek").asText();
        return CardKeys.of(enc, keys.get("mac").asText(), dek);
    }

    /** Null where the card challenge does not follow from the counter. */
    String challengeAid() {
        return json.get("challenge_aid").isNull()
                ? null
                : json.get("challenge_aid").asText();
    }

    String hostChallenge() {
        return json.get("host_challenge").asText();
    }

    /** A field of {@code expect}; null if the vector has none. */
    String expected(String field) {
        JsonNode value = json.get("expect").get(field);
        return value.isNull() ? null : value.asText();
    }

    String initializeUpdate() {
        return json.get("initialize_update").get("command").asText();
    }

    String initializeUpdateAnswer() {
        return json.get("initialize_update").get("response").asText();
    }

    String externalAuthenticate() {
        return json.get("external_authenticate").get("command").asText();
    }

    String externalAuthenticateAnswer() {
        return json.get("external_authenticate").get("response").asText();
    }

    List<Exchange> exchanges() {
        return StreamSupport.stream(json.get("exchanges").spliterator(), false)
                .map(Exchange::new)
                .toList();
    }

    boolean isRule(String encryptionCounter) {
        return json.get("encryption_counter").asText().equals(encryptionCounter);
    }

    /** A fob as it was before the vector's INITIALIZE UPDATE. */
    FobBuilder fob() {
        FobBuilder builder =
                VirtualFob.builder().kdd(expected("kdd")).i(i()).levelsBeyondI().extendedLength();
        if (challengeAid() != null) {
            builder.isdAid(challengeAid());
        }
        String counter = expected("sequence_counter");
        int lastUsed = counter == null ? 0 : HexFormat.fromHexDigits(counter) - 1;
        if (isRule("with-data-only")) {
            builder.counterWithDataOnly();
        }
        if (isRule("pad-empty")) {
            builder.padEmpty();
        }
        return builder.keySet(kvn(), keys(), lastUsed).random(new FixedRandom(expected("card_challenge")));
    }

    @Override
    public String toString() {
        return id();
    }

    /** A command after EXTERNAL AUTHENTICATE and its answer, in hex. */
    record Exchange(JsonNode json) {

        String plainCommand() {
            return json.get("plain_command").asText();
        }

        String wrappedCommand() {
            return json.get("wrapped_command").asText();
        }

        boolean hasAnswer() {
            return !json.get("wrapped_response").isNull();
        }

        String plainAnswer() {
            return json.get("plain_response").asText();
        }

        String wrappedAnswer() {
            return json.get("wrapped_response").asText();
        }
    }
}
