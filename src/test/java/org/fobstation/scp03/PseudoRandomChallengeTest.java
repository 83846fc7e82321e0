package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fobstation.scp03.Vectors.hex;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.Stream;
import org.fobstation.scp03.PseudoRandomChallenge.Finding;
import org.fobstation.secret.AesCmac;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A card challenge")
class PseudoRandomChallengeTest {

    private static final byte[] ISD = hex("A000000151000000");

    static Stream<Arguments> pseudoRandom() {
        return Stream.of("sessions.json", "sessions-computed.json")
                .flatMap(Vectors::in)
                .filter(vector -> !vector.required("challengeAid").isNull())
                .map(vector -> Arguments.of(vector.required("id").asText(), vector));
    }

    private static Finding check(JsonNode vector, byte[] aid) throws Scp03Exception {
        byte[] answer = hex(vector.required("initializeUpdate"), "answer");
        Scp03Mode mode = Scp03Mode.valueOf(vector.required("mode").asText());
        InitializeUpdateResponse response =
                InitializeUpdateResponse.parse(Arrays.copyOf(answer, answer.length - 2), mode);
        try (StaticKeys keys = Vectors.staticKeys(vector.required("keys"))) {
            return PseudoRandomChallenge.check(keys.enc(), response, aid);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pseudoRandom")
    void followsItsCounterAndTheAid(String id, JsonNode vector) throws Scp03Exception {
        assertThat(check(vector, hex(vector, "challengeAid"))).isEqualTo(Finding.FOLLOWS_COUNTER);
    }

    /** No published session has counted so far: computed by the derivation that the vectors prove. */
    @Test
    void followsACounterOfThreeBytes() throws Scp03Exception {
        byte[] counter = hex("A1B2C3");
        byte[] challenge = new byte[8];
        try (StaticKeys keys = TestCard.keys();
                AesCmac prf = AesCmac.of(keys.enc())) {
            KeyDerivation.derive(prf, 0x02, counter, ISD, challenge);
            byte[] answer = TestCard.join(hex("00000000000000000000010370"), challenge, new byte[8], counter);
            InitializeUpdateResponse response = InitializeUpdateResponse.parse(answer, Scp03Mode.S8);
            assertThat(PseudoRandomChallenge.check(keys.enc(), response, ISD)).isEqualTo(Finding.FOLLOWS_COUNTER);
        }
    }

    @Test
    void differsUnderAnotherAid() throws Scp03Exception {
        JsonNode vector = Vectors.named("sessions.json", "jcop4-p71-level33");
        assertThat(check(vector, hex("A000000003000000"))).isEqualTo(Finding.DIFFERS);
    }

    @Test
    void isRandomWithoutACounter() throws Scp03Exception {
        JsonNode vector = Vectors.named("sessions.json", "securo-random-challenge-i60-level01");
        assertThat(check(vector, ISD)).isEqualTo(Finding.RANDOM);
    }
}
