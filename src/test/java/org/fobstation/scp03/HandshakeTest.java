package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.fobstation.scp03.Vectors.hex;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.StatusWord;
import org.fobstation.apdu.TransportException;
import org.fobstation.scp03.Scp03Exception.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A handshake")
class HandshakeTest {

    private final JsonNode vector = Vectors.named("sessions-computed.json", "station-flow-aes128-level33");
    private final StaticKeys keys = Vectors.staticKeys(vector.required("keys"));
    private final byte[] hostChallenge = hex(vector, "hostChallenge");
    private final HandshakeParameters parameters = HandshakeParameters.of(1);
    private final ScriptedCard card = new ScriptedCard();

    private final String initializeUpdate =
            vector.required("initializeUpdate").required("command").asText();
    private final String proof =
            vector.required("initializeUpdate").required("answer").asText();
    private final String externalAuthenticate =
            vector.required("externalAuthenticate").required("command").asText();

    @AfterEach
    void leavesTheStaticKeysToTheCaller() {
        assertThat(keys.enc().isClosed()).isFalse();
        assertThat(keys.mac().isClosed()).isFalse();
        keys.close();
    }

    private Handshake begin() throws Exception {
        return Handshake.begin(card, keys, parameters, hostChallenge);
    }

    private Scp03Exception refusedAtBegin() {
        Scp03Exception refused = catchThrowableOfType(Scp03Exception.class, this::begin);
        assertThat(refused).isNotNull();
        card.assertFinished();
        return refused;
    }

    @Nested
    class Beginning {

        @Test
        void provesTheCardAndShowsItsAnswer() throws Exception {
            card.expect(initializeUpdate, proof);
            try (Handshake handshake = begin()) {
                assertThat(handshake.response()).hasToString("KDD 2E0189F8EDDEC81DCA6F, KVN 01, i 70");
                assertThat(handshake.response().sequenceCounter()).hasValue(0x4F);
            }
            card.assertFinished();
        }

        @Test
        void drawsAHostChallengeOfTheModesLength() throws Exception {
            TestCard s16 = new TestCard(Scp03Mode.S16);
            try (StaticKeys testKeys = TestCard.keys();
                    Handshake handshake = Handshake.begin(
                            s16, testKeys, HandshakeParameters.of(0).withMode(Scp03Mode.S16), new FixedRandom((byte)
                                    7))) {
                assertThat(handshake.response().cardChallenge()).hasSize(16);
            }
            assertThat(s16.sent).containsExactly("8050000010" + "07".repeat(16) + "00");
        }

