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
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.fobstation.audit.DataFolder;
import org.fobstation.audit.Request;
import org.fobstation.audit.RequestClient;
import org.fobstation.audit.RequestResult;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.pcsc.SmartCardService;
import org.fobstation.provisioning.RunReport;
import org.fobstation.simulator.fob.BentRMac;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.LifeCycle;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.fob.WrongCryptogram;
import org.fobstation.simulator.klms.ReceivedAudit;
import org.fobstation.simulator.reader.FobSlot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a station does with a fob, from the reader to the key server. The same on every kind of reader. */
abstract class StationScenarios {

    private static final String UID = "04A1B2C3D4E5F6";
    private static final String OTHER_UID = "04112233445566";
    private static final int SELECT = 0xA4;
    private static final int INITIALIZE_UPDATE = 0x50;
    private static final int EXTERNAL_AUTHENTICATE = 0x82;
    private static final int STORE_DATA = 0xE2;
    private static final int PUT_KEY = 0xD8;
    private static final int GET_STATUS = 0xF2;
    private static final int SET_STATUS = 0xF0;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private FobSlot slot;
    private TestStation station;

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

    @ParameterizedTest
    @ValueSource(strings = {"03", "13", "33"})
    void provisionsAFobAtEveryLevel(String level) throws Exception {
        station.set("scp03.level", level);
        start();
        VirtualFob fob = station.fob(UID);

        RunReport report = present(fob);

        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.PASS);
        assertThat(report.stageReached()).isEqualTo(Stage.ISD_LOCK);
        assertHoldsPayload(fob);
        assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.SECURED);
        assertThat(fob.keyVersions()).containsExactly(0x3F);
        assertThat(fob.received())
                .filteredOn(command -> command.startsWith("8482" + level))
                .hasSize(2);
        await().untilAsserted(() -> {
            assertThat(station.klms().audits()).hasSize(1);
            assertThat(station.archived()).hasSize(1);
        });
        JsonNode body = bodyOf(station.klms().audits().get(0));
        assertThat(body.get("overall_result").asText()).isEqualTo("SUCCESS");
        assertThat(body.get("stage_reached").asText()).isEqualTo("ISD_LOCK");
        assertThat(body.get("fob_uid").asText()).isEqualTo(UID);
        assertThat(body.get("eol_station_id").asText()).isEqualTo("LINE-04-PC-12");
        assertThat(body.get("transaction_id").asText()).isEqualTo(report.transactionId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none | OP_READY | PAYLOAD_DELIVERY",
                "secured | SECURED | ISD_LOCK",
                "card-locked | CARD_LOCKED | ISD_LOCK",
                "secured, card-locked | CARD_LOCKED | ISD_LOCK",
                "raw:80F0800700 | INITIALIZED | ISD_LOCK"
            })
    void locksAsThePolicySays(String policy, LifeCycle state, Stage stage) throws Exception {
        station.set("lock.policy", policy);
        start();
        VirtualFob fob = station.fob(UID);

        RunReport report = present(fob);

        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.PASS);
        assertThat(report.stageReached()).isEqualTo(stage);
        assertThat(fob.lifeCycle()).isEqualTo(state);
    }

    @Test
    void passesAFobThatIsSecuredAlready() throws Exception {
        start();
        VirtualFob fob = station.fobBuilder(UID).lifeCycle(LifeCycle.SECURED).build();

        assertThat(present(fob).outcome()).isEqualTo(Outcome.PASS);
        assertThat(fob.received()).noneMatch(command -> command.startsWith("84F0"));
    }

    @Test
    void stopsBeforeExternalAuthenticateIfTheCardCryptogramIsWrong() throws Exception {
        start();
        VirtualFob fob = station.fob(UID);

        slot.present(CardFault.on(fob).altering(CardTrigger.always(), new WrongCryptogram()));

        assertFailure(station.awaitOutcome(), FailureCode.CARD_CRYPTOGRAM_MISMATCH, Stage.INITIALIZE_UPDATE);
        assertThat(fob.received()).noneMatch(command -> command.startsWith("8482"));
        assertAuditSays("FAILURE", "INITIALIZE_UPDATE");
    }

    @ParameterizedTest
    @CsvSource({
        "A4, FOB_REMOVED, INITIALIZE_UPDATE",
        "50, FOB_REMOVED, INITIALIZE_UPDATE",
        "82, FOB_REMOVED, EXTERNAL_AUTHENTICATE",
        "CA, FOB_REMOVED, INITIALIZE_UPDATE",
        "E2, FOB_REMOVED_HALF_DONE, PAYLOAD_DELIVERY",
        "F2, FOB_REMOVED_HALF_DONE, ISD_LOCK",
        "F0, FOB_REMOVED_HALF_DONE, ISD_LOCK",
        "D8, FOB_REMOVED_HALF_DONE, ISD_LOCK"
    })
    void asksForTheFobAgainWhenItLeavesAndThenFinishesIt(String ins, FailureCode code, Stage stage) throws Exception {
        start();
        VirtualFob fob = station.fob(UID);
        CardTrigger tornAt = CardTrigger.firstWithIns(Integer.parseInt(ins, 16));

        slot.present(CardFault.on(fob).before(tornAt, slot::remove));
        assertFailure(station.awaitOutcome(), code, stage);
        station.awaitRemoval();
        assertThat(present(fob).outcome()).isEqualTo(Outcome.PASS);

        assertHoldsPayload(fob);
        assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.SECURED);
        await().untilAsserted(() -> assertThat(station.klms().audits()).hasSize(2));
        assertThat(bodyOf(station.klms().audits().get(0)).get("overall_result").asText())
                .isEqualTo("FAILURE");
    }

    @Test
    void asksForTheFobAgainWhenItLeavesBeforeItsUidIsRead() throws Exception {
        start();
        VirtualFob fob = station.fob(UID);

        slot.present(CardFault.on(fob).before(CardTrigger.nth(1), slot::remove));
        assertThat(station.awaitRefusal().outcome()).isEqualTo(Outcome.RETRY);
        station.awaitRemoval();

        assertThat(present(fob).outcome()).isEqualTo(Outcome.PASS);
        assertThat(station.klms().keyRequests()).hasSize(1);
    }

    @Test
    void sendsNothingToAFobThatLeavesWhileItsKeysAreAskedFor() throws Exception {
        start();
        station.klms().delayKeys(Duration.ofSeconds(1));
        VirtualFob fob = station.fob(UID);

        slot.present(fob);
        await().untilAsserted(() -> assertThat(station.klms().keyRequests()).hasSize(1));
        slot.remove();

        assertFailure(station.awaitOutcome(), FailureCode.FOB_REMOVED, Stage.INITIALIZE_UPDATE);
        assertThat(fob.received()).containsExactly("FFCA000000");
    }

    @Test
    void holdsWhenAnAnswerIsNotAuthenticAndSaysThatTheEndIsUnknown() throws Exception {
        start();
        VirtualFob fob = station.fob(UID);

        slot.present(CardFault.on(fob).altering(CardTrigger.firstWithIns(STORE_DATA), new BentRMac()));

        assertFailure(station.awaitOutcome(), FailureCode.RESPONSE_MAC_INVALID, Stage.PAYLOAD_DELIVERY);
        await().untilAsserted(() -> assertThat(station.klms().audits()).hasSize(1));
        assertThat(station.klms().audits().get(0).headers()).containsEntry("X-Audit-Outcome", "UNKNOWN");
    }

    @Test
    void writesNoPayloadTwiceThatMayNotBe() throws Exception {
        station.set("payload.repeatable", "DA");
        start();
        VirtualFob fob = station.fob(UID);
        slot.presentAndRemoveDuring(fob, CardTrigger.firstWithIns(STORE_DATA));
        assertFailure(station.awaitOutcome(), FailureCode.FOB_REMOVED_HALF_DONE, Stage.PAYLOAD_DELIVERY);
        station.awaitRemoval();
        station.klms().down();
        assertThat(present(fob).outcome()).isEqualTo(Outcome.RETRY);
        slot.remove();
        station.awaitRemoval();
        station.klms().up();

        RunReport report = present(fob);

        assertThat(report.failure()).map(Failure::code).contains(FailureCode.PAYLOAD_NOT_REPEATABLE);
        assertThat(fob.received().stream().filter(command -> command.startsWith("84E2")))
                .hasSize(1);
    }

    @Test
    void asksForTheFobAgainWhenTheAnswerToTheLockIsLost() throws Exception {
        start();
        VirtualFob fob = station.fob(UID);

        slot.presentAndRemoveDuring(fob, CardTrigger.nthWithIns(SET_STATUS, 2));
        assertFailure(station.awaitOutcome(), FailureCode.FOB_REMOVED_HALF_DONE, Stage.ISD_LOCK);
        assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.SECURED);
        station.awaitRemoval();

        assertThat(present(fob).outcome()).isEqualTo(Outcome.PASS);
        await().untilAsserted(() -> assertThat(station.klms().audits()).hasSize(2));
        assertThat(station.klms().audits().get(0).headers()).containsEntry("X-Audit-Outcome", "UNKNOWN");
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
                .contains("completed: LOCK:rotate-keys of transaction " + lost.transactionId()));
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
                .execute("clear-attempts", "--data", station.data().toString(), UID);

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

    @Test
    void touchesNothingButTheUidWhileTheKeyServerIsDown() throws Exception {
        start();
        station.klms().down();
        VirtualFob fob = station.fob(UID);

        assertFailure(present(fob), FailureCode.KLMS_UNREACHABLE, Stage.KEY_REQUEST);

        assertThat(fob.received()).containsExactly("FFCA000000");
    }

    @Test
    void passesTheNextFobWhenTheKeyServerIsBack() throws Exception {
        start();
        station.klms().down();
        VirtualFob fob = station.fob(UID);
        assertThat(present(fob).outcome()).isEqualTo(Outcome.RETRY);
        slot.remove();
        station.awaitRemoval();

        station.klms().up();

        assertThat(present(fob).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void losesNoAuditWhileTheAuditSideIsDownAndReplaysEachOnce() throws Exception {
        start();
        station.klms().auditDown();
        assertThat(present(station.fob(UID)).outcome()).isEqualTo(Outcome.PASS);
        slot.remove();
        station.awaitRemoval();
        assertThat(present(station.fob(OTHER_UID)).outcome()).isEqualTo(Outcome.PASS);
        await().untilAsserted(() -> assertThat(station.deadLetters()).hasSize(2));
        assertThat(station.klms().audits()).isEmpty();

        station.klms().auditUp();
        RequestResult result = RequestClient.submit(
                new DataFolder(station.data()).requests(), Request.REPLAY, List.of(), "tester", TestStation.LONGEST);

        assertThat(result.done()).as(result.message()).isTrue();
        await().untilAsserted(() -> assertThat(station.deadLetters()).isEmpty());
        assertThat(station.klms().audits()).hasSize(2).allMatch(audit -> audit.count() == 1);
        assertThat(station.archived()).hasSize(2);
    }

    @Test
    void leavesAFobThatHasPassedAlone() throws Exception {
        station.set("reader.debounce", "0 ms");
        start();
        VirtualFob fob = station.fob(UID);
        present(fob);
        slot.remove();
        station.awaitRemoval();
        int before = fob.received().size();

        slot.present(fob);

        assertThat(station.awaitAlreadyDone()).isEqualTo(UID);
        assertThat(fob.received().subList(before, fob.received().size())).containsExactly("FFCA000000");
    }

    @Test
    void knowsAfterARestartThatAFobHasPassed() throws Exception {
        start();
        VirtualFob fob = station.fob(UID);
        present(fob);
        slot.remove();
        station.awaitRemoval();
        station.stop();

        start();
        slot.present(fob);

        assertThat(station.awaitAlreadyDone()).isEqualTo(UID);
    }

    @Test
    void refusesAFobThatDoesNotHoldTheKeyVersion() throws Exception {
        start();
        VirtualFob fob =
                VirtualFob.builder().uid(UID).keySet(0x01, station.keysOf(UID)).build();

        assertFailure(present(fob), FailureCode.KEY_SET_NOT_FOUND, Stage.INITIALIZE_UPDATE);
    }

    private void start() throws Exception {
        station.start(service(), slot.readerName());
    }

    private RunReport present(VirtualFob fob) throws Exception {
        slot.present(fob);
        return station.awaitOutcome();
    }

    private void assertHoldsPayload(VirtualFob fob) {
        String payload = HexFormat.of().formatHex(station.klms().payloadOf(fob.uid()));
        assertThat(fob.storedData())
                .isNotEmpty()
                .allMatch(stored -> stored.hex().toLowerCase(Locale.ROOT).equals(payload));
    }

    private void assertAuditSays(String result, String stage) {
        await().untilAsserted(() -> assertThat(station.klms().audits()).hasSize(1));
        JsonNode body = bodyOf(station.klms().audits().get(0));
        assertThat(body.get("overall_result").asText()).isEqualTo(result);
        assertThat(body.get("stage_reached").asText()).isEqualTo(stage);
    }

    private static void assertFailure(RunReport report, FailureCode code, Stage stage) {
        assertThat(report.failure()).map(Failure::code).as("%s", report).contains(code);
        assertThat(report.stageReached()).isEqualTo(stage);
        assertThat(report.outcome()).isEqualTo(code.outcome());
    }

    private static JsonNode bodyOf(ReceivedAudit audit) {
        try {
            return JSON.readTree(audit.body());
        } catch (java.io.IOException e) {
            throw new AssertionError("the audit is no JSON", e);
        }
    }
}
