package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.fobstation.apdu.CommandApdu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LockPolicyTest {

    @Test
    void readsStepsInTheirOrder() {
        assertThat(LockPolicy.parse("secured, raw:80F00F0000, card-locked").steps())
                .containsExactly(
                        new LockStep.SetStatus(LifeCycle.SECURED),
                        new LockStep.Raw(CommandApdu.parse(HexFormat.of().parseHex("80F00F0000"))),
                        new LockStep.SetStatus(LifeCycle.CARD_LOCKED));
    }

    @Test
    void noneHasNoSteps() {
        assertThat(LockPolicy.parse("none").steps()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secured, secured | never moves back",
                "card-locked, secured | card-locked comes last",
                "card-locked, raw:80F00F0000 | card-locked comes last",
                "none, secured | 'none' stands alone",
                "'' | is no step",
                "raw:80F00 | is no command",
                "raw:80F00F0005AA | is no command"
            })
    void refusesWhatCannotBeCarriedOut(String policy, String reason) {
        assertThatThrownBy(() -> LockPolicy.parse(policy))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
