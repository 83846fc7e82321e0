package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.fobstation.scp03.Vectors.hex;

import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.scp03.Scp03Exception.Fault;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 61xx and 6Cxx: what T=0 cards and some readers answer before they give the data. */
@DisplayName("A secure channel that does not get its answer at once")
class GetResponseTest {

    private static final CommandApdu GET_DATA = CommandApdu.parse(hex("80CA006600"));
    private static final CommandApdu STORE_DATA = CommandApdu.parse(hex("80E2800005D5D5D5D5D500"));

    private final TestCard card = new TestCard(Scp03Mode.S8);

    private static Fault fault(SecureChannel channel) {
        Scp03Exception fault = catchThrowableOfType(Scp03Exception.class, () -> channel.transmit(GET_DATA));
        assertThat(fault).isNotNull();
        return fault.fault();
    }

    private static void assertEnded(SecureChannel channel) {
        assertThat(channel.isUsable()).isFalse();
        assertThat(fault(channel)).isEqualTo(Fault.SESSION_UNUSABLE);
    }

    @Nested
    class AnsweredInPieces {

        @ParameterizedTest
        @EnumSource
        void joinsThemBeforeItLooksAtTheMac(SecurityLevel level) throws Exception {
            for (Scp03Mode mode : Scp03Mode.values()) {
                TestCard other =
                        new TestCard(mode).answers("5A".repeat(70), 0x9000).inPieces(30);
                try (SecureChannel channel = other.open(level)) {
                    assertThat(hex(channel.transmit(GET_DATA).data())).isEqualTo("5A".repeat(70));
                    assertThat(hex(channel.transmit(GET_DATA).data())).isEqualTo("5A".repeat(70));
                }
            }
        }

        @Test
        void fetchesThemWithoutSecureMessagingOnTheCommandsChannel() throws Exception {
            card.answers("5A".repeat(20), 0x9000).inPieces(12);
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_11)) {
                channel.transmit(CommandApdu.of(0x82, 0xCA, 0x00, 0x66, new byte[0], 256));
                assertThat(card.sent.subList(1, 3)).containsExactly("02C0000010", "02C0000004");
            }
        }

        @Test
        void endsWhenTheMacOfTheWholeIsWrong() throws Exception {
            card.answers("5A".repeat(70), 0x9000).inPieces(30).bending(answer -> {
                answer[5] ^= 1;
                return answer;
            });
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_13)) {
                assertThat(fault(channel)).isEqualTo(Fault.RMAC_WRONG);
                assertEnded(channel);
            }
        }

        @Test
        void endsAtACardThatNeverFinishes() throws Exception {
            int[] asked = {0};
            try (SecureChannel channel = channelOver(command -> {
                asked[0]++;
                return new byte[] {0x61, 0x00};
            })) {
                assertThat(fault(channel)).isEqualTo(Fault.ANSWER_MALFORMED);
                assertThat(asked[0]).isEqualTo(1 + GetResponse.MAX_ROUNDS);
                assertEnded(channel);
            }
        }

        @Test
        void endsAtMoreThanTheBufferHolds() throws Exception {
            byte[] piece = new byte[32768 + 2];
            piece[32768] = 0x61;
            int[] asked = {0};
            try (SecureChannel channel = channelOver(command -> {
                asked[0]++;
                return piece;
            })) {
                assertThat(fault(channel)).isEqualTo(Fault.ANSWER_MALFORMED);
                assertThat(asked[0]).isEqualTo(3);
                assertEnded(channel);
            }
        }

        /** Otherwise the card would carry the command out twice. */
        @Test
        void repeatsGetResponseAndNotTheCommandWhenItsLeIsWrong() throws Exception {
            ScriptedCard scripted = new ScriptedCard()
                    .expect("80CA006600", "6110")
                    .expect("00C0000010", "6C02")
                    .expect("00C0000002", "CAFE9000");
            try (SecureChannel channel = channelOver(scripted::transmit)) {
                assertThat(hex(channel.transmit(GET_DATA).data())).isEqualTo("CAFE");
            }
            scripted.assertFinished();
        }

        /** A session at level 00, whose commands go plain to {@code card}. */
        private SecureChannel channelOver(ApduTransport afterwards) throws Exception {
            boolean[] open = {false};
            SecureChannel channel;
            try (StaticKeys keys = TestCard.keys();
                    Handshake handshake = Handshake.begin(
                            command -> open[0] ? afterwards.transmit(command) : card.transmit(command),
                            keys,
                            HandshakeParameters.of(0),
                            new byte[8])) {
                channel = handshake.authenticate(SecurityLevel.LEVEL_00);
            }
            open[0] = true;
            return channel;
        }
    }

    @Nested
    class AskedForAnotherLe {

        @ParameterizedTest
        @EnumSource(names = "LEVEL_00", mode = EnumSource.Mode.EXCLUDE)
        void wrapsTheCommandAgain(SecurityLevel level) throws Exception {
            card.answers("CAFE", 0x9000).wantsLe(0x20);
            try (SecureChannel channel = card.open(level)) {
                assertThat(hex(channel.transmit(STORE_DATA).encode())).isEqualTo("CAFE9000");
                assertThat(card.received).containsExactly("D5".repeat(5), "D5".repeat(5));
                assertThat(card.sent.get(0)).endsWith("00").isNotEqualTo(card.sent.get(1));
                assertThat(card.sent.get(1)).endsWith("20");
            }
        }

        @Test
        void readsZeroAs256() throws Exception {
            card.answers("CAFE", 0x9000).wantsLe(0x00);
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
                channel.transmit(GET_DATA.withNe(4));
                assertThat(card.sent.get(1)).endsWith("00");
            }
        }

        @Test
        void givesUpTheSecondTime() throws Exception {
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
                card.bending(answer -> hex("6C08")).wantsLe(0x20);
                ResponseApdu answer = channel.transmit(GET_DATA);
                assertThat(answer.status()).hasToString("6C08");
                assertThat(card.sent).hasSize(2);
                assertThat(channel.isUsable()).isTrue();
            }
        }
    }

    @Nested
    class WithoutASession {

        private final ScriptedCard plain = new ScriptedCard();

        @Test
        void isAskedForTheRest() throws Exception {
            plain.expect("80CA006600", "AABB6102").expect("00C0000002", "CCDD9000");

            assertThat(hex(GetResponse.transmit(plain, GET_DATA).encode())).isEqualTo("AABBCCDD9000");
            plain.assertFinished();
        }

        @Test
        void isAskedOnceMoreWithTheLeItWants() throws Exception {
            plain.expect("80CA006600", "6C04").expect("80CA006604", "AABBCCDD9000");

            assertThat(hex(GetResponse.transmit(plain, GET_DATA).encode())).isEqualTo("AABBCCDD9000");
            plain.assertFinished();
        }

        @Test
        void isTakenAtItsWordTheSecondTime() throws Exception {
            plain.expect("80CA006600", "6C04").expect("80CA006604", "6C05");

            assertThat(GetResponse.transmit(plain, GET_DATA).status()).hasToString("6C05");
        }

        @Test
        void isRefusedWithoutAStatusWord() {
            Scp03Exception fault = catchThrowableOfType(
                    Scp03Exception.class, () -> GetResponse.transmit(command -> new byte[1], GET_DATA));
            assertThat(fault.fault()).isEqualTo(Fault.ANSWER_MALFORMED);
        }
    }
}
