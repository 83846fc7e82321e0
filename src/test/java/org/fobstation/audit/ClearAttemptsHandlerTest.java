package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClearAttemptsHandlerTest {

    @ParameterizedTest
    @ValueSource(strings = {"04A1B2C3", "04a1b2c3d4e5f6", "11223344556677889900"})
    void saysWhoseAttemptsAreCleared(String uid) {
        assertThat(handle(uid)).isEqualTo(RequestResult.done("Cleared the attempts of " + uid + "."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "04A1B2", "04A1B2C3D4", "04A1B2C3D4E5FG"})
    void refusesWhatIsNoUid(String argument) {
        RequestResult result = handle(argument, "04A1B2C3");

        assertThat(result.done()).isFalse();
        assertThat(result.message()).contains("no UIDs").endsWith("The attempts of the others are cleared.");
    }

    @Test
    void asksForAUid() {
        assertThat(handle()).isEqualTo(RequestResult.refused("Name the UID of a fob."));
    }

    private static RequestResult handle(String... uids) {
        return new ClearAttemptsHandler().handle(new Request(Request.CLEAR_ATTEMPTS, List.of(uids), "smith", "root"));
    }
}
