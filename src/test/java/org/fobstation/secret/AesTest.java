package org.fobstation.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AES")
class AesTest {

    private static final HexFormat HEX = HexFormat.of();

    /** Plain text of NIST SP 800-38A, appendix F. */
    private static final String FOUR_BLOCKS = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

    private static final String IV = "000102030405060708090a0b0c0d0e0f";

    private static byte[] hex(String digits) {
        return HEX.parseHex(digits);
    }

    private static Aes aes(String key) {
        try (SecretBytes secret = SecretBytes.takeFrom(hex(key))) {
            return Aes.of(secret);
        }
    }

    @Nested
    class AsThePublishedVectorsHaveIt {

        /** FIPS 197, appendix C. */
        @ParameterizedTest
        @CsvSource({
            "000102030405060708090a0b0c0d0e0f, 69c4e0d86a7b0430d8cdb78070b4c55a",
            "000102030405060708090a0b0c0d0e0f1011121314151617, dda97ca4864cdfe06eaf70a0ec0d7191",
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, 8ea2b7ca516745bfeafc49904b496089"
        })
        void encryptsABlock(String key, String encrypted) {
            byte[] block = hex("00112233445566778899aabbccddeeff");
            try (Aes aes = aes(key)) {
                aes.encryptBlock(block, 0, block, 0);
            }
            assertThat(block).isEqualTo(hex(encrypted));
        }

        /** NIST SP 800-38A, F.2.1 to F.2.6. */
        @ParameterizedTest
        @CsvSource({
            "2b7e151628aed2a6abf7158809cf4f3c, 7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
                    + "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
            "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b, "
                    + "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"
                    + "571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd",
            "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4, "
                    + "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
                    + "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"
        })
        void encryptsAndDecryptsCbc(String key, String encrypted) {
            try (SecretBytes secret = SecretBytes.takeFrom(hex(key));
                    Aes aes = Aes.of(secret)) {
                assertThat(aes.encryptCbc(hex(IV), hex(FOUR_BLOCKS))).isEqualTo(hex(encrypted));
                assertThat(aes.decryptCbc(hex(IV), hex(encrypted))).isEqualTo(hex(FOUR_BLOCKS));
            }
        }
    }

    @Nested
    class InPlace {

        private final SecretBytes key = SecretBytes.takeFrom(hex("2b7e151628aed2a6abf7158809cf4f3c"));
        private final byte[] iv = hex(IV);

        @Test
        void changesTheStretchNamedAndNothingElse() {
            byte[] buffer = new byte[3 + 64 + 2];
            Arrays.fill(buffer, (byte) 0x55);
            System.arraycopy(hex(FOUR_BLOCKS), 0, buffer, 3, 64);
            byte[] before = buffer.clone();
            try (Aes aes = Aes.of(key)) {
                aes.encryptCbc(iv, buffer, 3, 64);
                assertThat(Arrays.copyOfRange(buffer, 3, 67)).isEqualTo(aes.encryptCbc(iv, hex(FOUR_BLOCKS)));
                assertThat(new byte[] {buffer[0], buffer[2], buffer[67], buffer[68]})
                        .containsOnly(0x55);
                aes.decryptCbc(iv, buffer, 3, 64);
            }
            assertThat(buffer).isEqualTo(before);
            assertThat(iv).isEqualTo(hex(IV));
        }

        @Test
        void leavesAnEmptyStretchAsItIs() {
            byte[] buffer = {1, 2};
            try (Aes aes = Aes.of(key)) {
                aes.encryptCbc(iv, buffer, 1, 0);
                aes.decryptCbc(iv, buffer, 1, 0);
            }
            assertThat(buffer).containsExactly(1, 2);
        }
    }

    @Nested
    class GivenWhatIsNotAes {

        @ParameterizedTest
        @ValueSource(ints = {0, 8, 15, 17, 31, 33})
        void rejectsKeysOfOtherLengths(int length) {
            try (SecretBytes key = SecretBytes.allocate(length)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Aes.of(key))
                        .withMessageContaining("16, 24 or 32 bytes, not " + length);
            }
        }

        @Test
        void rejectsAWipedKey() {
            SecretBytes key = SecretBytes.allocate(16);
            key.close();
            assertThatIllegalStateException().isThrownBy(() -> Aes.of(key));
        }

        @Test
        void rejectsBrokenBlocksAndShortIvs() {
            try (Aes aes = aes("00".repeat(16))) {
                assertThatIllegalArgumentException().isThrownBy(() -> aes.encryptCbc(new byte[16], new byte[17]));
                assertThatIllegalArgumentException().isThrownBy(() -> aes.decryptCbc(new byte[15], new byte[16]));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> aes.encryptCbc(new byte[16], new byte[32], 0, 20));
            }
        }
    }

    @Nested
    class AfterClosing {

        private final SecretBytes key = SecretBytes.takeFrom(hex("000102030405060708090a0b0c0d0e0f"));
        private final Aes aes = Aes.of(key);

        @Test
        void itsSchedulesAreZero() {
            aes.decryptCbc(new byte[16], new byte[16]);
            List<int[][]> schedules = aes.schedules();
            assertThat(schedules).hasSize(2).allSatisfy(schedule -> assertThat(wordsOf(schedule))
                    .hasSize(44)
                    .anyMatch(word -> word != 0));

            aes.close();

            assertThat(schedules)
                    .allSatisfy(schedule -> assertThat(wordsOf(schedule)).containsOnly(0));
        }

        @Test
        void everyUseThrows() {
            aes.close();
            aes.close();
            byte[] block = new byte[16];
            assertThatIllegalStateException().isThrownBy(() -> aes.encryptBlock(block, 0, block, 0));
            assertThatIllegalStateException().isThrownBy(() -> aes.encryptCbc(block, block));
            assertThatIllegalStateException().isThrownBy(() -> aes.decryptCbc(block, block));
            assertThatIllegalStateException().isThrownBy(() -> aes.encryptCbc(block, block, 0, 16));
        }

        private static List<Integer> wordsOf(int[][] schedule) {
            return Arrays.stream(schedule).flatMapToInt(Arrays::stream).boxed().toList();
        }
    }

    /** What the wiping of the key parameter rests on. */
    @Test
    void bouncyCastleGivesTheKeyParametersOwnArray() {
        KeyParameter parameter = new KeyParameter(new byte[16]);
        assertThat(parameter.getKey()).isSameAs(parameter.getKey());
    }

    @Test
    void printsNothingOfTheKey() {
        try (Aes aes = aes("abababababababababababababababab")) {
            assertThat(aes).hasToString("AES-128");
        }
    }
}