        @Test
        void refusesAHostChallengeOfAnotherLength() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Handshake.begin(card, keys, parameters, new byte[16]));
        }

        @Test
        void repeatsTheCommandOnceWithTheLeTheCardAsksFor() {
            String again = initializeUpdate.substring(0, initializeUpdate.length() - 2) + "20";
            card.expect(initializeUpdate, "6C20").expect(again, "6C1D");
            Scp03Exception refused = refusedAtBegin();
            assertThat(refused.fault()).isEqualTo(Fault.CARD_REFUSED);
            assertThat(refused.status()).contains(new StatusWord(0x6C1D));
        }

        @ParameterizedTest
        @ValueSource(strings = {"6A88", "6985", "6982", "6983", "6700", "6D00", "6283", "0000"})
        void tellsHowTheCardRefused(String status) {
            card.expect(initializeUpdate, status);
            Scp03Exception refused = refusedAtBegin();
            assertThat(refused.fault()).isEqualTo(Fault.CARD_REFUSED);
            assertThat(refused.status()).contains(new StatusWord(Integer.parseInt(status, 16)));
            assertThat(refused.command()).contains("INITIALIZE UPDATE");
            assertThat(refused).hasMessageStartingWith("INITIALIZE UPDATE gave " + status);
        }

        @Test
        void refusesACardOfScp02() {
            card.expect(initializeUpdate, "00002345558083204839FF020003A33DFDBFFADF602AEAE3BAA54AFF9000");
            assertThat(refusedAtBegin().fault()).isEqualTo(Fault.NOT_SCP03);
        }

        @Test
        void refusesAnAnswerCutShort() {
            card.expect(initializeUpdate, proof.substring(0, 50) + "9000");
            assertThat(refusedAtBegin().fault()).isEqualTo(Fault.WRONG_LENGTH);
        }

        @Test
        void refusesAnAnswerWithoutStatusWord() {
            card.expect(initializeUpdate, "90");
            assertThat(refusedAtBegin().fault()).isEqualTo(Fault.ANSWER_MALFORMED);
        }

        @Test
        void refusesAnotherKeyVersionThanAskedFor() {
            card.expect(initializeUpdate, proof.substring(0, 20) + "02" + proof.substring(22));
            Scp03Exception refused = refusedAtBegin();
            assertThat(refused.fault()).isEqualTo(Fault.KVN_DIFFERS);
            assertThat(refused).hasMessageContaining("asked for key version 01 and uses 02");
        }

        @Test
        void letsTheCardChooseTheKeyVersionAtZero() throws Exception {
            card.expect(initializeUpdate.replaceFirst("80500100", "80500000"), proof);
            try (Handshake handshake = Handshake.begin(card, keys, HandshakeParameters.of(0), hostChallenge)) {
                assertThat(handshake.response().kvn()).isEqualTo(1);
            }
        }

        @Test
        void stopsAtEveryBitOfAForgedCryptogram() {
            byte[] answer = hex(proof);
            for (int bit = 21 * 8; bit < 29 * 8; bit++) {
                byte[] forged = answer.clone();
                forged[bit / 8] ^= (byte) (1 << bit % 8);
                card.expect(initializeUpdate, hex(forged));
                Scp03Exception refused = refusedAtBegin();
                assertThat(refused.fault()).as("bit %d", bit).isEqualTo(Fault.CARD_CRYPTOGRAM_MISMATCH);
                assertThat(refused.status()).isEmpty();
            }
        }

        @Test
        void stopsAtAForgedCardChallenge() {
            byte[] forged = hex(proof);
            forged[13] ^= 1;
            card.expect(initializeUpdate, hex(forged));
            assertThat(refusedAtBegin().fault()).isEqualTo(Fault.CARD_CRYPTOGRAM_MISMATCH);
        }

        @Test
        void wipesTheSessionKeysOfACardThatHasOthers() throws Exception {
            byte[] answer = hex(proof);
            InitializeUpdateResponse response =
                    InitializeUpdateResponse.parse(Arrays.copyOf(answer, answer.length - 2), Scp03Mode.S8);
            SessionKeys others = KeyDerivation.sessionKeys(keys, new byte[8], response.cardChallenge());
            assertThatExceptionOfType(Scp03Exception.class)
                    .isThrownBy(() -> Handshake.proved(card, parameters, response, hostChallenge, others));
            assertWiped(others);
        }

        @Test
        void wipesTheSessionKeysWhereTheProofCannotBeComputed() throws Exception {
            byte[] answer = hex(proof);
            InitializeUpdateResponse response =
                    InitializeUpdateResponse.parse(Arrays.copyOf(answer, answer.length - 2), Scp03Mode.S8);
            SessionKeys broken = KeyDerivation.sessionKeys(keys, hostChallenge, response.cardChallenge());
            broken.mac().close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> Handshake.proved(card, parameters, response, hostChallenge, broken));
            assertWiped(broken);
        }

        @Test
        void passesATransportFailureOn() {
            card.leavesAt(initializeUpdate);
            assertThatExceptionOfType(TransportException.class)
                    .isThrownBy(HandshakeTest.this::begin)
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(TransportException.Fault.FOB_REMOVED));
        }

        @Test
        void fetchesAnAnswerThatTheCardOnlyAnnounces() throws Exception {
            card.expect(initializeUpdate, "6120").expect("00C0000020", proof);
            try (Handshake handshake = begin()) {
                assertThat(handshake.response().kvn()).isEqualTo(1);
            }
        }
    }

    @Nested
    class Proved {

        private SessionKeys sessionKeys;

        private Handshake proved(ApduTransport transport) throws Exception {
            byte[] answer = hex(proof);
            InitializeUpdateResponse response =
                    InitializeUpdateResponse.parse(Arrays.copyOf(answer, answer.length - 2), Scp03Mode.S8);
            sessionKeys = KeyDerivation.sessionKeys(keys, hostChallenge, response.cardChallenge());
            return Handshake.proved(transport, parameters, response, hostChallenge, sessionKeys);
        }

        @Test
        void handsTheSessionKeysOverToTheChannel() throws Exception {
            card.expect(externalAuthenticate, "9000");
            Handshake handshake = proved(card);
            try (SecureChannel channel = handshake.authenticate(SecurityLevel.LEVEL_33)) {
                handshake.close();
                assertThat(sessionKeys.enc().isClosed()).isFalse();
                assertThat(channel.isUsable()).isTrue();
                assertThat(channel.level()).isEqualTo(SecurityLevel.LEVEL_33);
                assertThat(channel.mode()).isEqualTo(Scp03Mode.S8);
            }
            assertWiped(sessionKeys);
            card.assertFinished();
        }

        @Test
        void wipesTheSessionKeysWhenClosedWithoutAuthenticating() throws Exception {
            Handshake handshake = proved(card);
            handshake.close();
            handshake.close();
            assertWiped(sessionKeys);
            assertThat(Wiped.of(handshake).ciphersStillAtWork()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"6300", "6982", "6985", "63C2", "6F00"})
        void wipesTheSessionKeysWhenTheCardRefuses(String status) throws Exception {
            card.expect(externalAuthenticate, status);
            try (Handshake handshake = proved(card)) {
                Scp03Exception refused = catchThrowableOfType(
                        Scp03Exception.class, () -> handshake.authenticate(SecurityLevel.LEVEL_33));
                assertThat(refused.fault()).isEqualTo(Fault.CARD_REFUSED);
                assertThat(refused.status()).contains(new StatusWord(Integer.parseInt(status, 16)));
                assertThat(refused).hasMessageStartingWith("EXTERNAL AUTHENTICATE gave " + status);
                assertWiped(sessionKeys);
            }
        }

        @Test
        void refusesAnAnswerWithData() throws Exception {
            card.expect(externalAuthenticate, "00000000000000009000");
            try (Handshake handshake = proved(card)) {
                Scp03Exception refused = catchThrowableOfType(
                        Scp03Exception.class, () -> handshake.authenticate(SecurityLevel.LEVEL_33));
                assertThat(refused.fault()).isEqualTo(Fault.ANSWER_MALFORMED);
                assertWiped(sessionKeys);
            }
        }

        @Test
        void wipesTheSessionKeysWhenTheCardLeaves() throws Exception {
            card.leavesAt(externalAuthenticate);
            try (Handshake handshake = proved(card)) {
                assertThatExceptionOfType(TransportException.class)
                        .isThrownBy(() -> handshake.authenticate(SecurityLevel.LEVEL_33));
                assertWiped(sessionKeys);
            }
        }

        @Test
        void wipesTheSessionKeysWhenTheTransportBreaks() throws Exception {
            ApduTransport broken = command -> {
                throw new IllegalStateException("broken");
            };
            try (Handshake handshake = proved(broken)) {
                assertThatIllegalStateException().isThrownBy(() -> handshake.authenticate(SecurityLevel.LEVEL_33));
                assertWiped(sessionKeys);
            }
        }

        @Test
        void authenticatesOnce() throws Exception {
            card.expect(externalAuthenticate, "9000");
            try (Handshake handshake = proved(card);
                    SecureChannel channel = handshake.authenticate(SecurityLevel.LEVEL_33)) {
                assertThatIllegalStateException().isThrownBy(() -> handshake.authenticate(SecurityLevel.LEVEL_33));
                assertThat(channel.isUsable()).isTrue();
            }
        }

        @Test
        void doesNotAuthenticateAfterClosing() throws Exception {
            Handshake handshake = proved(card);
            handshake.close();
            assertThatIllegalStateException().isThrownBy(() -> handshake.authenticate(SecurityLevel.LEVEL_33));
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensEveryLevelInBothModes(SecurityLevel level) throws Exception {
        for (Scp03Mode mode : Scp03Mode.values()) {
            TestCard testCard = new TestCard(mode);
            try (SecureChannel channel = testCard.open(level)) {
                channel.transmit(CommandApdu.of(0x80, 0xE2, 0x80, 0x00, new byte[] {1, 2, 3}));
            }
            assertThat(testCard.received).containsExactly("010203");
        }
    }

    @Test
    void opensASessionThatDeviatesWhereTheCardNeedsIt() throws Exception {
        HandshakeParameters deviating = parameters.withCompatibility(new Compatibility(false, true));
        assertThat(deviating.kvn()).isEqualTo(1);
        TestCard testCard = new TestCard(Scp03Mode.S8);
        try (SecureChannel channel = testCard.open(SecurityLevel.LEVEL_33, deviating)) {
            channel.transmit(CommandApdu.of(0x80, 0xCA, 0x00, 0x66, new byte[0], 256));
        }
        // Header, Lc, a block of padding, C-MAC, Le.
        assertThat(testCard.sent).singleElement().satisfies(sent -> assertThat(hex(sent))
                .hasSize(4 + 1 + 16 + 8 + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void asksForAKeyVersionOfOneByte(int kvn) {
        assertThatIllegalArgumentException().isThrownBy(() -> HandshakeParameters.of(kvn));
    }

    static void assertWiped(SessionKeys session) {
        assertThat(session.enc().isClosed()).isTrue();
        assertThat(session.mac().isClosed()).isTrue();
        assertThat(session.rmac().isClosed()).isTrue();
    }
}
