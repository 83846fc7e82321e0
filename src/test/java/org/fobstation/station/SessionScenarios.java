package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.pcsc.SmartCardService;
import org.fobstation.provisioning.RunReport;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.fob.WrongCryptogram;
import org.fobstation.simulator.klms.ReceivedAudit;
import org.fobstation.simulator.reader.FobSlot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A station on a reader: what the scenarios need, and those of keys, attempts and sessions. The same on every kind of
 * reader.
 */
abstract class SessionScenarios {

    static final String UID = "04A1B2C3D4E5F6";
    static final String OTHER_UID = "04112233445566";
    static final int EXTERNAL_AUTHENTICATE = 0x82;
    static final int PUT_KEY = 0xD8;
    static final int STORE_DATA = 0xE2;
    static final int SET_STATUS = 0xF0;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    FobSlot slot;
    TestStation station;

    /** The service the station uses. */
    abstract SmartCardService service();

    /** A reader of it, empty. */
    abstract FobSlot openSlot();

    @BeforeEach
    void openReaderAndKeyServer() throws Exception {
        slot = openSlot();
        station = TestStation.in(folder);
    }

    @AfterEach
    void stop() {
        station.close();
        slot.close();
    }

    @Test
    void finishesAFobWhoseAnswerToPutKeyWasLost() throws Exception {
        start();
        VirtualFob fob = station.fob(UID);

        slot.presentAndRemoveDuring(fob, CardTrigger.firstWithIns(PUT_KEY));
        RunReport lost = station.awaitOutcome();
        assertFailure(lost, FailureCode.FOB_REMOVED_HALF_DONE, Stage.ISD_LOCK);
        assertThat(fob.keyVersions()).containsExactly(0x3F);
        station.awaitRemoval();

        RunReport finished = present(fob);

        assertThat(finished.outcome()).as("%s", finished).isEqualTo(Outcome.PASS);
        assertThat(fob.received())
                .filteredOn(command -> command.startsWith("84D8"))
                .hasSize(1);
        await().untilAsserted(() -> assertThat(station.archived()).hasSize(2));
        assertThat(station.archived()).anySatisfy(file -> assertThat(file)
                .content()
                .contains("completed: LOCK:rotate-keys from KVN 30 to 3F")
                .contains("of transaction " + lost.transactionId() + " got no answer"));
    }

    @Test
    void showsNoPutKeyDataInArchiveOrAudit() throws Exception {
        start();
        VirtualFob fob = station.fob(UID);
        assertThat(present(fob).outcome()).isEqualTo(Outcome.PASS);
        String putKey = fob.received().stream()
                .filter(command -> command.startsWith("84D8"))
                .findFirst()
                .orElseThrow();

        await().untilAsserted(() -> assertThat(station.archived()).hasSize(1));
        await().untilAsserted(() -> assertThat(station.klms().audits()).hasSize(1));
        String masked = putKey.substring(0, 10) + "0".repeat(putKey.length() - 10);
        assertThat(station.archived().get(0))
                .content()
                .contains(masked, "are zeros in the trace", "\"key_information\"")
                .doesNotContain(putKey.substring(10, 60));
        assertThat(new String(station.klms().audits().get(0).body(), StandardCharsets.UTF_8))
                .contains(masked);
    }

    @Test
    void provisionsAnS16Fob() throws Exception {
        start();
        VirtualFob fob = station.fobBuilder(UID).i(0x71).build();

        assertThat(present(fob).outcome()).isEqualTo(Outcome.PASS);
        assertHoldsPayload(fob);
    }

    @Test
    void makesAFobWaitThatWasTornAwayInTheHandshake() throws Exception {
        station.set("card.attempt-pause", "1 h");
        start();
        VirtualFob fob = station.fob(UID);
        slot.present(CardFault.on(fob).before(CardTrigger.firstWithIns(EXTERNAL_AUTHENTICATE), slot::remove));
        assertFailure(station.awaitOutcome(), FailureCode.FOB_REMOVED, Stage.EXTERNAL_AUTHENTICATE);
        station.awaitRemoval();
        int keysAsked = station.klms().keyRequests().size();

        assertFailure(present(fob), FailureCode.ATTEMPT_TOO_SOON, Stage.UID_READ);

        assertThat(station.klms().keyRequests()).hasSize(keysAsked);
    }

    @Test
    void refusesAFobThatWasTriedTooOftenUntilAnEngineerClearsIt() throws Exception {
        station.set("card.max-attempts", "1");
        station.set("reader.debounce", "0 ms");
        start();
        VirtualFob fob = station.fob(UID);
        slot.present(CardFault.on(fob).altering(CardTrigger.always(), new WrongCryptogram()));
        assertFailure(station.awaitOutcome(), FailureCode.CARD_CRYPTOGRAM_MISMATCH, Stage.INITIALIZE_UPDATE);
        slot.remove();
        station.awaitRemoval();
        station.stop();
        start();
        assertFailure(present(fob), FailureCode.ATTEMPTS_USED_UP, Stage.UID_READ);
        slot.remove();
        station.awaitRemoval();

        StringWriter out = new StringWriter();
        int exit = StationMain.commandLine()
                .setOut(new PrintWriter(out))
                .execute("clear-attempts", "--config", station.config().toString(), UID);

        assertThat(exit).as("%s", out).isEqualTo(StationMain.DONE);
        assertThat(out).asString().contains("Cleared the attempts of " + UID);
        assertThat(present(fob).outcome()).isEqualTo(Outcome.PASS);
        assertThat(Files.readString(station.data().resolve("journal").resolve(firstSegment())))
                .contains("\"command\":\"clear-attempts\",\"user\":\"" + System.getProperty("user.name"));
    }

    private String firstSegment() throws Exception {
        try (Stream<Path> files = Files.list(station.data().resolve("journal"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".journal"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    void start() throws Exception {
        station.start(service(), slot.readerName());
    }

    RunReport present(VirtualFob fob) throws Exception {
        slot.present(fob);
        return station.awaitOutcome();
    }

    void assertHoldsPayload(VirtualFob fob) {
        String payload = HexFormat.of().formatHex(station.klms().payloadOf(fob.uid()));
        assertThat(fob.storedData())
                .isNotEmpty()
                .allMatch(stored -> stored.hex().toLowerCase(Locale.ROOT).equals(payload));
    }

    void assertAuditSays(String result, String stage) {
        await().untilAsserted(() -> assertThat(station.klms().audits()).hasSize(1));
        JsonNode body = bodyOf(station.klms().audits().get(0));
        assertThat(body.get("overall_result").asText()).isEqualTo(result);
        assertThat(body.get("stage_reached").asText()).isEqualTo(stage);
    }

    static void assertFailure(RunReport report, FailureCode code, Stage stage) {
        assertThat(report.failure()).map(Failure::code).as("%s", report).contains(code);
        assertThat(report.stageReached()).isEqualTo(stage);
        assertThat(report.outcome()).isEqualTo(code.outcome());
    }

    static JsonNode bodyOf(ReceivedAudit audit) {
        try {
            return JSON.readTree(audit.body());
        } catch (java.io.IOException e) {
            throw new AssertionError("the audit is no JSON", e);
        }
    }
}
