package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.fobstation.scp03.Vectors.hex;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.Stream;
import org.fobstation.secret.AesCmac;
import org.fobstation.secret.SecretBytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The key derivation")
class KeyDerivationTest {

    static Stream<Arguments> vectors() {
        return Vectors.in("kdf.json")
                .map(vector -> Arguments.of(vector.required("id").asText(), vector));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void givesWhatIsPublished(String id, JsonNode vector) {
        byte[] context = hex(vector, "context");
        byte[] expected = hex(vector, "output");
        byte[] output = new byte[expected.length];
        try (SecretBytes key = SecretBytes.takeFrom(hex(vector, "key"));
                AesCmac prf = AesCmac.of(key)) {
            int constant = hex(vector, "constant")[0];
            KeyDerivation.derive(prf, constant, Arrays.copyOf(context, 3), tail(context, 3), output);
        }
        assertThat(output).isEqualTo(expected);
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    @Test
    void givesNoMoreThanTwoBlocks() {
        try (SecretBytes key = SecretBytes.allocate(16);
                AesCmac prf = AesCmac.of(key)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyDerivation.derive(prf, 0, new byte[8], new byte[8], new byte[33]));
        }
    }

    @Test
    void leavesTheStaticKeysOpenAndGivesKeysOfTheirLength() {
        try (StaticKeys keys =
                        new StaticKeys(SecretBytes.allocate(24), SecretBytes.allocate(24), SecretBytes.allocate(24));
                SessionKeys session = KeyDerivation.sessionKeys(keys, new byte[8], new byte[8])) {
            assertThat(keys.enc().isClosed()).isFalse();
            assertThat(keys.mac().isClosed()).isFalse();
            assertThat(session.enc().length()).isEqualTo(24);
            assertThat(session).hasToString("session keys, AES-192");
        }
    }

    @Test
    void refusesWipedStaticKeys() {
        StaticKeys keys = TestCard.keys();
        keys.close();
        assertThatIllegalStateException().isThrownBy(() -> KeyDerivation.sessionKeys(keys, new byte[8], new byte[8]));
    }

    @Test
    void givesSessionKeysThatAreWipedTogether() {
        try (StaticKeys keys = TestCard.keys()) {
            SessionKeys session = KeyDerivation.sessionKeys(keys, new byte[8], new byte[8]);
            session.close();
            assertThat(session.enc().isClosed()).isTrue();
            assertThat(session.mac().isClosed()).isTrue();
            assertThat(session.rmac().isClosed()).isTrue();
        }
    }
}
