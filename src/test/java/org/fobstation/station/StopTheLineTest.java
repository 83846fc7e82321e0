package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.fobstation.audit.RequestResult;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.fobstation.outcome.Outcome;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.fob.WrongCryptogram;
import org.fobstation.simulator.reader.VirtualReader;
import org.fobstation.simulator.reader.VirtualSmartCardService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A station that stops itself, with two readers, and the one way to let it go on. */
class StopTheLineTest {

    @TempDir
    private Path folder;

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private final VirtualReader first = service.plugIn("ACS ACR1252 1S CL Reader PICC 0");
    private final VirtualReader second = service.plugIn("ACS ACR1281 1S Dual Reader PICC 1");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private TestStation station;
    private int fobs;

    @BeforeEach
    void prepare() throws Exception {
        station = TestStation.in(folder).set("reader.2.id", "LINE_04_READER_02").set("reader.2.name", "*ACR1281*");
        start();
    }

    private void start() throws Exception {
        station.start(service, "*ACR1252*");
    }

    @AfterEach
    void stop() {
        station.close();
    }

    private VirtualFob fob() {
        return station.fob(String.format("04A1B2C3D4E5%02X", fobs++));
    }

    private void fail(VirtualReader reader) throws Exception {
        reader.present(CardFault.on(fob()).altering(CardTrigger.always(), new WrongCryptogram()));
        assertThat(station.awaitOutcome().failure()).map(Failure::code).contains(FailureCode.CARD_CRYPTOGRAM_MISMATCH);
        reader.remove();
        station.awaitRemoval();
    }

    private void pass(VirtualReader reader) throws Exception {
        reader.present(fob());
        assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
        reader.remove();
        station.awaitRemoval();
    }

    private Gate.Hold held(VirtualReader reader) throws Exception {
        VirtualFob fob = fob();
        reader.present(fob);
        Gate.Hold hold = station.awaitHeld();
        assertThat(fob.received())
                .as("what a fob got while the line stands still")
                .isEmpty();
        reader.remove();
        station.awaitRemoval();
        return hold;
    }

