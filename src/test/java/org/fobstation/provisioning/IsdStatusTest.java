package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GET STATUS answers of the ISD. The first is the plain answer of the vector station-flow-aes128-level33. */
class IsdStatusTest {

    private static final String ANSWER =
            "E3264F08A0000001510000009F700101C5039EFE80C407A0000001515350CC08A000000151000000";

    @ParameterizedTest
    @CsvSource({"01,OP_READY", "07,INITIALIZED", "0F,SECURED", "7F,CARD_LOCKED", "FF,TERMINATED"})
    void readsTheLifeCycleState(String coding, LifeCycle state) {
        assertThat(read(ANSWER.replace("9F700101", "9F7001" + coding))).contains(state);
    }

    @Test
    void readsALongLengthField() {
        assertThat(read("E38126" + ANSWER.substring(4))).contains(LifeCycle.OP_READY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "E3",
                "E300",
                "9F700101",
                "E3044F02A000",
                "E3059F70020101",
                "E3049F700102",
                "E3079F700101",
                "E3024F7F",
                "E3839F700101"
            })
    void givesNothingForAnyOtherForm(String answer) {
        assertThat(read(answer)).isEmpty();
    }

    private static Optional<LifeCycle> read(String hex) {
        return IsdStatus.lifeCycle(HexFormat.of().parseHex(hex));
    }
}
