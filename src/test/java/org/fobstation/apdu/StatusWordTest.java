package org.fobstation.apdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A status word")
class StatusWordTest {

    private static StatusWord status(String hex) {
        return new StatusWord(Integer.parseInt(hex, 16));
    }

    @ParameterizedTest
    @CsvSource({
        "9000, true, false",
        "6200, false, true",
        "6283, false, true",
        "6300, false, true",
        "6310, false, true",
        "63C3, false, true",
        "6400, false, false",
        "6A88, false, false",
        "9001, false, false",
        "9485, false, false"
    })
    void isSuccessWarningOrError(String hex, boolean success, boolean warning) {
        assertThat(status(hex).isSuccess()).isEqualTo(success);
        assertThat(status(hex).isWarning()).isEqualTo(warning);
    }

    @ParameterizedTest
    @CsvSource({"63C0, 0", "63CA, 10", "63CF, 15", "63D0, -1", "6300, -1", "9000, -1"})
    void countsTheTriesLeft(String hex, int tries) {
        assertThat(status(hex).triesLeft()).isEqualTo(tries);
    }

    @ParameterizedTest
    @CsvSource({
        "9000, success",
        "6283, card is CARD_LOCKED",
        "63C2, 'verification failed, 2 tries left'",
        "6110, 16 more bytes to fetch",
        "6C20, 'wrong Le, right is 32'",
        "6A84, not enough memory",
        "6F12, not named by the specifications the station knows"
    })
    void hasAMeaning(String hex, String meaning) {
        assertThat(status(hex).meaning()).isEqualTo(meaning);
    }

    /** SW2 of 00 stands for 256, as a short Le of 00 does. */
    @ParameterizedTest
    @CsvSource({"6100, 256 or more bytes to fetch", "6C00, 'wrong Le, right is 256'"})
    void readsAnSw2OfZeroAs256(String hex, String meaning) {
        assertThat(status(hex).meaning()).isEqualTo(meaning);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0x10000})
    void isTwoBytes(int value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new StatusWord(value));
    }

    @Test
    void printsFourDigits() {
        assertThat(new StatusWord(0x00A)).hasToString("000A");
        assertThat(status("6A88").sw1()).isEqualTo(0x6A);
        assertThat(status("6A88").sw2()).isEqualTo(0x88);
    }
}
