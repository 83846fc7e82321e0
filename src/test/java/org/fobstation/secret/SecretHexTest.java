package org.fobstation.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Hex digits of a secret")
class SecretHexTest {

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String reveal(SecretBytes secret) {
        byte[] bytes = new byte[secret.length()];
        secret.exposeTo(bytes, 0);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void areDecodedInEitherCaseFromBytesAndCharacters() {
        byte[] ascii = ascii("00ff7F80aBCd");
        char[] text = "00ff7F80aBCd".toCharArray();
        try (SecretBytes fromBytes = SecretHex.decode(ascii, 0, ascii.length);
                SecretBytes fromChars = SecretHex.decode(text, 0, text.length)) {
            assertThat(reveal(fromBytes)).isEqualTo("00ff7f80abcd");
            assertThat(reveal(fromChars)).isEqualTo("00ff7f80abcd");
        }
    }

    @Test
    void areDecodedFromTheMiddleOfABufferThatIsLeftAsItIs() {
        byte[] json = ascii("{\"enc\":\"0A0B\"}");
        byte[] before = json.clone();
        try (SecretBytes secret = SecretHex.decode(json, 8, 4)) {
            assertThat(reveal(secret)).isEqualTo("0a0b");
        }
        assertThat(json).isEqualTo(before);
    }

    @Test
    void mayBeNone() {
        try (SecretBytes secret = SecretHex.decode(new byte[0], 0, 0)) {
            assertThat(secret.length()).isZero();
        }
    }

    @Test
    void areRefusedWhenOdd() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretHex.decode(ascii("ABC"), 0, 3))
                .withMessageContaining("odd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0G", "g0", "/0", ":0", "@0", "`0", " 0", "0\u00e9", "0\u00ff", "0\u0000", "0-"})
    void areRefusedByPositionWithoutNamingThem(String bad) {
        byte[] ascii = ascii("5A" + bad);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretHex.decode(ascii, 0, ascii.length))
                .withMessageMatching("no hex digit at position [23]");
    }

    /** Digits to {@link Character#digit(int, int)}, but no hex in JSON. */
    @ParameterizedTest
    @ValueSource(chars = {'\uFF10', '\uFF21', '\u0660', '\u09EF', '\uD800'})
    void areRefusedInOtherScripts(char digit) {
        char[] text = {'0', digit};
        assertThatIllegalArgumentException().isThrownBy(() -> SecretHex.decode(text, 0, 2));
    }
}
