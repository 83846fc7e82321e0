package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UidFormatTest {

    private static final byte[] KDD = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

    @ParameterizedTest
    @CsvSource({
        "RAW,          04112233445566,       04112233445566",
        "RAW,          aabbccdd,             AABBCCDD",
        "LEFT_PADDED,  04112233445566,       00000004112233445566",
        "RIGHT_PADDED, 04112233445566,       04112233445566000000",
        "LEFT_PADDED,  AABBCCDD,             000000000000AABBCCDD",
        "RIGHT_PADDED, 112233445566778899AA, 112233445566778899AA",
        "KDD,          04112233445566,       00010203040506070809"
    })
    void namesTheFob(UidFormat format, String uid, String expected) {
        assertThat(format.render(uid, KDD)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0411", "0411223344556677"})
    void refusesALengthNoUidHas(String uid) {
        assertThatIllegalArgumentException().isThrownBy(() -> UidFormat.RAW.render(uid, null));
    }

    @Test
    void needsTheCardsDataForKddOnly() {
        assertThat(UidFormat.values()).filteredOn(UidFormat::needsKdd).containsExactly(UidFormat.KDD);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UidFormat.KDD.render("AABBCCDD", null))
                .withMessageContaining("10 bytes");
        assertThat(UidFormat.RAW.render("AABBCCDD", null)).isEqualTo("AABBCCDD");
    }
}
