package org.fobstation.apdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A command APDU")
class CommandApduTest {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** The seven cases of ISO/IEC 7816-3 section 12.1.3, with the lengths at their limits. */
    @ParameterizedTest(name = "case {0}: Nc {3}, Ne {4}")
    @CsvSource({
        "1,  80F0800F, '', 0, 0",
        "2S, 80CA00CF, 01, 0, 1",
        "2S, 80CA00CF, FF, 0, 255",
        "2S, 80CA00CF, 00, 0, 256",
        "2E, 80CA00CF, 000101, 0, 257",
        "2E, 80CA00CF, 00FFFF, 0, 65535",
        "2E, 80CA00CF, 000000, 0, 65536",
        "3S, 80E28000, 01 *1, 1, 0",
        "3S, 80E28000, FF *255, 255, 0",
        "3E, 80E28000, 000100 *256, 256, 0",
        "3E, 80E28000, 00FFFF *65535, 65535, 0",
        "4S, 80F28002, 02 *2 00, 2, 256",
        "4S, 80F28002, FF *255 10, 255, 16",
        "4E, 80F28002, 000100 *256 0100, 256, 256",
        "4E, 80F28002, 000001 *1 0101, 1, 257",
        "4E, 80F28002, 00FFFF *65535 0000, 65535, 65536"
    })
    void isReadAndWrittenAsTheStandardHasIt(String iso, String header, String body, int nc, int ne) {
        String hex = header + body.replaceFirst(" \\*\\d+ ?", "5A".repeat(nc));
        byte[] encoded = HEX.parseHex(hex);

        CommandApdu command = CommandApdu.parse(encoded);

        assertThat(command.dataLength()).isEqualTo(nc);
        assertThat(command.ne()).isEqualTo(ne);
        assertThat(command.isExtended()).isEqualTo(iso.endsWith("E"));
        assertThat(HEX.formatHex(command.data())).isEqualTo("5A".repeat(nc));
        assertThat(command.encode()).isEqualTo(encoded);
        assertThat(CommandApdu.of(command.cla(), command.ins(), command.p1(), command.p2(), command.data(), ne))
                .isEqualTo(command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "80",
                "80F080",
                "80E280000201",
                "80E28000020102FFFF",
                "80E280000000",
                "80E2800000000001",
                "80E2800000000201",
                "80E2800000000201020001FF",
                "80E280000000010100"
            })
    void isRefusedWhereLengthsDoNotFit(String hex) {
        assertThatIllegalArgumentException().isThrownBy(() -> CommandApdu.parse(HEX.parseHex(hex)));
    }

    @Test
    void namesItsHeader() {
        CommandApdu command = CommandApdu.of(0xFF, 0xCA, 0xFE, 0x80, new byte[0], 256);
        assertThat(command.cla()).isEqualTo(0xFF);
        assertThat(command.ins()).isEqualTo(0xCA);
        assertThat(command.p1()).isEqualTo(0xFE);
        assertThat(command.p2()).isEqualTo(0x80);
    }

    @ParameterizedTest
    @CsvSource({"-1,0,0,0", "256,0,0,0", "0,256,0,0", "0,0,-1,0", "0,0,0,256"})
    void isRefusedWithAHeaderThatIsNoBytes(int cla, int ins, int p1, int p2) {
        assertThatIllegalArgumentException().isThrownBy(() -> CommandApdu.of(cla, ins, p1, p2, new byte[0]));
    }

    @Test
    void isRefusedWithLengthsBeyondTheExtendedForm() {
        assertThatIllegalArgumentException().isThrownBy(() -> CommandApdu.of(0, 0, 0, 0, new byte[65536]));
        assertThatIllegalArgumentException().isThrownBy(() -> CommandApdu.of(0, 0, 0, 0, new byte[0], 65537));
        assertThatIllegalArgumentException().isThrownBy(() -> CommandApdu.of(0, 0, 0, 0, new byte[0], -1));
    }

    @Test
    void doesNotShareItsData() {
        byte[] given = {1, 2, 3};
        CommandApdu command = CommandApdu.of(0x80, 0xE2, 0x80, 0x00, given);
        given[0] = 9;
        command.data()[1] = 9;
        command.encode()[5] = 9;
        byte[] copied = new byte[5];
        command.copyData(copied, 1);
        assertThat(command.data()).containsExactly(1, 2, 3);
        assertThat(copied).containsExactly(0, 1, 2, 3, 0);
    }

    @Test
    void changesItsLeAlone() {
        CommandApdu command = CommandApdu.of(0x80, 0xF2, 0x80, 0x02, new byte[] {0x4F, 0}, 256);
        assertThat(HEX.formatHex(command.withNe(32).encode())).isEqualTo("80F28002024F0020");
        assertThat(HEX.formatHex(command.withNe(0).encode())).isEqualTo("80F28002024F00");
    }

    @Test
    void equalsByContent() {
        CommandApdu command = CommandApdu.parse(HEX.parseHex("80F28002024F0000"));
        assertThat(command)
                .isEqualTo(CommandApdu.of(0x80, 0xF2, 0x80, 0x02, new byte[] {0x4F, 0}, 256))
                .hasSameHashCodeAs(CommandApdu.of(0x80, 0xF2, 0x80, 0x02, new byte[] {0x4F, 0}, 256))
                .isNotEqualTo(command.withNe(0))
                .isNotEqualTo(CommandApdu.of(0x80, 0xF2, 0x80, 0x02, new byte[] {0x4F, 1}, 256))
                .isNotEqualTo(CommandApdu.of(0x80, 0xF2, 0x80, 0x03, new byte[] {0x4F, 0}, 256));
    }

    @Test
    void printsNoData() {
        assertThat(CommandApdu.of(0x80, 0xE2, 0x80, 0x00, new byte[] {0x5E, 0x5E}))
                .hasToString("80E28000 (2 bytes of data)");
    }
}
