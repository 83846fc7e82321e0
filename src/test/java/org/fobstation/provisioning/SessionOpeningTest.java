package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.provisioning.LockSettings.StatusData;
import org.fobstation.provisioning.SessionSettings.ModeChoice;
import org.fobstation.scp03.SecurityLevel;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modes, levels and counter rules of whole runs. */
class SessionOpeningTest extends BenchTest {

    @Nested
    class WithACardInS16Mode {

        private final VirtualFob fob = s16();

        private VirtualFob s16() {
            return VirtualFob.builder()
                    .uid(Bench.UID)
                    .i(0x71)
                    .keySet(Bench.KVN, CardKeys.TEST)
                    .build();
        }

        @Test
        void fallsBackToItOnceWithAFreshChallenge() throws Exception {
            bench.keys = CardKeys.TEST;

            assertPass(bench.present(fob));

            List<String> updates = sent(fob, INITIALIZE_UPDATE);
            assertThat(updates).hasSize(3);
            assertThat(updates.get(0)).startsWith("8050300008");
            assertThat(updates.get(1)).startsWith("8050300010");
            assertThat(updates.get(1)).doesNotContain(updates.get(0).substring(10, 26));
            assertThat(updates.get(2)).as("the proof keeps the mode").startsWith("80503F0010");
            assertThat(bench.record().envelope().cardFacts()).containsEntry("session", "SCP03 S16, level 33");
        }

        @Test
        void opensItAtOnceWhereItIsSet() throws Exception {
            bench.keys = CardKeys.TEST;
            bench.settings.mode = ModeChoice.S16;

            assertPass(bench.present(fob));
            assertThat(sent(fob, INITIALIZE_UPDATE)).hasSize(2).allMatch(command -> command.startsWith("0010", 6));
        }

        @Test
        void refusesItWhereOnlyS8IsSet() throws Exception {
            bench.settings.mode = ModeChoice.S8;

            assertFailure(bench.present(fob), FailureCode.SCP03_NOT_SUPPORTED, Stage.INITIALIZE_UPDATE);
            assertThat(count(fob, INITIALIZE_UPDATE)).isEqualTo(1);
        }
    }

    @Test
    void fallsBackNoFurtherAndCountsOneAttempt() throws Exception {
        VirtualFob fob = bench.fob();
        fob.refuse(INITIALIZE_UPDATE, 0x6700);

        assertFailure(bench.present(fob), FailureCode.SCP03_NOT_SUPPORTED, Stage.INITIALIZE_UPDATE);

        assertThat(count(fob, INITIALIZE_UPDATE)).isEqualTo(2);
        assertThat(bench.journal().attempts(Bench.UID).count()).isEqualTo(1);
    }

    @Test
    void fallsBackForNoOtherStatusWord() throws Exception {
        VirtualFob fob = bench.fob();
        fob.refuse(INITIALIZE_UPDATE, 0x6A80);

        bench.present(fob);

        assertThat(count(fob, INITIALIZE_UPDATE)).isEqualTo(1);
    }

    @Test
    void namesAnS8CardThatIsAskedForS16() throws Exception {
        bench.settings.mode = ModeChoice.S16;

        assertFailure(bench.present(bench.fob()), FailureCode.SCP03_NOT_SUPPORTED, Stage.INITIALIZE_UPDATE);
    }

    @ParameterizedTest
    @CsvSource({"70, 33, 0", "60, 33, 0", "30, 13, 1", "10, 03, 1", "00, 03, 1"})
    void followsTheCardWhereTheLevelIsAuto(String i, String level, int warnings) throws Exception {
        bench.settings.level = Optional.empty();
        VirtualFob fob = bench.fobBuilder().i(Integer.parseInt(i, 16)).build();

        assertPass(bench.present(fob));

        assertThat(sent(fob, EXTERNAL_AUTHENTICATE)).allMatch(command -> command.startsWith("8482" + level));
        assertThat(bench.record().envelope().warnings())
                .filteredOn(warning -> warning.contains("follows the card's i parameter"))
                .hasSize(warnings);
    }

    @Test
    void keepsItsLevelAndWarnsWhereTheCardAnnouncesLess() throws Exception {
        VirtualFob fob = bench.fobBuilder().i(0x00).levelsBeyondI().build();

        assertPass(bench.present(fob));

        assertThat(sent(fob, EXTERNAL_AUTHENTICATE)).allMatch(command -> command.startsWith("848233"));
        assertThat(bench.record().envelope().warnings()).anyMatch(warning -> warning.contains("does not announce"));
    }

    @Test
    void warnsOfAChallengeThatDoesNotFollowTheCounter() throws Exception {
        bench.settings.policy = "secured";
        VirtualFob fob = bench.fobBuilder().isdAid("A00000015100000001").build();

        assertPass(bench.present(fob));
        assertThat(bench.record().envelope().warnings()).anyMatch(warning -> warning.contains("sequence counter"));
    }

    /** With the AID as SET STATUS data every command of the session has data, so that both rules count alike. */
    @ParameterizedTest
    @EnumSource(SecurityLevel.class)
    void sendsBytesThatSuitBothCounterRulesAsShipped(SecurityLevel level) throws Exception {
        if (level.cEnc()) {
            bench.settings.level = Optional.of(level);
            assertPass(bench.present(bench.fobBuilder().counterWithDataOnly().build()));
        }
    }

    @Test
    void countsAsTheCardDoesWhereThatIsSet() throws Exception {
        bench.settings.statusData = StatusData.NONE;
        bench.settings.counterWithDataOnly = true;

        assertPass(bench.present(bench.fobBuilder().counterWithDataOnly().build()));
    }

    @Test
    void losesTheSessionWithTheOtherRuleWhenACommandHasNoData() throws Exception {
        bench.settings.statusData = StatusData.NONE;

        assertFailure(
                bench.present(bench.fobBuilder().counterWithDataOnly().build()),
                FailureCode.SECURE_MESSAGING_LOST,
                Stage.ISD_LOCK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"E2 6982", "E2 6988", "F2 6982", "F0 6988", "D8 6982", "D8 6988"})
    void sendsNothingAfterASecureMessagingError(String insAndStatus) throws Exception {
        String ins = insAndStatus.substring(0, 2);
        VirtualFob fob = bench.fob();

        RunReport report = bench.present(CardFault.on(fob)
                .answering(CardTrigger.firstWithIns(Integer.parseInt(ins, 16)), insAndStatus.substring(3)));

        assertThat(report.failure().orElseThrow().code()).isEqualTo(FailureCode.SECURE_MESSAGING_LOST);
        List<String> trace = bench.record().bodyText().lines().toList();
        assertThat(trace.get(trace.size() - 1))
                .containsPattern("\"TX\",\"apdu_hex\":\"84" + ins
                        + "[0-9A-F]*\"\\},\\{\"direction\":\"RX\",\"apdu_hex\":\"" + insAndStatus.substring(3)
                        + "\",\"sw1\":\"69\",\"sw2\":\"8.\"\\}\\]");
    }
}
