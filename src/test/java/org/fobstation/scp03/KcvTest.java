package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fobstation.secret.SecretBytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A key check value")
class KcvTest {

    static Stream<Arguments> published() {
        return Vectors.in("put-key.json")
                .flatMap(vector -> IntStream.range(0, vector.required("newKeys").size())
                        .mapToObj(i -> Arguments.of(
                                vector.required("newKeys").get(i).asText(),
                                vector.required("kcvs").get(i).asText())));
    }

    @ParameterizedTest
    @MethodSource("published")
    void isThatOfTheSource(String key, String kcv) {
        try (SecretBytes secret = Vectors.secret(key)) {
            assertThat(Vectors.hex(Kcv.of(secret))).isEqualTo(kcv);
        }
    }

    /** What every JCOP 4 card with test keys answers to PUT KEY. */
    @Test
    void ofTheTestKeyIs504A77() {
        try (SecretBytes key = Vectors.secret(TestCard.KEY)) {
            assertThat(Vectors.hex(Kcv.of(key))).isEqualTo("504A77");
            assertThat(key.isClosed()).isFalse();
        }
    }
}
