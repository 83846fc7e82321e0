package org.fobstation.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import org.fobstation.apdu.TransportException.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FaultTableTest {

    @ParameterizedTest
    @CsvSource({
        "FOB_REMOVED, FOB_REMOVED, FOB_REMOVED_HALF_DONE",
        "NOT_TRANSACTED, FOB_REMOVED, FOB_REMOVED_HALF_DONE",
        "FOB_RESET, FOB_RESET, FOB_REMOVED_HALF_DONE",
        "FOB_UNRESPONSIVE, FOB_UNREADABLE, FOB_REMOVED_HALF_DONE",
        "ANSWER_UNREADABLE, FOB_UNREADABLE, FOB_REMOVED_HALF_DONE",
        "CLOSED, INTERRUPTED, STOPPED_HALF_DONE",
        "TIME_IS_UP, FOB_TOO_SLOW, FOB_TOO_SLOW",
        "READER_IN_USE, READER_IN_USE, READER_IN_USE",
        "READER_LOST, READER_LOST, READER_LOST",
        "SERVICE_LOST, SERVICE_LOST, SERVICE_LOST",
        "UNKNOWN, STATION_FAULT, STATION_FAULT",
    })
    void everyFaultHasAFailure(Fault fault, FailureCode unchanged, FailureCode changing) {
        assertThat(FaultTable.code(fault)).isEqualTo(unchanged);
        assertThat(FaultTable.codeWhileChanging(fault)).isEqualTo(changing);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void noFaultIsTheFobsToPayFor(Fault fault) {
        assertThat(FaultTable.code(fault).outcome()).isIn(Outcome.RETRY, Outcome.HOLD);
        assertThat(FaultTable.codeWhileChanging(fault).outcome()).isIn(Outcome.RETRY, Outcome.HOLD);
    }
}
