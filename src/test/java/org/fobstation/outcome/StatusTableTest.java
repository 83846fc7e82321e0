package org.fobstation.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.fobstation.apdu.StatusWord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A status word other than 9000")
class StatusTableTest {

    private static FailureCode code(Stage stage, String status) {
        return StatusTable.code(stage, new StatusWord(Integer.parseInt(status, 16)));
    }

    @ParameterizedTest
    @CsvSource({
        "6283, CARD_LOCKED",
        "6A81, ISD_NOT_FOUND",
        "6A82, ISD_NOT_FOUND",
        "6A88, KEY_SET_NOT_FOUND",
        "6982, KEYS_BLOCKED",
        "6983, KEYS_BLOCKED",
        "6985, COUNTER_EXHAUSTED",
        "6700, SCP03_NOT_SUPPORTED",
        "6A86, SCP03_NOT_SUPPORTED",
        "6D00, SCP03_NOT_SUPPORTED",
        "6E00, SCP03_NOT_SUPPORTED",
        "6400, COMMAND_REFUSED",
        "6F00, COMMAND_REFUSED"
    })
    void beforeTheCardCryptogramMatchedSaysTheFobIsForeign(String status, FailureCode expected) {
        assertThat(code(Stage.INITIALIZE_UPDATE, status)).isEqualTo(expected);
        assertThat(expected.outcome()).isEqualTo(Outcome.FAIL);
    }

    @ParameterizedTest
    @CsvSource({"6982", "6300", "6A86", "6700", "6D00", "6E00", "6985", "6400"})
    void toExternalAuthenticateHoldsTheStation(String status) {
        assertThat(code(Stage.EXTERNAL_AUTHENTICATE, status)).isEqualTo(FailureCode.HOST_CRYPTOGRAM_REFUSED);
        assertThat(FailureCode.HOST_CRYPTOGRAM_REFUSED.outcome()).isEqualTo(Outcome.HOLD);
    }

    @ParameterizedTest
    @CsvSource({
        "6982, SECURE_MESSAGING_LOST, SECURE_MESSAGING_LOST",
        "6988, SECURE_MESSAGING_LOST, SECURE_MESSAGING_LOST",
        "6300, COMMAND_NOT_UNDERSTOOD, COMMAND_NOT_UNDERSTOOD",
        "6700, COMMAND_NOT_UNDERSTOOD, COMMAND_NOT_UNDERSTOOD",
        "6A86, COMMAND_NOT_UNDERSTOOD, COMMAND_NOT_UNDERSTOOD",
        "6D00, COMMAND_NOT_UNDERSTOOD, COMMAND_NOT_UNDERSTOOD",
        "6E00, COMMAND_NOT_UNDERSTOOD, COMMAND_NOT_UNDERSTOOD",
        "6A84, CARD_MEMORY_FULL, CARD_MEMORY_FULL",
        "6A80, PAYLOAD_REFUSED, LOCK_REFUSED",
        "6A88, PAYLOAD_REFUSED, LOCK_REFUSED",
        "6985, PAYLOAD_REFUSED, LOCK_REFUSED",
        "6400, PAYLOAD_REFUSED, LOCK_REFUSED"
    })
    void underSecureMessagingTellsTheStationsFaultFromTheFobs(String status, FailureCode payload, FailureCode lock) {
        assertThat(code(Stage.PAYLOAD_DELIVERY, status)).isEqualTo(payload);
        assertThat(code(Stage.ISD_LOCK, status)).isEqualTo(lock);
    }

    @ParameterizedTest
    @EnumSource
    void ofAMemoryFailureFailsTheFobAtEveryStage(Stage stage) {
        assertThat(code(stage, "6581")).isEqualTo(FailureCode.MEMORY_FAILURE);
    }

    @ParameterizedTest
    @EnumSource
    void withACountOfTriesFailsTheFobAtEveryStage(Stage stage) {
        assertThat(code(stage, "63C0")).isEqualTo(FailureCode.KEYS_BLOCKED);
        assertThat(code(stage, "63C1")).isEqualTo(FailureCode.TRIES_LEFT);
        assertThat(code(stage, "63CF")).isEqualTo(FailureCode.TRIES_LEFT);
    }

    @Test
    void toTheUidCommandMeansThereIsNoUid() {
        assertThat(code(Stage.UID_READ, "6A81")).isEqualTo(FailureCode.UID_NOT_AVAILABLE);
    }

    @ParameterizedTest
    @EnumSource
    void hasACodeAtEveryStageAndNeverPasses(Stage stage) {
        assertThat(IntStream.rangeClosed(0, 0xFFFF).mapToObj(value -> StatusTable.code(stage, new StatusWord(value))))
                .allSatisfy(code -> assertThat(code.outcome()).isNotEqualTo(Outcome.PASS));
    }

    @Test
    void isToldWithCommandStatusWordAndMeaning() {
        Failure failure = StatusTable.failure(Stage.PAYLOAD_DELIVERY, "STORE DATA", new StatusWord(0x6A84));
        assertThat(failure)
                .isEqualTo(new Failure(
                        FailureCode.CARD_MEMORY_FULL,
                        Stage.PAYLOAD_DELIVERY,
                        "STORE DATA gave 6A84, not enough memory"));
        assertThat(failure.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(failure.describe())
                .isEqualTo("The fob has no room for the payload. (STORE DATA gave 6A84, not enough memory)");
    }
}
