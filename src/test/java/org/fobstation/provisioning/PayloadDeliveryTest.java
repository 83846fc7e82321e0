package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.OptionalInt;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.provisioning.SessionSettings.ModeChoice;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The payload, from the header that the key server gives to what the fob holds. */
class PayloadDeliveryTest extends BenchTest {

    private static final String APPLET = "A00000080400010101";

    private void payloadOf(int length) {
        bench.payload = new byte[length];
        for (int i = 0; i < length; i++) {
            bench.payload[i] = (byte) (i + 1);
        }
    }

    private void assertStored(VirtualFob fob, String aid) {
        assertThat(fob.storedData()).singleElement().satisfies(stored -> {
            assertThat(stored.hex()).isEqualTo(HexFormat.of().withUpperCase().formatHex(bench.payload));
            assertThat(stored.target()).isEqualTo(aid);
        });
    }

    @Nested
    class InBlocks {

        @ParameterizedTest
        @CsvSource({"70, 239, 1", "70, 240, 2", "70, 500, 3", "71, 223, 1", "71, 224, 2", "71, 500, 3"})
        void areAsLargeAsModeAndLevelAllow(String i, int length, int blocks) throws Exception {
            payloadOf(length);
            VirtualFob fob = bench.fobBuilder().i(Integer.parseInt(i, 16)).build();

            assertPass(bench.present(fob));

            assertThat(count(fob, STORE_DATA)).isEqualTo(blocks);
            assertStored(fob, "A000000151000000");
        }

        @Test
        void areAsLargeAsTheSettingSays() throws Exception {
            payloadOf(25);
            bench.settings.blockSize = OptionalInt.of(10);
            VirtualFob fob = bench.fob();

            assertPass(bench.present(fob));

            assertThat(sent(fob, STORE_DATA))
                    .extracting(command -> command.substring(0, 8))
                    .containsExactly("84E20000", "84E20001", "84E28002");
            assertStored(fob, "A000000151000000");
        }

        @Test
        void areAtMost256() throws Exception {
            payloadOf(256);
            bench.settings.blockSize = OptionalInt.of(1);
            VirtualFob fob = bench.fob();
            assertPass(bench.present(fob));
            assertThat(count(fob, STORE_DATA)).isEqualTo(256);
        }

        @Test
        void areRefusedBeyondThatBeforeTheFobIsTouched() throws Exception {
            payloadOf(257);
            bench.settings.blockSize = OptionalInt.of(1);
            VirtualFob fob = bench.fob();

            RunReport report = bench.present(fob);

            assertFailure(report, FailureCode.PAYLOAD_TOO_LONG, Stage.KEY_REQUEST);
            assertThat(report.failure().orElseThrow().detail()).contains("257 bytes", "256 blocks of 1");
            assertThat(fob.received()).isEmpty();
        }

        @Test
        void areRefusedWhenTheCardTurnsOutToTakeSmallerOnes() throws Exception {
            payloadOf(256 * 223 + 1);
            VirtualFob fob = bench.fobBuilder().i(0x71).build();

            assertFailure(bench.present(fob), FailureCode.PAYLOAD_TOO_LONG, Stage.PAYLOAD_DELIVERY);

            assertThat(count(fob, STORE_DATA)).isZero();
            assertThat(bench.journal().lastWriting(Bench.UID)).isEmpty();
        }
    }

    @Nested
    class ForAnApplet {

        @Test
        void isPrecededByInstallForPersonalization() throws Exception {
            payloadOf(300);
            bench.settings.appletAid = APPLET;
            VirtualFob fob = bench.fobBuilder().applet(APPLET).build();

            assertPass(bench.present(fob));

            assertThat(sent(fob, 0xE6)).singleElement().asString().startsWith("84E62000");
            assertStored(fob, APPLET);
        }

        @ParameterizedTest
        @CsvSource({
            "6A88, APPLET_NOT_FOUND",
            "6A82, APPLET_NOT_FOUND",
            "6985, PAYLOAD_REFUSED",
            "6A80, PAYLOAD_REFUSED",
            "6982, SECURE_MESSAGING_LOST",
            "6D00, COMMAND_NOT_UNDERSTOOD"
        })
        void failsWhenThatIsRefused(String status, FailureCode code) throws Exception {
            bench.settings.appletAid = APPLET;
            VirtualFob fob = bench.fobBuilder().applet(APPLET).build();
            fob.refuse(0xE6, Integer.parseInt(status, 16));

            assertFailure(bench.present(fob), code, Stage.PAYLOAD_DELIVERY);
            assertThat(count(fob, STORE_DATA)).isZero();
        }

        @Test
        void failsOnAFobWithoutIt() throws Exception {
            bench.settings.appletAid = APPLET;

            assertFailure(bench.present(bench.fob()), FailureCode.APPLET_NOT_FOUND, Stage.PAYLOAD_DELIVERY);
        }

        @Test
        void isOfNoConcernToASingleCommand() throws Exception {
            bench.settings.appletAid = APPLET;
            bench.payloadHeader = "80DA0100";
            VirtualFob fob = bench.fob();

            assertPass(bench.present(fob));
            assertThat(count(fob, 0xE6)).isZero();
        }
    }

    @Nested
    class AsOneCommand {

        @Test
        void keepsTheHeaderOfTheKeyServer() throws Exception {
            bench.payloadHeader = "80DA0100";
            VirtualFob fob = bench.fob();

            assertPass(bench.present(fob));

            assertThat(fob.putData())
                    .containsEntry(0x0100, HexFormat.of().withUpperCase().formatHex(bench.payload));
        }

        @ParameterizedTest
        @CsvSource({"S8, 239", "S16, 223"})
        void isRefusedIfItNeedsMoreThanAShortApdu(ModeChoice mode, int most) throws Exception {
            bench.settings.mode = mode;
            bench.payloadHeader = "80DA0100";
            payloadOf(most + 1);
            VirtualFob fob = bench.fob();

            RunReport report = bench.present(fob);

            assertFailure(report, FailureCode.PAYLOAD_TOO_LONG, Stage.KEY_REQUEST);
            assertThat(report.failure().orElseThrow().detail()).contains("at most " + most, "card.extended-length");
            assertThat(fob.received()).isEmpty();
        }

        @Test
        void goesInExtendedLengthWhereThatIsAllowed() throws Exception {
            bench.settings.extendedLength = true;
            bench.payloadHeader = "80DA0100";
            payloadOf(1000);
            VirtualFob fob = bench.fobBuilder().extendedLength().build();

            assertPass(bench.present(fob));
            assertThat(fob.putData().get(0x0100)).hasSize(2000);
        }
    }

    @ParameterizedTest
    @CsvSource({"00E20000", "80F0800F", "80E40000", "84E20000", "80E20001"})
    void neverSendsAnythingElse(String header) throws Exception {
        bench.payloadHeader = header;
        VirtualFob fob = bench.fob();

        assertFailure(bench.present(fob), FailureCode.PAYLOAD_NOT_ALLOWED, Stage.KEY_REQUEST);
        assertThat(fob.received()).isEmpty();
    }
}
