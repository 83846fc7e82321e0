package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A security level")
class SecurityLevelTest {

    private static int hex(String digits) {
        return Integer.parseInt(digits, 16);
    }

    @ParameterizedTest
    @CsvSource({
        "00, false, false, false, false",
        "01, true, false, false, false",
        "03, true, true, false, false",
        "11, true, false, true, false",
        "13, true, true, true, false",
        "33, true, true, true, true"
    })
    void saysWhatIsProtected(String value, boolean cMac, boolean cEnc, boolean rMac, boolean rEnc) {
        SecurityLevel level = SecurityLevel.of(hex(value));
        assertThat(level.value()).isEqualTo(hex(value));
        assertThat(level.cMac()).isEqualTo(cMac);
        assertThat(level.cEnc()).isEqualTo(cEnc);
        assertThat(level.rMac()).isEqualTo(rMac);
        assertThat(level.rEnc()).isEqualTo(rEnc);
    }

    @ParameterizedTest
    @ValueSource(strings = {"02", "10", "20", "23", "30", "31", "53", "FF"})
    void isUndefinedAtOtherValues(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecurityLevel.of(hex(value)))
                .withMessageContaining(value);
    }

    @ParameterizedTest
    @CsvSource({
        "LEVEL_00, S8, 255",
        "LEVEL_01, S8, 247",
        "LEVEL_11, S8, 247",
        "LEVEL_03, S8, 239",
        "LEVEL_13, S8, 239",
        "LEVEL_33, S8, 239",
        "LEVEL_01, S16, 239",
        "LEVEL_11, S16, 239",
        "LEVEL_03, S16, 223",
        "LEVEL_33, S16, 223"
    })
    void limitsThePlainDataOfAShortCommand(SecurityLevel level, Scp03Mode mode, int most) {
        assertThat(level.maxShortData(mode)).isEqualTo(most);
    }

    @ParameterizedTest
    @CsvSource({
        "00, LEVEL_03",
        "10, LEVEL_03",
        "20, LEVEL_13",
        "30, LEVEL_13",
        "60, LEVEL_33",
        "70, LEVEL_33",
        "71, LEVEL_33",
        "40, LEVEL_03"
    })
    void followsWhatTheCardAnnounces(String i, SecurityLevel highest) {
        assertThat(SecurityLevel.highest(hex(i))).isEqualTo(highest);
    }

    @ParameterizedTest
    @CsvSource({
        "LEVEL_33, 60, true",
        "LEVEL_33, 20, false",
        "LEVEL_33, 40, false",
        "LEVEL_33, 00, false",
        "LEVEL_13, 20, true",
        "LEVEL_13, 00, false",
        "LEVEL_11, 10, false",
        "LEVEL_03, 00, true",
        "LEVEL_01, 00, true"
    })
    void isAnnouncedOrNot(SecurityLevel level, String i, boolean announced) {
        assertThat(level.isAnnouncedBy(hex(i))).isEqualTo(announced);
    }
}
