package org.fobstation.simulator.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.fobstation.simulator.klms.FobKeys.Padding;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class Kdf3Test {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final byte[] MASTER = HEX.parseHex("404142434445464748494A4B4C4D4E4F");

    @TestFactory
    Stream<DynamicTest> derivesTheKeysOfTheVectors() throws IOException {
        try (InputStream in = Kdf3Test.class.getResourceAsStream("kdf3-vectors.json")) {
            JsonNode vectors = new ObjectMapper().readTree(in).get("vectors");
            assertThat(vectors).hasSize(5);
            return StreamSupport.stream(vectors.spliterator(), false)
                    .map(vector -> dynamicTest(vector.get("id").asText(), () -> check(vector)));
        }
    }

    private static void check(JsonNode vector) {
        Kdf3.Form form =
                vector.get("variant").asText().equals("with-length") ? Kdf3.Form.WITH_LENGTH : Kdf3.Form.WITHOUT_LENGTH;
        String enc = vector.get("enc").asText();
        Kdf3.Keys keys = Kdf3.derive(bytes(vector, "master"), bytes(vector, "kdd"), enc.length() / 2, form);
        assertThat(HEX.formatHex(keys.enc())).isEqualTo(enc);
        assertThat(HEX.formatHex(keys.mac())).isEqualTo(vector.get("mac").asText());
        assertThat(HEX.formatHex(keys.dek())).isEqualTo(vector.get("dek").asText());
    }

    @Test
    void refusesAKeyLengthThatIsNotAes() {
        assertThatThrownBy(() -> Kdf3.derive(MASTER, new byte[10], 15, Kdf3.Form.WITHOUT_LENGTH))
                .hasMessageContaining("15");
    }

    @Test
    void padsTheUidOnTheSideThatIsAskedFor() {
        assertThat(encOf(Padding.LEFT, "04112233445566")).isEqualTo(encOf(Padding.RAW, "00000004112233445566"));
        assertThat(encOf(Padding.RIGHT, "04112233445566")).isEqualTo(encOf(Padding.RAW, "04112233445566000000"));
        assertThat(encOf(Padding.RAW, "04112233445566")).isNotEqualTo(encOf(Padding.RIGHT, "04112233445566"));
    }

    @Test
    void issuesOtherKeysToAnotherFob() {
        assertThat(encOf(Padding.RIGHT, "04112233445566")).isNotEqualTo(encOf(Padding.RIGHT, "04112233445567"));
    }

    @Test
    void printsNoKey() {
        FobKeys rule = new FobKeys(MASTER, 16, Kdf3.Form.WITHOUT_LENGTH, Padding.RAW);
        assertThat(rule + " " + rule.keysOf("04112233445566")).doesNotContain("40");
    }

    private static String encOf(Padding padding, String uid) {
        FobKeys rule = new FobKeys(MASTER, 16, Kdf3.Form.WITHOUT_LENGTH, padding);
        return HEX.formatHex(rule.keysOf(uid).enc());
    }

    private static byte[] bytes(JsonNode vector, String field) {
        return HEX.parseHex(vector.get(field).asText());
    }
}
