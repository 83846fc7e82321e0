package org.fobstation.klms;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What an answer of the key server says, read in the plainest way there is: as a tree of texts, keys and all. Judges the
 * station's own reader, which is written quite otherwise.
 *
 * @param enc Key-ENC in upper-case hex, and so the others
 */
public record AgreedAnswer(
        String transactionId, int keyVersion, String enc, String mac, String dek, String header, String data) {

    private static final String HEX = "(?:[0-9A-Fa-f]{2})+";
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxNameLength(256)
                            .maxNumberLength(32)
                            .maxTokenCount(4096)
                            .build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Empty unless the answer is as agreed with the key server, for a request that named this fob. */
    public static Optional<AgreedAnswer> of(byte[] answer, String fobUid) {
        if (answer.length > BoundedCall.MAX_ANSWER) {
            return Optional.empty();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(answer))
                    .toString();
            JsonNode tree = STRICT.readTree(text);
            return Optional.of(tree).filter(JsonNode::isObject).flatMap(object -> of(object, fobUid));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<AgreedAnswer> of(JsonNode tree, String fobUid) {
        JsonNode keys = tree.path("scp03_static_keys");
        JsonNode payload = tree.path("ford_payload");
        JsonNode version = tree.path("key_version");
        boolean named = !tree.has("fob_uid")
                || tree.path("fob_uid").isTextual()
                        && tree.path("fob_uid").textValue().equalsIgnoreCase(fobUid);
        boolean agreed = named
                && matches(tree.path("transaction_id"), "[A-Za-z0-9._-]{1,64}")
                && version.isInt()
                && version.intValue() >= 1
                && version.intValue() <= 255
                && matches(keys.path("enc"), HEX)
                && matches(keys.path("mac"), HEX)
                && matches(keys.path("dek"), HEX)
                && matches(payload.path("apdu_cla_ins_p1_p2"), "[0-9A-Fa-f]{8}")
                && matches(payload.path("data_hex"), HEX);
        if (!agreed) {
            return Optional.empty();
        }
        AgreedAnswer read = new AgreedAnswer(
                tree.path("transaction_id").textValue(),
                version.intValue(),
                hex(keys.path("enc")),
                hex(keys.path("mac")),
                hex(keys.path("dek")),
                hex(payload.path("apdu_cla_ins_p1_p2")),
                hex(payload.path("data_hex")));
        int digits = read.enc.length();
        boolean alike = digits == read.mac.length() && digits == read.dek.length();
        return Optional.of(read).filter(any -> alike && (digits == 32 || digits == 48 || digits == 64));
    }

    private static boolean matches(JsonNode node, String pattern) {
        return node.isTextual() && node.textValue().matches(pattern);
    }

    private static String hex(JsonNode node) {
        return HexFormat.of().withUpperCase().formatHex(HexFormat.of().parseHex(node.textValue()));
    }
}
