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
        assertThat(LockPolicy.parse("secured, raw:80F00F0000, card-locked", false)
                        .steps())
                .containsExactly(
                        new LockStep.SetStatus(LifeCycle.SECURED),
                        new LockStep.Raw(CommandApdu.parse(HexFormat.of().parseHex("80F00F0000"))),
                        new LockStep.SetStatus(LifeCycle.CARD_LOCKED));
    }

    @Test
    void takesNewKeysAsTheLastStep() {
        LockPolicy policy = LockPolicy.parse("secured, rotate-keys", false);

        assertThat(policy.steps())
                .containsExactly(new LockStep.SetStatus(LifeCycle.SECURED), new LockStep.RotateKeys());
        assertThat(policy).hasToString("secured, rotate-keys");
        assertThat(policy.rotatesKeys()).isTrue();
        assertThat(policy.endsWithRotation()).isTrue();
    }

    @Test
    void locksForEverOnlyWhereThatIsWanted() {
        LockPolicy policy = LockPolicy.parse("secured, rotate-keys, card-locked", true);

        assertThat(policy.steps()).hasSize(3);
        assertThat(policy.endsWithRotation()).isFalse();
        assertThat(policy.endsWithCardLocked()).isTrue();
    }

    @Test
    void noneHasNoSteps() {
        assertThat(LockPolicy.parse("none", false).steps()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secured, secured | never moves back",
                "card-locked, secured | card-locked comes last",
                "card-locked, raw:80F00F0000 | card-locked comes last",
                "rotate-keys, secured | rotate-keys comes last, 'secured' cannot follow it",
                "rotate-keys, rotate-keys | rotate-keys comes last",
                "secured, rotate-keys, raw:80F00F0000 | rotate-keys comes last",
                "card-locked, rotate-keys | card-locked comes last",
                "secured, rotate-keys, card-locked | write lock.permanent = true",
                "rotate-keys, card-locked, secured | lock.permanent",
                "none, secured | 'none' stands alone",
                "'' | is no step",
                "raw:80F00 | is no command",
                "raw:80F00F0005AA | is no command"
            })
    void refusesWhatCannotBeCarriedOut(String policy, String reason) {
        assertThatThrownBy(() -> LockPolicy.parse(policy, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
