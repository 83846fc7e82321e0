package org.fobstation.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Secret bytes")
class SecretBytesTest {

    private static SecretBytes secret(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return SecretBytes.takeFrom(bytes);
    }

    @Nested
    class WhileOpen {

        @Test
        void takeTheSourceOverAndOverwriteIt() {
            byte[] source = {1, 2, 3};
            try (SecretBytes secret = SecretBytes.takeFrom(source)) {
                assertThat(source).containsOnly(0);
                assertThat(secret.length()).isEqualTo(3);
                assertThat(secret.get(2)).isEqualTo((byte) 3);
            }
        }

        @Test
        void areZeroWhenAllocated() {
            try (SecretBytes secret = SecretBytes.allocate(4);
                    SecretBytes zeros = secret(0, 0, 0, 0)) {
                assertThat(secret.sameAs(zeros)).isTrue();
            }
        }

        @Test
        void areDrawnFromTheRandomSourceAndTheDrawnArrayIsOverwritten() {
            CountingRandom random = new CountingRandom();
            try (SecretBytes secret = SecretBytes.random(3, random);
                    SecretBytes counted = secret(1, 2, 3)) {
                assertThat(secret.sameAs(counted)).isTrue();
                assertThat(random.drawn).containsOnly(0);
            }
        }

        @Test
        void exposeAllOrAStretch() {
            try (SecretBytes secret = secret(1, 2, 3, 4)) {
                byte[] all = new byte[6];
                secret.exposeTo(all, 1);
                assertThat(all).containsExactly(0, 1, 2, 3, 4, 0);
                byte[] stretch = new byte[3];
                secret.exposeTo(1, 2, stretch, 0);
                assertThat(stretch).containsExactly(2, 3, 0);
            }
        }

        @Test
        void refuseToExposeBeyondTheirEnd() {
            try (SecretBytes secret = secret(1, 2, 3, 4)) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class)
                        .isThrownBy(() -> secret.exposeTo(2, 3, new byte[8], 0));
            }
        }

        @Test
        void compareByContentAndLength() {
            try (SecretBytes one = secret(1, 2);
                    SecretBytes same = secret(1, 2);
                    SecretBytes other = secret(1, 3);
                    SecretBytes longer = secret(1, 2, 0)) {
                assertThat(one.sameAs(same)).isTrue();
                assertThat(one.sameAs(other)).isFalse();
                assertThat(one.sameAs(longer)).isFalse();
            }
        }

        @Test
        void copyIntoALifeOfItsOwn() {
            SecretBytes original = secret(1, 2);
            try (SecretBytes copy = original.copy()) {
                original.close();
                assertThat(copy.get(1)).isEqualTo((byte) 2);
            }
        }

        @Test
        void printTheirLengthOnly() {
            try (SecretBytes secret = secret(0xCA, 0xFE)) {
                assertThat(secret).hasToString("secret of 2 bytes");
            }
        }
    }

    @Nested
    class AfterClosing {

        private final SecretBytes secret = secret(1, 2, 3);

        @Test
        void areZeroInMemory() throws ReflectiveOperationException {
            var field = SecretBytes.class.getDeclaredField("bytes");
            field.setAccessible(true);
            ByteBuffer memory = (ByteBuffer) field.get(secret);
            assertThat(memory.isDirect()).isTrue();

            secret.close();

            assertThat(memory).isEqualTo(ByteBuffer.allocate(3));
        }

        @Test
        void throwAtEveryUse() {
            secret.close();
            secret.close();
            try (SecretBytes open = secret(1, 2, 3)) {
                assertThatIllegalStateException().isThrownBy(() -> secret.get(0));
                assertThatIllegalStateException().isThrownBy(() -> secret.put(0, (byte) 1));
                assertThatIllegalStateException().isThrownBy(() -> secret.exposeTo(new byte[3], 0));
                assertThatIllegalStateException().isThrownBy(() -> secret.exposeTo(0, 1, new byte[3], 0));
                assertThatIllegalStateException().isThrownBy(secret::copy);
                assertThatIllegalStateException().isThrownBy(() -> secret.sameAs(open));
                assertThatIllegalStateException().isThrownBy(() -> open.sameAs(secret));
            }
        }

        @Test
        void stillKnowTheirLength() {
            secret.close();
            assertThat(secret.isClosed()).isTrue();
            assertThat(secret.length()).isEqualTo(3);
        }
    }

    @Test
    void cannotBeSerialized() {
        assertThat(Serializable.class.isAssignableFrom(SecretBytes.class)).isFalse();
    }

    private static final class CountingRandom extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private byte[] drawn;

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i + 1);
            }
            drawn = bytes;
        }
    }
}
