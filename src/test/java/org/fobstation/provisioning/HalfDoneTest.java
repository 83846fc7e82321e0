package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Set;
import org.fobstation.audit.AuditOutcome;
import org.fobstation.audit.EarlierRecord;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.LifeCycle;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.fob.WrongCryptogram;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fobs that left in the middle, presented again. */
class HalfDoneTest extends BenchTest {

    @Nested
    class WhenPutKeyNeverReachedTheFob {

        @Test
        void provisionsItUnderTheIssuedKeysThatItStillLists() throws Exception {
            VirtualFob fob = bench.fob();
            assertHalfDone(bench.present(bench.tornBefore(fob, PUT_KEY, 1)));
            assertThat(fob.keyVersions()).containsExactly(Bench.KVN);

            assertPass(bench.present(fob));

            assertThat(count(fob, PUT_KEY)).isEqualTo(1);
            assertThat(fob.keyVersions()).containsExactly(0x3F);
            assertThat(bench.drawn).as("new keys are drawn for each PUT KEY").hasSize(2);
        }

        @Test
        void provisionsItToo_whenItListsNothingButTheIssuedKeysHold() throws Exception {
            VirtualFob fob = bench.fob();
            assertHalfDone(bench.present(bench.tornBefore(fob, PUT_KEY, 1)));
            CardFault lists = CardFault.on(fob).answering(CardTrigger.nthWithIns(GET_DATA, 2), "6A88");

            assertPass(bench.present(lists));
        }
    }

    @Nested
    class WhenTheAnswerToPutKeyWasLost {

        private final int[] seen = new int[1];

        private VirtualFob lost() throws Exception {
            VirtualFob fob = bench.fob();
            assertHalfDone(bench.present(bench.tornAfter(fob, PUT_KEY, 1)));
            assertThat(bench.record().outcome()).isEqualTo(AuditOutcome.UNKNOWN);
            assertThat(fob.keyVersions()).containsExactly(0x3F);
            seen[0] = fob.received().size();
            return fob;
        }

        private void assertCompleted(VirtualFob fob, RunReport report) {
            assertPass(report);
            assertThat(report.stageReached()).isEqualTo(Stage.ISD_LOCK);
            assertThat(fob.received().subList(seen[0], fob.received().size()))
                    .as("the fob is only asked")
                    .allMatch(command -> command.startsWith("00A4") || command.startsWith("80CA"));
            assertThat(bench.record().envelope().warnings())
                    .containsExactly(
                            "completed: LOCK:rotate-keys from KVN 30 to 3F in the policy " + bench.settings.policy
                                    + " of transaction trx_1 got no answer, and the card shows that it was done");
            long auditSeq = bench.record().auditSeq();
            assertThat(bench.record().envelope().follows())
                    .contains(new EarlierRecord(auditSeq - 1, "trx_" + (auditSeq - 1)));
        }

        @Test
        void passesItBecauseJournalAndCardAgree() throws Exception {
            VirtualFob fob = lost();
            assertCompleted(fob, bench.present(fob));

            assertThat(bench.present(fob)).isNull();
            assertThat(bench.alreadyDone).containsExactly("trx_2");
        }

        @Test
        void passesItAfterARestart() throws Exception {
            VirtualFob fob = lost();
            bench.restart();

            assertCompleted(fob, bench.present(fob));
        }

        @Test
        void passesItAlsoWhereCardsAreNotReadAsARule() throws Exception {
            bench.settings.readData = false;
            VirtualFob fob = lost();

            assertCompleted(fob, bench.present(fob));
        }

        @Test
        void isNotDistractedByRunsThatWroteNothingSince() throws Exception {
            VirtualFob fob = lost();
            assertFailure(
                    bench.present(bench.tornBefore(fob, SELECT, 1)), FailureCode.FOB_REMOVED, Stage.INITIALIZE_UPDATE);
            assertFailure(
                    bench.present(bench.tornBefore(fob, GET_DATA, 2)),
                    FailureCode.FOB_REMOVED,
                    Stage.INITIALIZE_UPDATE);

            assertCompleted(fob, bench.present(fob));
        }

        @Test
        void failsItIfTheCardDoesNotListItsKeys() throws Exception {
            VirtualFob fob = lost();
            fob.refuse(GET_DATA, 0x6A88);

            assertFailure(bench.present(fob), FailureCode.ROTATION_UNCLEAR, Stage.INITIALIZE_UPDATE);
            assertThat(count(fob, PUT_KEY)).isEqualTo(1);
        }

        @Test
        void failsItIfTheCardListsBothKeySets() throws Exception {
            VirtualFob fob = lost();
            CardFault both = CardFault.on(fob)
                    .answering(CardTrigger.nthWithIns(GET_DATA, 2), keyInformation("30", "3F") + "9000");

            assertFailure(bench.present(both), FailureCode.ROTATION_UNCLEAR, Stage.INITIALIZE_UPDATE);
        }

