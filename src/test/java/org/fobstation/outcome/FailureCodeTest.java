package org.fobstation.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A failure code")
class FailureCodeTest {

    @ParameterizedTest
    @EnumSource
    void saysWhatHappenedAndWhatToDo(FailureCode code) {
        assertThat(code.outcome()).isNotNull().isNotEqualTo(Outcome.PASS);
        assertThat(code.sentence()).matches("[A-Z].*\\.");
        assertThat(code.remedy()).matches("[A-Z].*\\.");
    }

    /** A fob that is told to go to the red bin must not be asked for again, and the other way round. */
    @ParameterizedTest
    @EnumSource
    void givesARemedyThatFitsItsOutcome(FailureCode code) {
        if (code.outcome() == Outcome.FAIL) {
            assertThat(code.remedy()).contains("Red bin");
        } else {
            assertThat(code.remedy()).doesNotStartWith("Red bin");
        }
    }

    @Test
    void tellsItselfApartFromEveryOther() {
        assertThat(Arrays.stream(FailureCode.values()).map(FailureCode::sentence))
                .doesNotHaveDuplicates();
    }

    @Test
    void isDescribedAloneWhereThereIsNoDetail() {
        assertThat(new Failure(FailureCode.FOB_REMOVED, Stage.UID_READ, "").describe())
                .isEqualTo(FailureCode.FOB_REMOVED.sentence());
    }

    @Test
    void neverHoldsAnOpenGate() {
        assertThat(Gate.OPEN.hold()).isEmpty();
    }
}
