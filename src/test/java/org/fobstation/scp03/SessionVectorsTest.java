package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fobstation.scp03.Vectors.hex;
import static org.fobstation.scp03.Vectors.reveal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Iterator;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.fobstation.apdu.CommandApdu;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole sessions, byte by byte: what the library sends must equal the vector, what it gives back too. */
@DisplayName("A recorded session")
class SessionVectorsTest {

    static Stream<Arguments> sessions() {
        return Stream.of("sessions.json", "sessions-computed.json", "sessions-deviating.json")
                .flatMap(Vectors::in)
                .map(vector -> Arguments.of(vector.required("id").asText(), vector));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sessions")
    void isReplayedByteByByte(String id, JsonNode vector) throws Exception {
        ScriptedCard card = script(vector);
        try (StaticKeys keys = Vectors.staticKeys(vector.required("keys"));
                Handshake handshake = Handshake.begin(card, keys, parameters(vector), hex(vector, "hostChallenge"));
                SecureChannel channel = handshake.authenticate(level(vector))) {
            Iterator<JsonNode> exchanges = vector.required("exchanges").elements();
            while (exchanges.hasNext()) {
                JsonNode exchange = exchanges.next();
                CommandApdu plain = CommandApdu.parse(hex(exchange, "plain"));
                JsonNode answered = asksForOtherLe(exchange) ? exchanges.next() : exchange;
                String expected = answered.required("answer").isNull()
                        ? "6A88"
                        : answered.required("plainAnswer").asText();
                assertThat(hex(channel.transmit(plain).encode())).isEqualTo(expected);
            }
        }
        card.assertFinished();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sessions")
    void givesTheFieldsOfInitializeUpdate(String id, JsonNode vector) throws Exception {
        JsonNode expected = vector.required("expected");
        InitializeUpdateResponse response = response(vector);

        assertThat(hex(response.kdd())).isEqualTo(expected.required("kdd").asText());
        assertThat(response.kvn())
                .isEqualTo(Integer.parseInt(expected.required("kvn").asText(), 16));
        assertThat(response.i())
                .isEqualTo(Integer.parseInt(expected.required("i").asText(), 16));
        assertThat(hex(response.cardChallenge()))
                .isEqualTo(expected.required("cardChallenge").asText());
        assertThat(hex(response.cardCryptogram()))
                .isEqualTo(expected.required("cardCryptogram").asText());
        JsonNode counter = expected.required("sequenceCounter");
        assertThat(response.sequenceCounter())
                .isEqualTo(
                        counter.isNull()
                                ? OptionalInt.empty()
                                : OptionalInt.of(Integer.parseInt(counter.asText(), 16)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sessions")
    void derivesTheSessionKeys(String id, JsonNode vector) throws Exception {
        JsonNode expected = vector.required("expected");
        byte[] cardChallenge = response(vector).cardChallenge();
        try (StaticKeys keys = Vectors.staticKeys(vector.required("keys"));
                SessionKeys session = KeyDerivation.sessionKeys(keys, hex(vector, "hostChallenge"), cardChallenge)) {
            assertThat(reveal(session.enc()))
                    .isEqualTo(expected.required("sEnc").asText());
            assertThat(reveal(session.mac()))
                    .isEqualTo(expected.required("sMac").asText());
            assertThat(reveal(session.rmac()))
                    .isEqualTo(expected.required("sRmac").asText());
        }
    }

    private static ScriptedCard script(JsonNode vector) {
        ScriptedCard card = new ScriptedCard();
        JsonNode initializeUpdate = vector.required("initializeUpdate");
        card.expect(
                withLe(initializeUpdate), initializeUpdate.required("answer").asText());
        JsonNode authenticate = vector.required("externalAuthenticate");
        card.expect(withoutLe(authenticate), authenticate.required("answer").asText());
        for (JsonNode exchange : vector.required("exchanges")) {
            // Where no answer was recorded, a bare error keeps the session going at every level.
            JsonNode answer = exchange.required("answer");
            card.expect(exchange.required("wrapped").asText(), answer.isNull() ? "6A88" : answer.asText());
        }
        return card;
    }

    /** One source leaves out the Le of INITIALIZE UPDATE. */
    private static String withLe(JsonNode command) {
        return hex(CommandApdu.parse(hex(command, "command")).withNe(256).encode());
    }

    /** One tool appends Le to EXTERNAL AUTHENTICATE; cards take both forms. */
    private static String withoutLe(JsonNode command) {
        return hex(CommandApdu.parse(hex(command, "command")).withNe(0).encode());
    }

    private static boolean asksForOtherLe(JsonNode exchange) {
        return exchange.required("answer").asText().matches("6C..");
    }

    private static InitializeUpdateResponse response(JsonNode vector) throws Scp03Exception {
        byte[] answer = hex(vector.required("initializeUpdate"), "answer");
        return InitializeUpdateResponse.parse(Arrays.copyOf(answer, answer.length - 2), mode(vector));
    }

    private static HandshakeParameters parameters(JsonNode vector) {
        int kvn = hex(vector.required("initializeUpdate"), "command")[2] & 0xFF;
        Compatibility compatibility =
                switch (vector.required("compatibility").asText()) {
                    case "every-command" -> Compatibility.STANDARD;
                    case "with-data-only" -> new Compatibility(true, false);
                    case "pad-empty" -> new Compatibility(false, true);
                    default -> throw new AssertionError("unknown: " + vector.required("compatibility"));
                };
        boolean extended = vector.required("id").asText().startsWith("extended-length");
        return new HandshakeParameters(kvn, mode(vector), compatibility, extended);
    }

    private static Scp03Mode mode(JsonNode vector) {
        return Scp03Mode.valueOf(vector.required("mode").asText());
    }

    private static SecurityLevel level(JsonNode vector) {
        return SecurityLevel.of(Integer.parseInt(vector.required("level").asText(), 16));
    }
}
