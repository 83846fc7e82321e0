package org.fobstation.simulator.fob;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CardCryptoTest {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    @TestFactory
    Stream<DynamicTest> derivesAsTheVectorsSay() {
        return SessionVector.nodes("scp03-kdf.json", "vectors")
                .filter(vector -> vector.get("kind").asText().equals("kdf"))
                .map(vector -> DynamicTest.dynamicTest(vector.get("id").asText(), () -> derives(vector)));
    }

    private static void derives(JsonNode vector) {
        byte[] derived = CardCrypto.derive(
                HEX.parseHex(vector.get("key").asText()),
                HexFormat.fromHexDigits(vector.get("constant").asText()),
                HEX.parseHex(vector.get("context").asText()),
                vector.get("length_bits").asInt());
        assertThat(HEX.formatHex(derived)).isEqualTo(vector.get("output").asText());
    }

    /** NIST SP 800-38B, appendix D.1, examples 1 and 3: no data, and 40 bytes given in two parts. */
    @Test
    void macsAsNistDoes() {
        byte[] key = HEX.parseHex("2B7E151628AED2A6ABF7158809CF4F3C");
        byte[] first = HEX.parseHex("6BC1BEE22E409F96E93D7E117393172A");
        byte[] second = HEX.parseHex("AE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411");

        assertThat(HEX.formatHex(CardCrypto.cmac(key))).isEqualTo("BB1D6929E95937287FA37D129B756746");
        assertThat(HEX.formatHex(CardCrypto.cmac(key, first, second))).isEqualTo("DFA66747DE9AE63030CA32611497C827");
    }

    @Test
    void padsAtLeastOneByte() {
        assertThat(CardCrypto.pad(new byte[0])).hasSize(16).startsWith(0x80, 0x00);
        assertThat(CardCrypto.pad(new byte[15])).hasSize(16).endsWith(0x80);
        assertThat(CardCrypto.pad(new byte[16])).hasSize(32);
    }

    @Test
    void findsWrongPadding() {
        assertThat(CardCrypto.unpad(HEX.parseHex("00".repeat(16)))).isNull();
        assertThat(CardCrypto.unpad(HEX.parseHex("80".repeat(15) + "01"))).isNull();
        assertThat(CardCrypto.unpad(HEX.parseHex("0180" + "00".repeat(14)))).containsExactly(0x01);
    }

    @Test
    void checksKeysAsJcopDoes() {
        assertThat(HEX.formatHex(CardCrypto.kcv(CardKeys.TEST.enc()))).isEqualTo("504A77");
    }
}
