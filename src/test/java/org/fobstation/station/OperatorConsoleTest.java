package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fobstation.audit.StageTime;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.provisioning.RunReport;
import org.junit.jupiter.api.Test;

/** What stands on the operator's screen. */
class OperatorConsoleTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final OperatorConsole console =
            new OperatorConsole(new PrintStream(written, true, StandardCharsets.UTF_8), false);

    @Test
    void showsAPassInOneLineWithTheTimeOfEachStage() {
        console.ended(report(Optional.empty()));

        assertThat(lines())
                .singleElement()
                .asString()
                .matches("\\d\\d:\\d\\d:\\d\\d  PASS   04A1B2C3D4E5F6 +READER_01 +12\\.5 ms   keys 8\\.0  lock 4\\.5");
    }

    @Test
    void showsUnderAFailureWhatHappenedAndWhatToDo() {
        console.ended(report(Optional.of(
                new Failure(FailureCode.KEY_SET_NOT_FOUND, Stage.INITIALIZE_UPDATE, "INITIALIZE UPDATE gave 6A88"))));

        assertThat(lines()).hasSize(3);
        assertThat(lines().get(0)).contains("FAIL").contains("04A1B2C3D4E5F6");
        assertThat(lines().get(1))
                .contains("KEY_SET_NOT_FOUND: " + FailureCode.KEY_SET_NOT_FOUND.sentence())
                .contains("INITIALIZE UPDATE gave 6A88");
        assertThat(lines().get(2)).contains("-> " + FailureCode.KEY_SET_NOT_FOUND.remedy());
    }

    @Test
    void saysThatTheReadersAreWatched() {
        console.watching();

        assertThat(lines()).containsExactly("READY");
    }

    @Test
    void showsAFobThatWasDoneBefore() {
        console.alreadyDone("READER_01", "04A1B2C3D4E5F6", "trx_1");

        assertThat(lines())
                .singleElement()
                .asString()
                .contains("PASS", "04A1B2C3D4E5F6", "before (trx_1), not touched");
    }

    @Test
    void showsWhyTheStationIsStopped() {
        console.held("READER_01", new Gate.Hold(FailureCode.BACKLOG_FULL, "1001 records wait"));

        assertThat(String.join("\n", lines()))
                .contains("HOLD", "READER_01", "BACKLOG_FULL", "1001 records wait", FailureCode.BACKLOG_FULL.remedy());
    }

    @Test
    void tellsOfAStopWithTheRemedyThatEndsIt() {
        console.stopped(new Gate.Hold(FailureCode.FAILURES_IN_A_ROW, "3 in a row", "Do this."));
        console.released("smith", "new key ceremony");

        assertThat(lines()).hasSize(4);
        assertThat(lines().get(0)).endsWith("HOLD   the station is stopped");
        assertThat(lines().get(1)).contains("FAILURES_IN_A_ROW: Too many fobs").contains("3 in a row");
        assertThat(lines().get(2)).endsWith("-> Do this.");
        assertThat(lines().get(3)).endsWith("the station is released by smith: new key ceremony");
    }

    @Test
    void coloursTheOutcomeForAPerson() {
        new OperatorConsole(new PrintStream(written, true, StandardCharsets.UTF_8), true)
                .ended(report(Optional.empty()));

        assertThat(lines()).singleElement().asString().contains("\u001B[1;32mPASS \u001B[0m");
    }

    private List<String> lines() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static RunReport report(Optional<Failure> failure) {
        return new RunReport(
                "READER_01",
                "04A1B2C3D4E5F6",
                "trx_1",
                failure.map(Failure::outcome).orElse(Outcome.PASS),
                failure,
                Stage.ISD_LOCK,
                List.of(
                        new StageTime(Stage.KEY_REQUEST, Duration.ofMillis(8)),
                        new StageTime(Stage.ISD_LOCK, Duration.ofNanos(4_500_000))),
                Duration.ofNanos(12_500_000));
    }
}
