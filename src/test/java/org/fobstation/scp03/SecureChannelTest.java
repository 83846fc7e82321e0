package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.fobstation.scp03.Vectors.hex;

import java.util.Arrays;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.TransportException;
import org.fobstation.scp03.Scp03Exception.Fault;
import org.fobstation.secret.SecretBytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A secure channel")
class SecureChannelTest {

    private static final CommandApdu GET_DATA = CommandApdu.parse(hex("80CA006600"));

    private final TestCard card = new TestCard(Scp03Mode.S8);

    private static CommandApdu storeData(int length) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) 0xD5);
        return CommandApdu.of(0x80, 0xE2, 0x80, 0x00, data);
    }

    private static Scp03Exception fault(SecureChannel channel, CommandApdu command) {
        Scp03Exception fault = catchThrowableOfType(Scp03Exception.class, () -> channel.transmit(command));
        assertThat(fault).isNotNull();
        return fault;
    }

    private static void assertEnded(SecureChannel channel) {
        assertThat(channel.isUsable()).isFalse();
        assertThat(fault(channel, GET_DATA).fault()).isEqualTo(Fault.SESSION_UNUSABLE);
    }

    @Nested
    class Sending {

        @ParameterizedTest
        @EnumSource
        void takesAsMuchAsAShortCommandHolds(SecurityLevel level) throws Exception {
            for (Scp03Mode mode : Scp03Mode.values()) {
                TestCard other = new TestCard(mode);
                try (SecureChannel channel = other.open(level)) {
                    int most = channel.maxShortData();
                    channel.transmit(storeData(most));
                    assertThat(other.received).containsExactly("D5".repeat(most));

                    assertThat(fault(channel, storeData(most + 1)).fault()).isEqualTo(Fault.COMMAND_TOO_LONG);
                    assertThat(other.sent).hasSize(1);

                    channel.transmit(storeData(1));
                    assertThat(other.received).hasSize(2);
                }
            }
        }

        @Test
        void refusesALongAnswerWithoutExtendedLength() throws Exception {
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
                Scp03Exception fault = fault(channel, GET_DATA.withNe(257));
                assertThat(fault.fault()).isEqualTo(Fault.COMMAND_TOO_LONG);
                assertThat(fault).hasMessageContaining("Ne of 257").hasMessageContaining("not allowed");
                assertThat(channel.isUsable()).isTrue();
            }
        }

        @ParameterizedTest
        @EnumSource
        void sendsLongCommandsWhereExtendedLengthIsAllowed(SecurityLevel level) throws Exception {
            try (SecureChannel channel = card.open(level, true)) {
                channel.transmit(storeData(1000).withNe(512));
                channel.transmit(storeData(3));
                channel.transmit(GET_DATA.withNe(65536));
                assertThat(card.received).containsExactly("D5".repeat(1000), "D5D5D5", "");
            }
        }

        @Test
        void refusesWhatNoExtendedCommandHolds() throws Exception {
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33, true)) {
                assertThat(fault(channel, storeData(65535)).fault()).isEqualTo(Fault.COMMAND_TOO_LONG);
                assertThat(channel.isUsable()).isTrue();
            }
        }

        @Test
        void sendsSecretDataAsIfTheyWereInTheCommand() throws Exception {
            TestCard twin = new TestCard(Scp03Mode.S8);
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33);
                    SecureChannel other = twin.open(SecurityLevel.LEVEL_33);
                    SecretBytes payload = SecretBytes.takeFrom(storeData(50).data())) {
                other.transmit(storeData(50));
                card.answers("CAFE", 0x6310);
                ResponseApdu answer = channel.transmit(CommandApdu.of(0x80, 0xE2, 0x80, 0x00, new byte[0]), payload);
                assertThat(hex(answer.encode())).isEqualTo("CAFE6310");
                assertThat(card.sent).isEqualTo(twin.sent);
                assertThat(payload.isClosed()).isFalse();
            }
        }

        @Test
        void refusesSecretDataBesidesOtherData() throws Exception {
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33);
                    SecretBytes payload = SecretBytes.allocate(3)) {
                assertThatIllegalArgumentException().isThrownBy(() -> channel.transmit(storeData(1), payload));
                assertThat(card.sent).isEmpty();
            }
        }

        @Test
        void leavesTheSessionAsItWasWhenSecretDataAreWiped() throws Exception {
            SecretBytes wiped = SecretBytes.allocate(3);
            wiped.close();
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
                CommandApdu header = CommandApdu.of(0x80, 0xE2, 0x80, 0x00, new byte[0]);
                assertThatIllegalStateException().isThrownBy(() -> channel.transmit(header, wiped));
                assertThat(card.sent).isEmpty();
                assertThat(channel.transmit(GET_DATA).status().isSuccess()).isTrue();
            }
        }

        @ParameterizedTest
        @CsvSource({"00, 04", "80, 84", "81, 85", "83, 87", "03, 07", "90, 94"})
        void marksTheClassAndKeepsTheLogicalChannelOutOfTheMac(String cla, String sent) throws Exception {
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_03)) {
                channel.transmit(CommandApdu.of(Integer.parseInt(cla, 16), 0xCA, 0x00, 0x66, new byte[0], 256));
                assertThat(card.sent).first().asString().startsWith(sent + "CA0066");
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {0x84, 0x04, 0x0C, 0x88, 0xC0, 0x40, 0xE0, 0xFF})
        void refusesAClassThatCannotCarrySecureMessaging(int cla) throws Exception {
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> channel.transmit(CommandApdu.of(cla, 0xCA, 0, 0, new byte[0])));
                assertThat(card.sent).isEmpty();
                assertThat(channel.isUsable()).isTrue();
            }
        }

        @Test
        void sendsPlainCommandsAtLevel00() throws Exception {
            card.answers("0102", 0x9000);
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_00)) {
                assertThat(hex(channel.transmit(GET_DATA).encode())).isEqualTo("01029000");
                channel.transmit(CommandApdu.parse(hex("80F28002024F0000")));
                channel.transmit(CommandApdu.parse(hex("80F0800F")));
                assertThat(card.sent).containsExactly("80CA006600", "80F28002024F0000", "80F0800F");
            }
        }
    }

    @Nested
    class Refused {

        @ParameterizedTest
        @EnumSource
        void givesTheStatusWordAndGoesOn(SecurityLevel level) throws Exception {
            for (Scp03Mode mode : Scp03Mode.values()) {
                TestCard other = new TestCard(mode);
                try (SecureChannel channel = other.open(level)) {
                    for (int status : new int[] {0x6A88, 0x6985, 0x6982, 0x6D00, 0x6400, 0x9485}) {
                        other.answers("", status);
                        assertThat(channel.transmit(storeData(7)).status().value())
                                .isEqualTo(status);
                        assertThat(channel.transmit(GET_DATA).status().value()).isEqualTo(status);
                    }
                    // The card has counted all of them: it still understands, and is understood.
                    other.answers("CAFE", 0x9000);
                    assertThat(hex(channel.transmit(storeData(7)).data())).isEqualTo("CAFE");
                }
            }
        }

        @ParameterizedTest
        @EnumSource(names = {"LEVEL_11", "LEVEL_13", "LEVEL_33"})
        void endsWhenTheErrorComesWithDataThatNothingProtects(SecurityLevel level) throws Exception {
            card.answers("01", 0x6A80);
            try (SecureChannel channel = card.open(level)) {
                Scp03Exception fault = fault(channel, GET_DATA);
                assertThat(fault.fault()).isEqualTo(Fault.ANSWER_MALFORMED);
                assertThat(fault.status().orElseThrow().value()).isEqualTo(0x6A80);
                assertEnded(channel);
            }
        }

        @ParameterizedTest
        @EnumSource(names = {"LEVEL_00", "LEVEL_01", "LEVEL_03"})
        void givesTheDataOfAnErrorWhereNoAnswerIsProtected(SecurityLevel level) throws Exception {
            card.answers("01", 0x6A80);
            try (SecureChannel channel = card.open(level)) {
                assertThat(hex(channel.transmit(GET_DATA).encode())).isEqualTo("016A80");
            }
        }
    }

    @Nested
    class Decrypting {

        private Fault faultWithPadding(String padded) throws Exception {
            card.answers("00", 0x9000).padding(data -> hex(padded));
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
                Fault fault = fault(channel, GET_DATA).fault();
                assertEnded(channel);
                return fault;
            }
        }

        @Test
        void letsPassOneBlockOfPaddingTooMany() throws Exception {
            card.answers("CAFE", 0x9000).padding(data -> Arrays.copyOf(TestCard.pad(data), 32));
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
                assertThat(hex(channel.transmit(GET_DATA).data())).isEqualTo("CAFE");
            }
        }

        @Test
        void givesNoDataForABlockOfPaddingAlone() throws Exception {
            card.answers("00", 0x9000).padding(data -> TestCard.pad(new byte[0]));
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
                assertThat(channel.transmit(GET_DATA).dataLength()).isZero();
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "00000000000000000000000000000000",
                    "CAFE0000000000000000000000000000",
                    "CAFE8000000000000000000000000001",
                    "CAFE800000000000000000000000000000000000000000000000000000000000"
                            + "00000000000000000000000000000000"
                })
        void endsAtAnyOtherPadding(String padded) throws Exception {
            assertThat(faultWithPadding(padded)).isEqualTo(Fault.PADDING_WRONG);
        }

        @ParameterizedTest
        @ValueSource(strings = {"CAFE80", "CAFE8000000000000000000000000000000000"})
        void endsAtBrokenBlocks(String data) throws Exception {
            assertThat(faultWithPadding(data)).isEqualTo(Fault.ANSWER_MALFORMED);
        }
    }

    @Nested
    class WithoutAnswer {

        @Test
        void endsAndPassesTheTransportFailureOn() throws Exception {
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
                card.remove();
                assertThatExceptionOfType(TransportException.class)
                        .isThrownBy(() -> channel.transmit(GET_DATA))
                        .satisfies(e -> assertThat(e.fault()).isEqualTo(TransportException.Fault.FOB_REMOVED));
                assertEnded(channel);
            }
        }

        @Test
        void endsWhenTheTransportBreaks() throws Exception {
            card.bending(answer -> {
                throw new IllegalStateException("broken");
            });
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
                assertThatIllegalStateException().isThrownBy(() -> channel.transmit(GET_DATA));
                assertEnded(channel);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1})
        void endsAtAnAnswerTooShortForAStatusWord(int length) throws Exception {
            byte[][] answers = {new byte[length]};
            TestCard shortOne = new TestCard(Scp03Mode.S8);
            boolean[] open = {false};
            try (StaticKeys keys = TestCard.keys();
                    Handshake handshake = Handshake.begin(
                            command -> open[0] ? answers[0] : shortOne.transmit(command),
                            keys,
                            HandshakeParameters.of(0),
                            new byte[8]);
                    SecureChannel channel = handshake.authenticate(SecurityLevel.LEVEL_33)) {
                open[0] = true;
                assertThat(fault(channel, GET_DATA).fault()).isEqualTo(Fault.ANSWER_MALFORMED);
                assertEnded(channel);
            }
        }
    }

    @Nested
    class Closed {

        @Test
        void sendsNothingAndSaysSo() throws Exception {
            SecureChannel channel = card.open(SecurityLevel.LEVEL_33);
            channel.close();
            channel.close();
            assertEnded(channel);
            assertThat(card.sent).isEmpty();
        }

        @Test
        void hasWipedTheSessionKeysAfterAFaultAsAfterClosing() throws Exception {
            byte[] challenge = new byte[8];
            byte[] answer = card.transmit(hex("8050000008" + "00".repeat(8) + "00"));
            InitializeUpdateResponse response = InitializeUpdateResponse.parse(Arrays.copyOf(answer, 29), Scp03Mode.S8);
            try (StaticKeys keys = TestCard.keys();
                    SessionKeys session = KeyDerivation.sessionKeys(keys, challenge, response.cardChallenge());
                    Handshake handshake =
                            Handshake.proved(card, HandshakeParameters.of(0), response, challenge, session);
                    SecureChannel channel = handshake.authenticate(SecurityLevel.LEVEL_33)) {
                channel.transmit(GET_DATA);
                assertThat(session.enc().isClosed()).isFalse();
                card.bending(wrapped -> hex("9000"));
                assertThat(fault(channel, GET_DATA).fault()).isEqualTo(Fault.RMAC_MISSING);
                HandshakeTest.assertWiped(session);
            }
        }
    }
}