        @Test
        void failsItIfTheCardListsAnotherKeySetBesideTheNewOne() throws Exception {
            VirtualFob fob = lost();
            CardFault another = CardFault.on(fob)
                    .answering(CardTrigger.nthWithIns(GET_DATA, 2), keyInformation("31", "3F") + "9000");

            assertFailure(bench.present(another), FailureCode.OTHER_KEY_SETS, Stage.INITIALIZE_UPDATE);
        }
    }

    @Nested
    class WhenItLeftDuringTheProof {

        @ParameterizedTest
        @CsvSource({"A4, 2", "CA, 5", "50, 2", "82, 2"})
        void passesItBecauseTheCardListsTheNewKeysAlone(String ins, int n) throws Exception {
            VirtualFob fob = bench.fob();
            assertHalfDone(bench.present(bench.tornBefore(fob, Integer.parseInt(ins, 16), n)));

            assertPass(bench.present(fob));
            assertThat(count(fob, PUT_KEY)).isEqualTo(1);
            assertThat(bench.record().envelope().warnings()).anyMatch(warning -> warning.startsWith("completed:"));
        }
    }

    @Nested
    class WhenTheProcessWasKilled {

        @Test
        void passesItIfPutKeyWasCarriedOut() throws Exception {
            VirtualFob fob = bench.fob();
            bench.killAfter(fob, PUT_KEY, 1);
            assertThat(bench.record().outcome()).isEqualTo(AuditOutcome.UNKNOWN);

            assertPass(bench.present(fob));
            assertThat(count(fob, PUT_KEY)).isEqualTo(1);
            assertThat(bench.record().envelope().warnings()).anyMatch(warning -> warning.contains("trx_1"));
        }

        @Test
        void provisionsItIfOnlyTheLifeCycleWasChanged() throws Exception {
            VirtualFob fob = bench.fob();
            bench.killAfter(fob, SET_STATUS, 2);

            assertPass(bench.present(fob));
            assertThat(count(fob, PUT_KEY)).isEqualTo(1);
            assertThat(fob.keyVersions()).containsExactly(0x3F);
        }
    }

    @Nested
    class WhenTheSettingsAreOthersThanThen {

        @Test
        void doesNotPassAFobThatWasNeverToBeSecured() throws Exception {
            bench.settings.policy = "rotate-keys";
            VirtualFob fob = bench.fob();
            assertHalfDone(bench.present(bench.tornAfter(fob, PUT_KEY, 1)));

            bench.settings.policy = "secured, rotate-keys";

            assertFailure(bench.present(fob), FailureCode.ROTATION_UNCLEAR, Stage.INITIALIZE_UPDATE);
            assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.OP_READY);
        }

        @Test
        void doesNotPassALockedFobWhoseKeysWereNeverToBeReplaced() throws Exception {
            bench.settings.policy = "card-locked";
            VirtualFob fob = bench.fob();
            assertHalfDone(bench.present(bench.tornAfter(fob, SET_STATUS, 3)));

            bench.settings.policy = "secured, rotate-keys, card-locked";
            bench.settings.permanent = true;

            assertFailure(bench.present(fob), FailureCode.CARD_LOCKED, Stage.INITIALIZE_UPDATE);
            assertThat(fob.keyVersions()).containsExactly(Bench.KVN);
        }

