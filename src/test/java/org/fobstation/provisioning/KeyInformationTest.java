package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to GET DATA E0. */
class KeyInformationTest {

    private static final String TWO_SETS =
            "E024C00401308810C00402308810C00403308810C00401018010C00402018010C00403018010";

    private static Optional<KeyInformation> read(String hex) {
        return KeyInformation.parse(HexFormat.of().parseHex(hex));
    }

    @Test
    void listsTheVersions() {
        KeyInformation keys = read(TWO_SETS).orElseThrow();

        assertThat(keys).hasToString("KVN 01, 30");
        assertThat(keys.holds(0x30)).isTrue();
        assertThat(keys.holds(0x3F)).isFalse();
        assertThat(keys.beside(0x30)).containsExactly(0x01);
    }

    @Test
    void tellsDesFromAes() {
        KeyInformation keys = read(TWO_SETS).orElseThrow();

        assertThat(keys.isForDes(0x30)).isFalse();
        assertThat(keys.isForDes(0x01)).isTrue();
        assertThat(keys.isForDes(0x3F))
                .as("without that version: not all keys are DES")
                .isFalse();
        assertThat(read("E006C00401FF8010").orElseThrow().isForDes(0x30)).isTrue();
    }

    @Test
    void readsTheExtendedForm() {
        KeyInformation keys = read("E00BC0090130FF88001000010C").orElseThrow();

        assertThat(keys).hasToString("KVN 30");
        assertThat(keys.isForDes(0x30)).isFalse();
    }

    @Test
    void readsALongLengthField() {
        assertThat(read("E08106C00401308810")).isPresent();
        assertThat(read("E0820006C00401308810")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "E0",
                "E000",
                "E006",
                "E005C004013088",
                "E006C0040130881000",
                "E007C0040130881000",
                "E005C003013088",
                "E006C10401308810",
                "E106C00401308810",
                "E0830006C00401308810",
                "E008C00401308810C005",
                "FFFFFFFF"
            })
    void isNothingInAnyOtherForm(String answer) {
        assertThat(read(answer)).isEmpty();
    }
}
