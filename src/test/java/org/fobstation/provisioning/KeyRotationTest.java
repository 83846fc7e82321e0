package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.provisioning.LockSettings.OtherKeySets;
import org.fobstation.scp03.SecurityLevel;
import org.fobstation.simulator.fob.BentRMac;
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

/** The lock step rotate-keys, from what is issued to the session that proves it. */
class KeyRotationTest extends BenchTest {

    @Nested
    class OnAFobThatTakesItsKeys {

        @ParameterizedTest
        @CsvSource({"16, 33, 70", "24, 33, 70", "32, 33, 70", "16, 13, 70", "16, 03, 70", "16, 33, 71", "32, 13, 71"})
        void replacesTheIssuedKeysAndProvesTheNewOnes(int length, String level, String i) throws Exception {
            bench.keys = CardKeys.random(new Random(7), length);
            bench.settings.level = Optional.of(SecurityLevel.of(Integer.parseInt(level, 16)));
            VirtualFob fob = bench.fobBuilder().i(Integer.parseInt(i, 16)).build();

            assertPass(bench.present(fob));

            assertThat(fob.keyVersions()).containsExactly(0x3F);
            assertThat(fob.holdsKeys(0x3F, bench.keys)).isFalse();
            assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.SECURED);
            assertThat(sent(fob, PUT_KEY)).singleElement().asString().startsWith("84D83081");
            assertThat(sent(fob, EXTERNAL_AUTHENTICATE))
                    .hasSize(2)
                    .allMatch(command -> command.startsWith("8482" + level));
            assertThat(sent(fob, INITIALIZE_UPDATE)).last().asString().startsWith("80503F");
            assertThat(bench.drawn).singleElement().satisfies(keys -> assertThat(keys.keyLength())
                    .isEqualTo(length));
        }

        @Test
        void givesEachFobKeysOfItsOwn() throws Exception {
            VirtualFob fob = bench.fob();
            bench.present(fob);
            String first = sent(fob, PUT_KEY).get(0);
            VirtualFob other = bench.fob();
            bench.restart();
            Bench next = new Bench(folder.resolve("next"));
            next.present(other);
            next.close();

            assertThat(sent(other, PUT_KEY)).doesNotContain(first);
        }

        @Test
        void keepsThePutKeyDataOutOfTraceAndJournalAndSaysSo() throws Exception {
            VirtualFob fob = bench.fob();
            assertPass(bench.present(fob));

            String putKey = sent(fob, PUT_KEY).get(0);
            String masked = putKey.substring(0, 10) + "0".repeat(putKey.length() - 10);
            assertThat(bench.record().bodyText()).contains("\"" + masked + "\"");
            assertThat(bench.record().envelope().warnings()).anyMatch(warning -> warning.contains("84D8"));
            String secret = putKey.substring(10, putKey.length() - 2);
            for (String text : filesBelow(folder)) {
                assertThat(text).doesNotContain(secret);
            }
        }

        @Test
        void masksThePutKeyDataAgainWhenTheCardAsksForAnotherLe() throws Exception {
            VirtualFob fob = bench.fob();

            bench.present(CardFault.on(fob).answering(CardTrigger.firstWithIns(PUT_KEY), "6C12"));

            assertThat(bench.record().bodyText()).contains("84D83081", "6C12");
            for (String command : sent(fob, PUT_KEY)) {
                assertThat(bench.record().bodyText()).doesNotContain(command.substring(10, 60));
            }
        }

