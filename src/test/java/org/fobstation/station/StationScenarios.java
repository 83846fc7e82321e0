package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.fobstation.audit.DataFolder;
import org.fobstation.audit.Request;
import org.fobstation.audit.RequestClient;
import org.fobstation.audit.RequestResult;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.provisioning.RunReport;
import org.fobstation.simulator.fob.BentRMac;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.LifeCycle;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.fob.WrongCryptogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a station does with a fob, from the reader to the key server. The same on every kind of reader. */
abstract class StationScenarios extends SessionScenarios {

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
}
