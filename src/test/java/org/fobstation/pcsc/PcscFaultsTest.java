package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;

import org.fobstation.apdu.TransportException;
import org.fobstation.apdu.TransportException.Fault;
import org.fobstation.outcome.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers are written out: they are what pcscd and Windows give, whatever the constants are called. */
class PcscFaultsTest {

    @ParameterizedTest
    @CsvSource({
        "8010000A, FOB_UNRESPONSIVE",
        "80100002, CLOSED",
        "8010002E, READER_LOST",
        "80100009, READER_LOST",
        "80100017, READER_LOST",
        "8010001D, SERVICE_LOST",
        "8010001E, SERVICE_LOST",
        "80100013, SERVICE_LOST",
        "80100003, SERVICE_LOST",
        "00000006, SERVICE_LOST",
        "80100012, SERVICE_LOST",
        "80100018, SERVICE_LOST",
        "80100069, FOB_REMOVED",
        "80100016, NOT_TRANSACTED",
        "8010002F, NOT_TRANSACTED",
        "8010000C, FOB_REMOVED",
        "80100068, FOB_RESET",
        "80100066, FOB_UNRESPONSIVE",
        "80100067, FOB_UNRESPONSIVE",
        "80100065, FOB_UNRESPONSIVE",
        "8010000F, FOB_UNRESPONSIVE",
        "80100010, FOB_UNRESPONSIVE",
        "8010000B, READER_IN_USE",
        "80100008, ANSWER_UNREADABLE",
        "80100004, UNKNOWN",
        "80100001, UNKNOWN",
        "8010006A, UNKNOWN",
        "0000001F, UNKNOWN",
    })
    void everyCodeHasItsMeaning(String code, Fault fault) {
        assertThat(PcscFaults.fault(Integer.parseUnsignedInt(code, 16))).isEqualTo(fault);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void failuresBeforeARunAreOfTheFirstStage(Fault fault) {
        assertThat(PcscFaults.failure(fault, "why").stage()).isEqualTo(Stage.UID_READ);
    }

    @Test
    void theExceptionNamesCallAndCode() {
        TransportException exception =
                PcscFaults.transportException(new PcscException("SCardTransmit", PcscException.W_REMOVED_CARD));

        assertThat(exception.fault()).isEqualTo(Fault.FOB_REMOVED);
        assertThat(exception).hasMessage("SCardTransmit gave W_REMOVED_CARD (80100069)");
    }

    @Test
    void anUnknownCodeIsNamedByItsNumber() {
        assertThat(PcscException.name(0x8010ABCD)).isEqualTo("an unknown code (8010ABCD)");
    }
}