        @Test
        void locksForEverWhereThatIsWanted() throws Exception {
            bench.settings.policy = "secured, rotate-keys, card-locked";
            bench.settings.permanent = true;
            VirtualFob fob = bench.fob();

            assertPass(bench.present(fob));

            assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.CARD_LOCKED);
            assertThat(fob.keyVersions()).containsExactly(0x3F);
        }

        @Test
        void leavesOtherKeySetsWhereTheyAreAllowed() throws Exception {
            bench.settings.otherKeySets = OtherKeySets.ALLOW;
            VirtualFob fob = bench.fobBuilder().keySet(0x31, CardKeys.TEST).build();

            assertPass(bench.present(fob));

            assertThat(fob.keyVersions()).containsExactly(0x3F, 0x31);
        }

        private static List<String> filesBelow(Path folder) throws Exception {
            try (Stream<Path> files = Files.walk(folder)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> {
                            try {
                                return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                            } catch (java.io.IOException e) {
                                throw new AssertionError(e);
                            }
                        })
                        .toList();
            }
        }
    }

    @Nested
    class BeforeTheFobIsTouched {

        @Test
        void refusesToReplaceAKeyVersionByItself() throws Exception {
            bench.settings.rotatedKvn = Bench.KVN;
            VirtualFob fob = bench.fob();

            assertFailure(bench.present(fob), FailureCode.ROTATED_KVN_ISSUED, Stage.KEY_REQUEST);
            assertThat(fob.received()).isEmpty();
        }

        @Test
        void refusesFactoryKeysWhichPutKeyCannotReplace() throws Exception {
            bench.kvn = 0xFF;
            VirtualFob fob = bench.fob();

            assertFailure(bench.present(fob), FailureCode.FACTORY_KEYS, Stage.KEY_REQUEST);
            assertThat(fob.received()).isEmpty();
        }

        @Test
        void takesFactoryKeysWhereTheyAreNotReplaced() throws Exception {
            bench.settings.policy = "secured";
            bench.kvn = 0xFF;
            VirtualFob fob =
                    VirtualFob.builder().uid(Bench.UID).keySet(0xFF, bench.keys).build();

            assertPass(bench.present(fob));
        }
    }

    @Nested
    class OnAFobThatRefuses {

        @ParameterizedTest
        @CsvSource({
            "6A80, ROTATION_REFUSED",
            "6A84, ROTATION_REFUSED",
            "6A88, ROTATION_REFUSED",
            "6985, ROTATION_REFUSED",
            "9485, ROTATION_REFUSED",
            "6581, MEMORY_FAILURE",
            "6982, SECURE_MESSAGING_LOST",
            "6988, SECURE_MESSAGING_LOST",
            "6D00, COMMAND_NOT_UNDERSTOOD"
        })
        void tellsWhy(String status, FailureCode code) throws Exception {
            VirtualFob fob = bench.fob();
            fob.refuse(PUT_KEY, Integer.parseInt(status, 16));

            assertFailure(bench.present(fob), code, Stage.ISD_LOCK);
            assertThat(fob.keyVersions()).containsExactly(Bench.KVN);
            assertThat(bench.record().outcome().name()).isEqualTo("FAILURE");
        }

        @Test
        void canBeFinishedWhenItRefusesNoLonger() throws Exception {
            VirtualFob fob = bench.fob();
            fob.refuse(PUT_KEY, 0x6A80);
            bench.present(fob);
            fob.refuseNoLonger(PUT_KEY);

            assertPass(bench.present(fob));
            assertThat(fob.keyVersions()).containsExactly(0x3F);
        }
    }

    @Nested
    class AfterAPayloadThatIsItselfAPutKey {

        @ParameterizedTest
        @ValueSource(strings = {"80D83081", "80D8B081"})
        void refusesToReplaceKeysThatAreNotTheIssuedOnes(String header) throws Exception {
            bench.payloadHeader = header;
            bench.payload = HexFormat.of().parseHex("31" + "00".repeat(20));
            VirtualFob fob = bench.fob();

            RunReport report = bench.present(acceptingPutKey(fob));

            assertFailure(report, FailureCode.KEY_SET_REPLACED, Stage.ISD_LOCK);
            assertThat(count(fob, PUT_KEY)).isZero();
            assertThat(bench.drawn).isEmpty();
        }

        @Test
        void knowsTheNewVersionTooWhichIsInTheData() throws Exception {
            bench.payloadHeader = "80D80081";
            bench.payload = HexFormat.of().parseHex("30" + "00".repeat(20));

            RunReport report = bench.present(acceptingPutKey(bench.fob()));

            assertFailure(report, FailureCode.KEY_SET_REPLACED, Stage.ISD_LOCK);
        }

        @Test
        void asksTheCardWhenPutKeyFindsNoKeySet() throws Exception {
            bench.settings.readData = false;
            VirtualFob fob = bench.fob();
            fob.refuse(PUT_KEY, 0x6A88);
            CardFault lists =
                    CardFault.on(fob).answering(CardTrigger.nthWithIns(GET_DATA, 2), keyInformation("31") + "9000");

            assertFailure(bench.present(lists), FailureCode.ROTATION_UNCLEAR, Stage.ISD_LOCK);
        }

        /** Answers at level 03, where no R-MAC has to come with it. */
        private CardFault acceptingPutKey(VirtualFob fob) {
            bench.settings.level = Optional.of(SecurityLevel.LEVEL_03);
            bench.settings.policy = "rotate-keys";
            return CardFault.on(fob).answering(CardTrigger.everyWithIns(PUT_KEY), "9000");
        }
    }

    @Nested
    class OnAFobWhoseAnswersDoNotFit {

        @Test
        void doesNotBelieveOtherKeyCheckValues() throws Exception {
            bench.settings.level = Optional.of(SecurityLevel.LEVEL_03);
            VirtualFob fob = bench.fob();

            RunReport report =
                    bench.present(CardFault.on(fob).altering(CardTrigger.firstWithIns(PUT_KEY), (command, answer) -> {
                        answer[answer.length - 3] ^= 1;
                        return answer;
                    }));

            assertFailure(report, FailureCode.ROTATION_KCV_WRONG, Stage.ISD_LOCK);
        }

        @Test
        void doesNotBelieveAnAnswerThatIsNotAuthentic() throws Exception {
            RunReport report = bench.present(
                    CardFault.on(bench.fob()).altering(CardTrigger.firstWithIns(PUT_KEY), new BentRMac()));

            assertFailure(report, FailureCode.RESPONSE_MAC_INVALID, Stage.ISD_LOCK);
        }

        @Test
        void doesNotBelieveWithoutKeyInformation() throws Exception {
            bench.settings.readData = false;
            CardFault silent = CardFault.on(bench.fob()).answering(CardTrigger.nthWithIns(GET_DATA, 2), "6A88");

            assertFailure(bench.present(silent), FailureCode.ROTATION_NOT_SHOWN, Stage.ISD_LOCK);
        }

        @Test
        void replacesNoKeysOfAFobThatDoesNotListThem() throws Exception {
            VirtualFob fob = bench.fob();
            fob.refuse(GET_DATA, 0x6A88);

            assertFailure(bench.present(fob), FailureCode.KEY_SETS_NOT_LISTED, Stage.INITIALIZE_UPDATE);
            assertThat(fob.received()).noneMatch(command -> command.startsWith("8050"));
        }

        @Test
        void warnsWithoutKeyInformationWhereOtherKeySetsAreAllowed() throws Exception {
            bench.settings.otherKeySets = OtherKeySets.ALLOW;
            VirtualFob fob = bench.fob();
            fob.refuse(GET_DATA, 0x6A88);

            assertPass(bench.present(fob));
            assertThat(bench.record().envelope().warnings()).anyMatch(warning -> warning.contains("does not list"));
        }

        @ParameterizedTest
        @CsvSource({
            "REFUSE, 31, ROTATION_NOT_SHOWN",
            "ALLOW, 31, ROTATION_NOT_SHOWN",
            "REFUSE, 3F 31, OTHER_KEY_SETS",
            "REFUSE, 3F 30, ROTATION_INCOMPLETE",
            "ALLOW, 3F 30, ROTATION_INCOMPLETE"
        })
        void doesNotPassWithOtherKeySetsThanTheNewOne(OtherKeySets others, String listed, FailureCode code)
                throws Exception {
            bench.settings.readData = false;
            bench.settings.otherKeySets = others;
            int afterPutKey = others == OtherKeySets.REFUSE ? 2 : 1;
            CardFault lists = CardFault.on(bench.fob())
                    .answering(
                            CardTrigger.nthWithIns(GET_DATA, afterPutKey), keyInformation(listed.split(" ")) + "9000");

            assertFailure(bench.present(lists), code, Stage.ISD_LOCK);
        }

        @Test
        void doesNotPassWithoutTheCardsProof() throws Exception {
            VirtualFob fob = bench.fob();

            RunReport report = bench.present(
                    CardFault.on(fob).altering(CardTrigger.nthWithIns(INITIALIZE_UPDATE, 2), new WrongCryptogram()));

            assertFailure(report, FailureCode.ROTATION_NOT_PROVED, Stage.ISD_LOCK);
            assertThat(count(fob, EXTERNAL_AUTHENTICATE)).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"6300", "6982", "6985"})
        void doesNotPassWhenTheProofIsRefused(String status) throws Exception {
            RunReport report = bench.present(
                    CardFault.on(bench.fob()).answering(CardTrigger.nthWithIns(EXTERNAL_AUTHENTICATE, 2), status));

            assertFailure(report, FailureCode.ROTATION_NOT_PROVED, Stage.ISD_LOCK);
            assertThat(bench.journal().attempts(Bench.UID).count())
                    .as("the proof is no attempt under issued keys")
                    .isZero();
        }
    }
}
