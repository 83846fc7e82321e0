package org.fobstation.simulator.fob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.fobstation.simulator.fob.TestHost.plain;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualFobTest {

    private static final String APPLET = "F00000006203010C01";
    private static final String INITIALIZE_UPDATE = "8050010008010203040506070800";
    private static final CardKeys KEYS = CardKeys.random(new Random(1), 16);

    private final VirtualFob fob = VirtualFob.builder()
            .uid("04112233445566")
            .applet(APPLET)
            .keySet(0x01, KEYS)
            .build();

    @Nested
    class OnTheReader {

        @Test
        void givesItsUid() {
            assertThat(plain(fob, "FFCA000000")).isEqualTo("041122334455669000");
            assertThat(plain(fob, "FFCA000007")).isEqualTo("041122334455669000");
        }

        @Test
        void saysTheRightLengthForTheUid() {
            assertThat(plain(fob, "FFCA000004")).isEqualTo("6C07");
            assertThat(plain(fob, "FFCA00000A")).isEqualTo("041122334455666282");
        }

        @Test
        void givesNoUidWhereItHasNone() {
            assertThat(plain(VirtualFob.builder().uid("").build(), "FFCA000000"))
                    .isEqualTo("6A81");
        }

        @Test
        void hasAUidOfItsOwnUnlessTold() {
            VirtualFob one = VirtualFob.builder().build();
            VirtualFob other = VirtualFob.builder().build();

            assertThat(one.uid()).hasSize(14).startsWith("04").isNotEqualTo(other.uid());
            assertThat(one.kdd()).isNotEqualTo(other.kdd());
        }

        @Test
        void answersToResetAsAContactlessJcop4() {
            assertThat(HexFormat.of().withUpperCase().formatHex(fob.atr())).isEqualTo("3B8580018073C821100E");
        }

        @Test
        void remembersEveryCommandItSaw() {
            plain(fob, "FFCA000000");
            plain(fob, "00A4040000");

            assertThat(fob.received()).containsExactly("FFCA000000", "00A4040000");
        }

        @ParameterizedTest
        @CsvSource({
            "8150000008, 6881",
            "01A4040000, 6881",
            "C0CA006600, 6881",
            "9050000000, 6E00",
            "A0A4040000, 6E00",
            "80FE000000, 6D00",
            "80CA00FE00, 6A88",
            "80500100080102, 6700",
            "80, 6700",
        })
        void refusesWhatNoSuchCardKnows(String command, String status) {
            assertThat(plain(fob, command)).isEqualTo(status);
        }

        @ParameterizedTest
        @ValueSource(strings = {"80F0800F00", "80F28002024F0000", "80E2800001FF", "80DA010001FF", "80D8018101FF"})
        void refusesProtectedCommandsOutsideASession(String command) {
            assertThat(plain(fob, command)).isEqualTo("6982");
        }

        @Test
        void refusesSecureMessagingOutsideASession() {
            assertThat(plain(fob, "84F0800F080102030405060708")).isEqualTo("6985");
        }

        @Test
        void refusesUidsKddsAndKeysOfWrongLength() {
            FobBuilder builder = VirtualFob.builder();

            assertThatIllegalArgumentException().isThrownBy(() -> builder.uid("0102030405"));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.kdd("01"));
            assertThatIllegalArgumentException().isThrownBy(() -> CardKeys.of("00".repeat(15)));
        }
    }

    @Nested
    class WhenSelected {

        @ParameterizedTest
        @ValueSource(strings = {"00A4040000", "00A4040008A00000015100000000", "00A4040005A00000015100"})
        void showsItsSecurityDomain(String select) {
            assertThat(plain(fob, select)).isEqualTo("6F108408A000000151000000A5049F6501FF9000");
        }

        @Test
        void showsAnApplet() {
            assertThat(plain(fob, "00A4040009" + APPLET + "00")).isEqualTo("6F0B8409" + APPLET + "9000");
        }

        @ParameterizedTest
        @CsvSource({"00A4040007A000000247100100, 6A82", "00A4040208A00000015100000000, 6A82", "00A4000002 3F00, 6A86"})
        void refusesWhatItDoesNotHave(String select, String status) {
            assertThat(plain(fob, select.replace(" ", ""))).isEqualTo(status);
        }

        @Test
        void hidesItsSecurityDomainBehindAnApplet() {
            plain(fob, "00A4040009" + APPLET + "00");

            assertThat(plain(fob, INITIALIZE_UPDATE)).isEqualTo("6D00");
            assertThat(plain(fob, "80CA00E000")).isEqualTo("6D00");
        }
    }

    @Nested
    class InASession {

        private final TestHost host = TestHost.open(fob, 0x01, KEYS);

        @Test
        void answersUnderSecureMessaging() {
            assertThat(host.send("80F28002024F0000"))
                    .startsWith("E3264F08A000000151000000")
                    .endsWith("9000");
        }

        @Test
        void answersErrorsBareAndGoesOn() {
            assertThat(host.send("80CA00FE00")).isEqualTo("6A88");
            assertThat(host.send("80F08007")).isEqualTo("9000");
        }

        @Test
        void refusesWhatItIsToldToRefuseAndGoesOn() {
            fob.refuse(0xE2, 0x6581);
            assertThat(host.send("80E2800001FF")).isEqualTo("6581");
            fob.refuseNoLonger(0xE2);

            assertThat(host.send("80E2800001FF")).isEqualTo("9000");
        }

        @Test
        void namesTheRightLengthAndGoesOn() {
            assertThat(host.send("80CA006605")).isEqualTo("6C58");
            assertThat(host.send("80CA006658")).startsWith("664D").endsWith("9000");
        }

        @Test
        void endsWithAWrongMac() {
            byte[] bent = host.wrap("80F08007");
            bent[bent.length - 1] ^= 1;

            assertThat(HexFormat.of().formatHex(fob.transmit(bent))).isEqualTo("6982");
            assertOver();
        }

        @Test
        void endsWithACommandSentTwice() {
            byte[] command = host.wrap("80CA006600");
            fob.transmit(command);

            assertThat(HexFormat.of().formatHex(fob.transmit(command))).isEqualTo("6982");
            assertOver();
        }

        @Test
        void endsWithAWrongCounter() {
            host.skipCounter();

            assertThat(host.send("80E2800001FF")).isEqualTo("6988");
            assertOver();
        }

        @Test
        void endsWithAPlainCommand() {
            assertThat(plain(fob, "80F08007")).isEqualTo("6982");
            assertOver();
        }

        @Test
        void endsWithACommandTooShortForAMac() {
            assertThat(plain(fob, "84F0800704AABBCCDD")).isEqualTo("6982");
            assertOver();
        }

        @Test
        void endsWithSelect() {
            plain(fob, "00A4040000");
            assertOver();
        }

        @Test
        void survivesASelectThatFails() {
            plain(fob, "00A4040007A000000247100100");

            assertThat(host.send("80F08007")).isEqualTo("9000");
        }

        @Test
        void endsWithReset() {
            fob.reset();
            assertOver();
        }

        @Test
        void endsWithoutPower() {
            fob.powerOff();
            assertOver();
        }

        @Test
        void endsWithTheNextInitializeUpdate() {
            plain(fob, INITIALIZE_UPDATE);
            assertOver();
        }

        private void assertOver() {
            assertThat(fob.inSession()).isFalse();
            assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.OP_READY);
            assertThat(host.send("80F08007")).isEqualTo("6985");
        }
    }

    @Nested
    class AtOtherLevels {

        @Test
        void takesPlainCommandsAtLevel00Only() {
            TestHost.open(fob, 0x01, KEYS, 0x00);

            assertThat(plain(fob, "80F08007")).isEqualTo("9000");
            assertThat(plain(fob, "84F0800F080102030405060708")).isEqualTo("6882");
        }

        @Test
        void refusesEncryptedEmptyDataUnlessSwitchedOn() {
            VirtualFob yubi = VirtualFob.builder().keySet(0x01, KEYS).padEmpty().build();
            SessionVector vector = SessionVector.named("yubico-empty-data-padded");
            VirtualFob lenient = vector.fob().build();
            VirtualFob standard = VirtualFob.builder()
                    .kdd(vector.expected("kdd"))
                    .i(vector.i())
                    .keySet(vector.kvn(), vector.keys())
                    .random(new FixedRandom(vector.expected("card_challenge")))
                    .build();

            assertThat(lastAnswer(lenient, vector)).isEqualTo("6D00");
            assertThat(lastAnswer(standard, vector)).isEqualTo("6988");
            assertThat(TestHost.open(yubi, 0x01, KEYS).send("80F08007")).isEqualTo("9000");
        }

        private static String lastAnswer(VirtualFob fob, SessionVector vector) {
            plain(fob, vector.initializeUpdate());
            plain(fob, vector.externalAuthenticate());
            return plain(fob, vector.exchanges().get(0).wrappedCommand());
        }

        @Test
        void refusesExtendedLengthUnlessSwitchedOn() {
            assertThat(plain(fob, "80CA0066000000")).isEqualTo("6700");
        }
    }
}
