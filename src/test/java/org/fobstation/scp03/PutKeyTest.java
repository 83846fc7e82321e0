package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.fobstation.scp03.Vectors.hex;
import static org.fobstation.scp03.Vectors.secret;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.Stream;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;
import org.fobstation.scp03.PutKey.Format;
import org.fobstation.scp03.Scp03Exception.Fault;
import org.fobstation.secret.Aes;
import org.fobstation.secret.SecretBytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("PUT KEY")
class PutKeyTest {

    private static final String DEK = "202122232425262728292A2B2C2D2E2F";

    static Stream<Arguments> keySets() {
        return vectors(3);
    }

    static Stream<Arguments> singleKeys() {
        return vectors(1);
    }

    private static Stream<Arguments> vectors(int keys) {
        return Vectors.in("put-key.json")
                .filter(vector -> vector.required("newKeys").size() == keys)
                .filter(vector -> !vector.required("dek").isNull())
                .map(vector -> Arguments.of(vector.required("id").asText(), vector));
    }

    private static Format format(JsonNode vector) {
        return vector.required("format").asText().equals("inner-length") ? Format.INNER_LENGTH : Format.NO_INNER_LENGTH;
    }

    private static PutKey putKey(JsonNode vector, String dek) {
        JsonNode newKeys = vector.required("newKeys");
        try (StaticKeys keys = new StaticKeys(
                        secret(newKeys.get(0).asText()),
                        secret(newKeys.get(1).asText()),
                        secret(newKeys.get(2).asText()));
                SecretBytes secretDek = secret(dek)) {
            return PutKey.of(hex(vector, "replacedKvn")[0], hex(vector, "newKvn")[0], keys, secretDek, format(vector));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keySets")
    void ofAKeySetIsThatOfTheSource(String id, JsonNode vector) {
        PutKey putKey = putKey(vector, vector.required("dek").asText());
        assertThat(hex(putKey.command().encode()))
                .isEqualTo(vector.required("command").asText());
        ResponseApdu answer = ResponseApdu.parse(hex(vector, "answer"));
        assertThatCode(() -> putKey.check(answer)).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("singleKeys")
    void writesTheFieldOfAKeyAsTheSource(String id, JsonNode vector) {
        byte[] data = new byte[64];
        int length;
        try (SecretBytes key = secret(vector.required("newKeys").get(0).asText());
                SecretBytes dek = secret(vector.required("dek").asText());
                Aes cipher = Aes.of(dek)) {
            length = PutKey.putField(data, 0, key, cipher, format(vector));
        }
        // Header, Lc and the new KVN come before the field, Le after it.
        String command = vector.required("command").asText();
        assertThat(hex(Arrays.copyOf(data, length))).isEqualTo(command.substring(12, command.length() - 2));
    }

    /** The card's DEK is not known: everything but the three encrypted keys is compared. */
    @Test
    void hasTheShapeThatAJcop4CardTook() {
        JsonNode vector = Vectors.named("put-key.json", "jcop4-p71-factory-key-replacement");
        PutKey putKey = putKey(vector, DEK);
        byte[] data = putKey.command().data();
        byte[] taken = Arrays.copyOfRange(hex(vector, "wrapped"), 5, 5 + data.length);
        for (byte[] bytes : new byte[][] {data, taken}) {
            for (int field = 0; field < 3; field++) {
                int key = 1 + 23 * field + 3;
                Arrays.fill(bytes, key, key + 16, (byte) 0);
            }
        }
        assertThat(data).isEqualTo(taken);
        assertThat(hex(putKey.command().encode())).startsWith("80D80081");
        ResponseApdu answer = ResponseApdu.parse(hex(vector, "answer"));
        assertThatCode(() -> putKey.check(answer)).doesNotThrowAnyException();
    }

    @Nested
    class Checked {

        private final JsonNode vector = Vectors.named("put-key.json", "computed-aes128-keyset");
        private final PutKey putKey = putKey(vector, vector.required("dek").asText());
        private final byte[] right = Arrays.copyOf(hex(vector, "answer"), 10);

        private Scp03Exception refused(byte[] data) {
            return catchThrowableOfType(
                    Scp03Exception.class, () -> putKey.check(ResponseApdu.of(data, StatusWord.SUCCESS)));
        }

        @Test
        void refusesAnotherVersionOrCheckValue() {
            for (int at = 0; at < right.length; at++) {
                byte[] wrong = right.clone();
                wrong[at] ^= 0x01;
                assertThat(refused(wrong)).as("byte %d", at).isNotNull();
                assertThat(refused(wrong).fault()).isEqualTo(Fault.KEY_CHECK_VALUE_WRONG);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 9, 11})
        void refusesOtherLengths(int length) {
            assertThat(refused(Arrays.copyOf(right, length)).fault()).isEqualTo(Fault.KEY_CHECK_VALUE_WRONG);
        }

        @ParameterizedTest
        @ValueSource(ints = {0x9485, 0x6982, 0x6A80, 0x6A84, 0x6A88, 0x6310})
        void tellsHowTheCardRefused(int status) {
            Scp03Exception refused =
                    catchThrowableOfType(Scp03Exception.class, () -> putKey.check(ResponseApdu.of(status)));
            assertThat(refused.fault()).isEqualTo(Fault.CARD_REFUSED);
            assertThat(refused.status()).contains(new StatusWord(status));
            assertThat(refused).hasMessageStartingWith("PUT KEY gave");
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "128, 1", "255, 1", "0, 0", "1, 128", "1, 255"})
    void isRefusedWithVersionsOutOfRange(int replacedKvn, int newKvn) {
        try (StaticKeys keys = TestCard.keys();
                SecretBytes dek = secret(DEK)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PutKey.of(replacedKvn, newKvn, keys, dek, Format.INNER_LENGTH));
        }
    }

    @Test
    void isRefusedForPaddedKeysWithoutTheirLength() {
        try (StaticKeys keys =
                        new StaticKeys(SecretBytes.allocate(24), SecretBytes.allocate(24), SecretBytes.allocate(24));
                SecretBytes dek = secret(DEK)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PutKey.of(1, 2, keys, dek, Format.NO_INNER_LENGTH))
                    .withMessageContaining("24 bytes");
        }
    }

    @Test
    void takesTheHighestKeyVersionForBoth() {
        try (StaticKeys keys = TestCard.keys();
                SecretBytes dek = secret(DEK)) {
            PutKey putKey = PutKey.of(0x7F, 0x7F, keys, dek, Format.INNER_LENGTH);
            assertThat(putKey.command().p1()).isEqualTo(0x7F);
            assertThat(putKey.command().data()[0]).isEqualTo((byte) 0x7F);
        }
    }

    @Test
    void leavesNoKeyInClearWhereItCannotBeEncrypted() {
        byte[] data = new byte[64];
        try (SecretBytes key = secret(DEK);
                SecretBytes dek = secret(DEK)) {
            Aes wiped = Aes.of(dek);
            wiped.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> PutKey.putField(data, 7, key, wiped, Format.INNER_LENGTH));
        }
        // Index 7 to 9: type and two lengths.
        assertThat(Arrays.copyOfRange(data, 10, data.length)).containsOnly(0);
    }

    @Test
    void leavesKeysAndDekToTheCaller() {
        try (StaticKeys keys = TestCard.keys();
                SecretBytes dek = secret(DEK)) {
            PutKey.of(1, 2, keys, dek, Format.INNER_LENGTH);
            assertThat(keys.dek().isClosed()).isFalse();
            assertThat(dek.isClosed()).isFalse();
        }
    }
}