        @Test
        void doesNotTakeTheIssuedKeysForTheNewOnes() throws Exception {
            VirtualFob fob = bench.fob();
            assertHalfDone(bench.present(bench.tornBefore(fob, PUT_KEY, 1)));

            bench.settings.rotatedKvn = Bench.KVN;
            bench.kvn = 0x31;

            assertFailure(bench.present(fob), FailureCode.ROTATION_UNCLEAR, Stage.INITIALIZE_UPDATE);
        }
    }

    @Nested
    class WhenItsPayloadMayNotBeWrittenTwice {

        @Test
        void failsItAlsoIfThePayloadWasAnsweredAndTheLockRefused() throws Exception {
            bench.settings.repeatable = Set.of();
            VirtualFob fob = bench.fob();
            fob.refuse(SET_STATUS, 0x6985);
            assertFailure(bench.present(fob), FailureCode.LOCK_REFUSED, Stage.ISD_LOCK);
            fob.refuseNoLonger(SET_STATUS);

            assertFailure(bench.present(fob), FailureCode.PAYLOAD_NOT_REPEATABLE, Stage.INITIALIZE_UPDATE);
            assertThat(fob.storedData()).hasSize(1);
        }
    }

    @Nested
    class WhenNothingHereShowsThatTheRotationEndedWell {

        @Test
        void failsAFobWhoseProofWasUnderWayWhenTheProcessDied() throws Exception {
            VirtualFob fob = bench.fob();
            bench.killAfter(fob, INITIALIZE_UPDATE, 2);
            assertThat(bench.record().outcome()).isEqualTo(AuditOutcome.UNKNOWN);

            assertFailure(bench.present(fob), FailureCode.ROTATION_UNCLEAR, Stage.INITIALIZE_UPDATE);
        }

        @Test
        void failsAFobOfAnotherStation() throws Exception {
            VirtualFob fob = VirtualFob.builder()
                    .uid(Bench.UID)
                    .keySet(0x3F, CardKeys.TEST)
                    .build();

            assertFailure(bench.present(fob), FailureCode.ROTATION_UNKNOWN_HERE, Stage.INITIALIZE_UPDATE);
            assertThat(count(fob, INITIALIZE_UPDATE)).isZero();
        }

        @Test
        void failsAFobWhoseNewKeysWereNotProved() throws Exception {
            VirtualFob fob = bench.fob();
            RunReport first = bench.present(
                    CardFault.on(fob).altering(CardTrigger.nthWithIns(INITIALIZE_UPDATE, 2), new WrongCryptogram()));
            assertFailure(first, FailureCode.ROTATION_NOT_PROVED, Stage.ISD_LOCK);

            RunReport again = bench.present(fob);

            assertFailure(again, FailureCode.ROTATION_UNKNOWN_HERE, Stage.INITIALIZE_UPDATE);
            assertThat(again.failure().orElseThrow().detail()).contains("trx_1", "ROTATION_NOT_PROVED");
        }

        @Test
        void takesTheVersionForAnyOtherWithoutRotation() throws Exception {
            bench.settings.policy = "secured";
            VirtualFob fob = VirtualFob.builder()
                    .uid(Bench.UID)
                    .keySet(0x3F, CardKeys.TEST)
                    .build();

            assertFailure(bench.present(fob), FailureCode.KEY_SET_NOT_FOUND, Stage.INITIALIZE_UPDATE);
        }
    }

    @Nested
    class WhenCardLockedComesAfterTheRotation {

        private VirtualFob fob;

        private void tearAfter(int ins, int n) throws Exception {
            bench.settings.policy = "secured, rotate-keys, card-locked";
            bench.settings.permanent = true;
            fob = bench.fob();
            assertHalfDone(bench.present(bench.tornAfter(fob, ins, n)));
        }

        @Test
        void passesACardThatSaysItIsLocked() throws Exception {
            tearAfter(SET_STATUS, 3);
            assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.CARD_LOCKED);

            assertPass(bench.present(fob));
            assertThat(bench.record().envelope().warnings())
                    .anyMatch(warning -> warning.startsWith("completed: LOCK:card-locked in the policy")
                            && warning.contains("of transaction trx_1"));
        }

        @Test
        void failsACardThatIsNotLockedAndNeverWillBe() throws Exception {
            tearAfter(EXTERNAL_AUTHENTICATE, 2);

            assertFailure(bench.present(fob), FailureCode.LOCK_BEYOND_REACH, Stage.INITIALIZE_UPDATE);
        }

        @Test
        void failsACardThatNeverSawItsLastCommand() throws Exception {
            bench.settings.policy = "secured, rotate-keys, card-locked";
            bench.settings.permanent = true;
            fob = bench.fob();
            assertHalfDone(bench.present(bench.tornBefore(fob, SET_STATUS, 3)));

            assertFailure(bench.present(fob), FailureCode.LOCK_BEYOND_REACH, Stage.INITIALIZE_UPDATE);
        }
    }

    @Nested
    class WhenThePayloadGotNoAnswer {

        @Test
        void writesItAgainIfItMayBe() throws Exception {
            VirtualFob fob = bench.fob();
            assertThat(bench.present(bench.tornAfter(fob, STORE_DATA, 1)).outcome())
                    .isEqualTo(Outcome.RETRY);

            assertPass(bench.present(fob));
            assertThat(fob.storedData()).hasSize(2);
        }

        @Test
        void failsItIfItMayNotBeWrittenTwiceWhateverHappenedSince() throws Exception {
            bench.payloadHeader = "80D80081";
            bench.payload = HexFormat.of().parseHex("31" + "00".repeat(20));
            VirtualFob fob = bench.fob();
            assertFailure(
                    bench.present(bench.tornBefore(fob, PUT_KEY, 1)),
                    FailureCode.FOB_REMOVED_HALF_DONE,
                    Stage.PAYLOAD_DELIVERY);
            bench.payloadHeader = "80E20000";
            assertFailure(
                    bench.present(bench.tornBefore(fob, INITIALIZE_UPDATE, 1)),
                    FailureCode.FOB_REMOVED,
                    Stage.INITIALIZE_UPDATE);
            bench.payloadHeader = "80D80081";

            assertFailure(bench.present(fob), FailureCode.PAYLOAD_NOT_REPEATABLE, Stage.INITIALIZE_UPDATE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"card-locked", "secured, card-locked"})
    void passesALockedCardWhoseAnswerToTheLockWasLost(String policy) throws Exception {
        bench.settings.policy = policy;
        VirtualFob fob = bench.fob();
        assertHalfDone(bench.present(bench.tornAfter(fob, SET_STATUS, 3)));

        assertPass(bench.present(fob));
        assertThat(bench.record().envelope().warnings()).anyMatch(warning -> warning.startsWith("completed:"));
    }

    private static void assertHalfDone(RunReport report) {
        assertFailure(report, FailureCode.FOB_REMOVED_HALF_DONE, Stage.ISD_LOCK);
    }
}