    private int command(String... arguments) {
        return StationMain.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private String journal() throws Exception {
        return Files.readString(station.data().resolve("journal").resolve("00000001.journal"));
    }

    private HealthCheck.Result readiness() {
        return HealthCheckRegistry.get(station.camel())
                .getCheck("station")
                .orElseThrow()
                .call();
    }

    @Test
    void stopsAfterThreeFailuresInARowOverBothReaders() throws Exception {
        fail(first);
        fail(second);
        fail(first);

        assertThat(station.awaitStop().code()).isEqualTo(FailureCode.FAILURES_IN_A_ROW);
        assertThat(held(first).code()).isEqualTo(FailureCode.FAILURES_IN_A_ROW);
        assertThat(held(second).remedy()).endsWith("release --reason TEXT.");
    }

    @Test
    void goesOnWhereAFobPassesInBetween() throws Exception {
        fail(first);
        fail(second);
        pass(second);
        fail(first);
        fail(first);

        pass(first);
    }

    @Test
    void stopsAfterAsManyFailuresAsAreSet() throws Exception {
        station.stop();
        station.set("hold.after-failures", "1");
        start();

        fail(second);

        assertThat(held(first).detail()).startsWith("1 in a row, the last one record 1, CARD_CRYPTOGRAM_MISMATCH");
    }

    @Test
    void stopsAtOnceWhenTheKeyServerRefusesTheStationAndShowsItInTheReadiness() throws Exception {
        station.klms().keysAnswer(403);
        first.present(fob());
        assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.HOLD);
        first.remove();
        station.awaitRemoval();

        assertThat(station.awaitStop().code()).isEqualTo(FailureCode.KLMS_UNAUTHORIZED);
        station.klms().answerKeys();
        assertThat(held(second).code()).isEqualTo(FailureCode.KLMS_UNAUTHORIZED);
        assertThat(readiness().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(readiness().getDetails())
                .containsEntry("state", "HOLD")
                .hasEntrySatisfying("KLMS_UNAUTHORIZED", detail -> assertThat(detail)
                        .asString()
                        .containsPattern("record 1, .*403.*, since \\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z")
                        .endsWith("Then release the station: release --reason TEXT."));
    }

    @Test
    void isStillStoppedAfterARestartAndGoesOnWhenItIsReleased() throws Exception {
        fail(first);
        fail(first);
        fail(first);
        assertThat(station.awaitStop().code()).isEqualTo(FailureCode.FAILURES_IN_A_ROW);
        station.stop();
        start();
        assertThat(station.awaitStop().code()).isEqualTo(FailureCode.FAILURES_IN_A_ROW);
        held(first);

        int exit = command(
                "release", "--config", station.config().toString(), "--reason", "wrong batch, taken off the line");

        assertThat(exit).as("%s%s", out, err).isEqualTo(StationMain.DONE);
        assertThat(out)
                .asString()
                .contains("Released. The station was held for FAILURES_IN_A_ROW: 3 in a row, the last one record 3");
        assertThat(station.awaitReleased()).contains("wrong batch, taken off the line");
        String user = "\"user\":\"" + System.getProperty("user.name") + "\"";
        assertThat(journal().lines())
                .anyMatch(line -> line.contains("\"type\":\"REQUEST\"")
                        && line.contains("\"command\":\"release\"")
                        && line.contains(user))
                .anyMatch(line -> line.contains("\"type\":\"RELEASED\"")
                        && line.contains(user)
                        && line.contains("\"reason\":\"wrong batch, taken off the line\""));
        await().untilAsserted(() -> assertThat(readiness().getState()).isEqualTo(HealthCheck.State.UP));
        pass(first);
        pass(second);
    }

    @Test
    void saysInTheJournalWhatWasChangedBetweenTwoStarts() throws Exception {
        station.stop();
        station.set("hold.after-failures", "7").set("site.mes-password", "{{env:PATH}}");
        start();
        pass(first);
        await().untilAsserted(() -> assertThat(station.archived()).hasSize(1));

        assertThat(journal().lines().filter(line -> line.contains("\"type\":\"CONFIGURATION\"")))
                .hasSize(2)
                .last()
                .asString()
                .contains("\"changed\":[\"hold.after-failures\",\"site.mes-password\"]");
        assertThat(journal()).doesNotContain("env:PATH").doesNotContain(System.getenv("PATH"));
        assertThat(station.archived().get(0))
                .content()
                .containsPattern("\"config_hash\" : \"[0-9a-f]{64}\"")
                .containsPattern("\"routes_hash\" : \"[0-9a-f]{64}\"");
    }

    @Test
    void isNotReleasedWhileNothingHoldsIt() throws Exception {
        assertThat(command("release", "--config", station.config().toString(), "--reason", "just so"))
                .isEqualTo(StationMain.FAILED);

        assertThat(err).asString().contains("Nothing was released: the station is not held.");
        assertThat(journal())
                .contains("\"command\":\"release\"")
                .contains("just so")
                .doesNotContain("\"type\":\"RELEASED\"");
    }

    @Test
    void saysThatAHoldWithALastingCauseIsNotForThisCommand() throws Exception {
        station.stop();
        station.set("audit.min-free", "1000000 GB");
        start();

        RequestResult result = station.release("go on");

        assertThat(result.done()).isFalse();
        assertThat(result.message()).contains("JOURNAL_FAILED", "ends with its cause");
    }

    @Test
    void isNotReleasedWithoutTheOptionForAReason() {
        assertThat(command("release", "--config", station.config().toString())).isEqualTo(StationMain.UNUSABLE);

        assertThat(err).asString().contains("--reason");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "two\nlines", "\u001B[31mred"})
    void isNotReleasedWithoutAReasonThatCanBeRead(String reason) throws Exception {
        fail(first);
        fail(first);
        fail(first);

        assertThat(station.release(reason).done()).isFalse();
        assertThat(station.release("x".repeat(201)).message()).contains("at most 200 signs");
        assertThat(station.release("two\nlines").message()).endsWith("this has a line break.");
        assertThat(station.release("one\ttab").message()).endsWith("this has a control sign.");

        assertThat(held(first).code()).isEqualTo(FailureCode.FAILURES_IN_A_ROW);
        assertThat(journal()).doesNotContain("\"type\":\"RELEASED\"");
    }

    @Test
    void bringsAFobToItsEndThatHadBegunOnTheOtherReader() throws Exception {
        CardGate waiting = new CardGate();
        second.present(CardFault.on(fob()).before(CardTrigger.firstWithIns(0xE2), waiting::stand));
        waiting.awaitStanding();
        fail(first);
        fail(first);
        fail(first);
        assertThat(held(first).code()).isEqualTo(FailureCode.FAILURES_IN_A_ROW);

        waiting.open();

        assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
        second.remove();
        station.awaitRemoval();
        assertThat(held(second).code()).as("a PASS releases nothing").isEqualTo(FailureCode.FAILURES_IN_A_ROW);
    }
}
