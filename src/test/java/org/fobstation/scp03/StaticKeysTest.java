package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.fobstation.secret.SecretBytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Static keys")
class StaticKeysTest {

    private static StaticKeys keys(int enc, int mac, int dek) {
        return new StaticKeys(SecretBytes.allocate(enc), SecretBytes.allocate(mac), SecretBytes.allocate(dek));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void areOfOneAesLength(int length) {
        try (StaticKeys keys = keys(length, length, length)) {
            assertThat(keys.keyLength()).isEqualTo(length);
        }
    }

    @ParameterizedTest
    @CsvSource({"15, 15, 15", "0, 0, 0", "33, 33, 33", "16, 24, 16", "16, 16, 32", "32, 16, 16"})
    void areRefusedWithOtherLengths(int enc, int mac, int dek) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys(enc, mac, dek).close());
    }

    @Test
    void areWipedTogetherAndPrintTheirLengthOnly() {
        StaticKeys keys = TestCard.keys();
        keys.close();
        assertThat(keys.enc().isClosed()).isTrue();
        assertThat(keys.mac().isClosed()).isTrue();
        assertThat(keys.dek().isClosed()).isTrue();
        assertThat(keys).hasToString("static keys, AES-128");
    }
}
