package org.fobstation.scp03;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.fobstation.secret.SecretBytes;

/** The test vectors under {@code src/test/resources/vectors/scp03}; each names its source. */
final class Vectors {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Vectors() {}

    /** All vectors of a file, for example {@code put-key.json}. */
    static Stream<JsonNode> in(String file) {
        try (InputStream json = Vectors.class.getResourceAsStream("/vectors/scp03/" + file)) {
            JsonNode vectors = new ObjectMapper().readTree(json).required("vectors");
            return StreamSupport.stream(vectors.spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode named(String file, String id) {
        return in(file).filter(vector -> vector.required("id").asText().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no vector " + id + " in " + file));
    }

    static byte[] hex(String digits) {
        return HEX.parseHex(digits);
    }

    static byte[] hex(JsonNode vector, String field) {
        return hex(vector.required(field).asText());
    }

    static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    static SecretBytes secret(String digits) {
        return SecretBytes.takeFrom(hex(digits));
    }

    /** What a secret holds; tests may look, their keys are no secrets. */
    static String reveal(SecretBytes secret) {
        byte[] bytes = new byte[secret.length()];
        secret.exposeTo(bytes, 0);
        return hex(bytes);
    }

    /** A DEK that the source does not give is zeros: nothing in its vector depends on it. */
    static StaticKeys staticKeys(JsonNode keys) {
        String enc = keys.required("enc").asText();
        JsonNode dek = keys.required("dek");
        return new StaticKeys(
                secret(enc),
                secret(keys.required("mac").asText()),
                secret(dek.isNull() ? "0".repeat(enc.length()) : dek.asText()));
    }
}
