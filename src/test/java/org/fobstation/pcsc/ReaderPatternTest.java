package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReaderPatternTest {

    private static final String PICC = "ACS ACR1281 1S Dual Reader PICC 0";

    @ParameterizedTest
    @CsvSource({
        "*, true",
        "ACR1281, true",
        "acr1281*picc, true",
        "ACS*1281*0, true",
        "*PICC*, true",
        "Reader PICC 0, true",
        "ICC, true",
        "PICC*ACR1281, false",
        "SAM, false",
        "ACR1281 *  PICC, false",
        "PICC 0*0, false",
    })
    void matchesPiecesInOrderAnywhereInTheName(String pattern, boolean matches) {
        assertThat(new ReaderPattern(pattern, "").matches(PICC)).isEqualTo(matches);
    }

    @Test
    void charactersOfRegularExpressionsStandForThemselves() {
        assertThat(new ReaderPattern("CL (1.0)", "").matches("ACS CL (1.0) PICC 0"))
                .isTrue();
        assertThat(new ReaderPattern("CL (1.0)", "").matches("ACS CL (1x0) PICC 0"))
                .isFalse();
    }

    @Test
    void excludedReadersAreNotMeant() {
        ReaderPattern pattern = new ReaderPattern("ACR1252", "sam");

        assertThat(pattern.matches("ACS ACR1252 1S CL Reader PICC 0")).isTrue();
        assertThat(pattern.matches("ACS ACR1252 1S CL Reader SAM 0")).isFalse();
    }

    @Test
    void refusesABlankName() {
        assertThatThrownBy(() -> new ReaderPattern(" ", "")).hasMessageContaining("option name is blank");
    }

    @Test
    void refusesToExcludeEverything() {
        assertThatThrownBy(() -> new ReaderPattern("*", "*")).hasMessageContaining("leaves no reader");
    }
}
