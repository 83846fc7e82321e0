package org.fobstation.apdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A response APDU")
class ResponseApduTest {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    @ParameterizedTest
    @CsvSource({"9000, '', 9000", "6A88, '', 6A88", "0102FF6310, 0102FF, 6310"})
    void isDataThenStatusWord(String encoded, String data, String status) {
        ResponseApdu response = ResponseApdu.parse(HEX.parseHex(encoded));
        assertThat(HEX.formatHex(response.data())).isEqualTo(data);
        assertThat(response.dataLength()).isEqualTo(data.length() / 2);
        assertThat(response.status()).hasToString(status);
        assertThat(HEX.formatHex(response.encode())).isEqualTo(encoded);
        assertThat(ResponseApdu.of(HEX.parseHex(data), response.status())).isEqualTo(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "90"})
    void isRefusedWithoutAStatusWord(String encoded) {
        assertThatIllegalArgumentException().isThrownBy(() -> ResponseApdu.parse(HEX.parseHex(encoded)));
    }

    @Test
    void doesNotShareItsData() {
        byte[] given = {1, 2, 3};
        ResponseApdu response = ResponseApdu.of(given, StatusWord.SUCCESS);
        ResponseApdu part = ResponseApdu.of(given, 2, StatusWord.SUCCESS);
        given[0] = 9;
        response.data()[1] = 9;
        assertThat(response.data()).containsExactly(1, 2, 3);
        assertThat(part.data()).containsExactly(1, 2);
    }

    @Test
    void equalsByContent() {
        ResponseApdu response = ResponseApdu.of(new byte[] {1}, StatusWord.SUCCESS);
        assertThat(response)
                .isEqualTo(ResponseApdu.of(new byte[] {1}, StatusWord.SUCCESS))
                .hasSameHashCodeAs(ResponseApdu.of(new byte[] {1}, StatusWord.SUCCESS))
                .isNotEqualTo(ResponseApdu.of(0x9000))
                .isNotEqualTo(ResponseApdu.of(new byte[] {1}, new StatusWord(0x6310)));
    }

    @Test
    void printsNoData() {
        assertThat(ResponseApdu.of(new byte[] {0x5E, 0x5E}, StatusWord.SUCCESS)).hasToString("9000 (2 bytes of data)");
    }
}
