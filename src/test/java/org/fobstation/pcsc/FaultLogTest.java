package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fobstation.LogCapture;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** An outage may last for a weekend: what it logs must be worth reading then. */
class FaultLogTest {

    private static final String NAME = "an outage";

    private final FaultLog faults = new FaultLog(LoggerFactory.getLogger(NAME));

    private void note(int times, PcscException fault) {
        for (int i = 0; i < times; i++) {
            faults.note(fault.getMessage(), fault);
        }
    }

    private static List<String> lines(LogCapture log) {
        return log.lines().stream()
                .filter(line -> line.contains(NAME))
                .map(line -> line.lines().findFirst().orElseThrow())
                .toList();
    }

    @Test
    void logsEachDistinctFaultOnceAndTheCountsAtTheEnd() {
        try (LogCapture log = LogCapture.ofEverything()) {
            note(1, new PcscException("SCardGetStatusChange", PcscException.F_COMM_ERROR));
            note(1000, new PcscException("SCardEstablishContext", PcscException.E_NO_SERVICE));
            faults.recovered();

            assertThat(lines(log))
                    .containsExactly(
                            "WARN an outage PC/SC service lost: SCardGetStatusChange gave F_COMM_ERROR (80100013)."
                                    + " Trying again until it is back.",
                            "WARN an outage PC/SC service lost: SCardEstablishContext gave E_NO_SERVICE (8010001D)."
                                    + " Trying again until it is back.",
                            "INFO an outage PC/SC service is back after: 1 x SCardGetStatusChange gave F_COMM_ERROR"
                                    + " (80100013); 1000 x SCardEstablishContext gave E_NO_SERVICE (8010001D)");
        }
    }

    @Test
    void tellsTheSameFaultAgainInTheNextOutage() {
        try (LogCapture log = LogCapture.ofEverything()) {
            for (int outage = 0; outage < 2; outage++) {
                note(3, new PcscException("SCardEstablishContext", PcscException.E_NO_SERVICE));
                faults.recovered();
            }

            assertThat(lines(log)).hasSize(4);
        }
    }

    @Test
    void keepsFewKindsOfFaultsHoweverManyThereAre() {
        try (LogCapture log = LogCapture.ofEverything()) {
            for (int code = 0; code < 1000; code++) {
                note(1, new PcscException("SCardGetStatusChange", 0x8010A000 + code));
            }
            faults.recovered();

            assertThat(lines(log)).hasSize(22).last().asString().endsWith("; 980 x other faults");
        }
    }

    @Test
    void saysNothingWhereThereWasNoOutage() {
        try (LogCapture log = LogCapture.ofEverything()) {
            faults.recovered();

            assertThat(lines(log)).isEmpty();
        }
    }
}
