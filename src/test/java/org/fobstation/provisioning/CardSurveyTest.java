package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.LifeCycle;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a card is asked before it is written, and which cards are told apart by it. */
class CardSurveyTest extends BenchTest {

    private static final int GET_RESPONSE = 0xC0;

    @Nested
    class OfAFobOfTheLine {

        @Test
        void standsInTheEnvelope() throws Exception {
            VirtualFob fob = bench.fob();
            assertPass(bench.present(fob));

            assertThat(bench.record().envelope().cardFacts())
                    .containsEntry("atr", "3B8580018073C821100E")
                    .hasEntrySatisfying("cplc", cplc -> assertThat(cplc).startsWith("9F7F2A"))
                    .containsEntry("key_information", "E012C00401308810C00402308810C00403308810")
                    .containsEntry("key_diversification_data", "CF0A" + fob.kdd())
                    .hasEntrySatisfying("card_data", data -> assertThat(data).startsWith("664D"))
                    .containsEntry("initialize_update", "KDD " + fob.kdd() + ", KVN 30, i 70")
                    .containsEntry("session", "SCP03 S8, level 33");
        }

        @Test
        void isNotDoneWhereItIsSwitchedOff() throws Exception {
            bench.settings.readData = false;
            VirtualFob fob = bench.fob();
            assertPass(bench.present(fob));

            assertThat(sent(fob, GET_DATA))
                    .as("only to know the key sets before and after they are replaced")
                    .containsExactly("80CA00E000", "80CA00E000");
            assertThat(bench.record().envelope().cardFacts()).containsOnlyKeys("initialize_update", "session");
        }

        @Test
        void toleratesThatTheCardTellsNothing() throws Exception {
            bench.settings.policy = "secured";
            VirtualFob fob = bench.fob();
            fob.refuse(GET_DATA, 0x6985);

            assertPass(bench.present(fob));
            assertThat(bench.record().envelope().cardFacts()).doesNotContainKeys("cplc", "key_information");
        }

        @ParameterizedTest
        @ValueSource(strings = {"9000", "E0009000", "E0059000", "DEADBEEF9000", "E006C104013088109000"})
        void toleratesKeyInformationOfNoFormWhereNoKeysAreReplaced(String answer) throws Exception {
            bench.settings.policy = "secured";
            VirtualFob fob = bench.fob();
            assertPass(bench.present(CardFault.on(fob).answering(CardTrigger.nthWithIns(GET_DATA, 2), answer)));
        }

        @Test
        void keepsAnswersThatAreTooLongOutOfTheRecord() throws Exception {
            bench.settings.policy = "secured";
            VirtualFob fob = bench.fobBuilder()
                    .dataObject(0x66, "66".repeat(250))
                    .extendedLength()
                    .build();
            CardFault pieces = CardFault.on(fob)
                    .answering(CardTrigger.nthWithIns(GET_DATA, 4), "AA".repeat(200) + "6100")
                    .answering(CardTrigger.firstWithIns(GET_RESPONSE), "BB".repeat(200) + "9000");

            assertPass(bench.present(pieces));
            assertThat(bench.record().envelope().cardFacts()).containsEntry("card_data", "400 bytes");
        }
    }

    @Nested
    class OverATransportInPieces {

        @Test
        void fetchesTheRestOfSelectAndGetData() throws Exception {
            VirtualFob fob = bench.fob();
            CardFault pieces = CardFault.on(fob)
                    .answering(CardTrigger.nthWithIns(GET_DATA, 3), "CF0A00006103")
                    .answering(CardTrigger.firstWithIns(GET_RESPONSE), "0102039000");

            assertPass(bench.present(pieces));
            assertThat(bench.record().envelope().cardFacts())
                    .containsEntry("key_diversification_data", "CF0A0000010203");
            assertThat(bench.record().bodyText()).contains("\"00C0000003\"");
        }

        @Test
        void fetchesTheRestOfSelect() throws Exception {
            CardFault pieces = CardFault.on(bench.fob())
                    .answering(CardTrigger.firstWithIns(SELECT), "6112")
                    .answering(CardTrigger.firstWithIns(GET_RESPONSE), "6F108408A000000151000000A5049F6501FF9000");

            assertPass(bench.present(pieces));
        }

        @Test
        void asksAgainWithTheLeTheCardWants() throws Exception {
            CardFault wantsLe = CardFault.on(bench.fob())
                    .answering(CardTrigger.firstWithIns(SELECT), "6C12")
                    .answering(CardTrigger.nthWithIns(GET_DATA, 1), "6C2D")
                    .answering(CardTrigger.firstWithIns(INITIALIZE_UPDATE), "6C20");

            assertPass(bench.present(wantsLe));
            assertThat(bench.record().bodyText())
                    .contains("\"00A4040008A00000015100000012\"", "\"80CA9F7F2D\"")
                    .containsPattern("\"80503000080*[0-9A-F]{15,16}20\"");
        }

        @Test
        void endsWithACardThatNeverFinishes() throws Exception {
            CardFault endless = CardFault.on(bench.fob())
                    .answering(CardTrigger.firstWithIns(SELECT), "6100")
                    .answering(CardTrigger.everyWithIns(GET_RESPONSE), "6100");

            assertFailure(bench.present(endless), FailureCode.CARD_ANSWER_INVALID, Stage.INITIALIZE_UPDATE);
        }
    }

    @Nested
    class OfAForeignFob {

        @Test
        void tellsAnScp02CardByItsKeys() throws Exception {
            VirtualFob fob = bench.fobBuilder()
                    .dataObject(0xE0, "E012C00401FF8010C00402FF8010C00403FF8010")
                    .build();

            assertRefused(fob, FailureCode.SCP02_CARD);
        }

        @ParameterizedTest
        @ValueSource(strings = {"01", "02"})
        void tellsAnScp02CardByItsAnswer(String protocol) throws Exception {
            RunReport report = bench.present(CardFault.on(bench.fob())
                    .answering(
                            CardTrigger.firstWithIns(INITIALIZE_UPDATE),
                            "00".repeat(10) + "30" + protocol + "00".repeat(16) + "9000"));

            assertFailure(report, FailureCode.SCP02_CARD, Stage.INITIALIZE_UPDATE);
        }

        @Test
        void tellsAnyOtherProtocolFromScp02() throws Exception {
            RunReport report = bench.present(CardFault.on(bench.fob())
                    .answering(
                            CardTrigger.firstWithIns(INITIALIZE_UPDATE),
                            "00".repeat(10) + "3010" + "00".repeat(16) + "9000"));

            assertFailure(report, FailureCode.SCP03_NOT_SUPPORTED, Stage.INITIALIZE_UPDATE);
        }

        @Test
        void tellsFactoryKeys() throws Exception {
            assertRefused(
                    VirtualFob.builder()
                            .uid(Bench.UID)
                            .keySet(0xFF, CardKeys.TEST)
                            .build(),
                    FailureCode.FACTORY_KEYS);
        }

        @Test
        void tellsAnotherKeyVersion() throws Exception {
            VirtualFob fob = VirtualFob.builder()
                    .uid(Bench.UID)
                    .keySet(0x01, CardKeys.TEST)
                    .build();

            assertRefused(fob, FailureCode.KEY_SET_NOT_FOUND);
            assertThat(bench.record().envelope().detail()).contains("names KVN 30, the card lists KVN 01");
        }

        @Test
        void tellsAnotherKeyVersionWithoutKeyInformationByTheRefusal() throws Exception {
            bench.settings.policy = "secured";
            bench.settings.readData = false;
            VirtualFob fob = VirtualFob.builder()
                    .uid(Bench.UID)
                    .keySet(0x01, CardKeys.TEST)
                    .build();

            assertFailure(bench.present(fob), FailureCode.KEY_SET_NOT_FOUND, Stage.INITIALIZE_UPDATE);
            assertThat(count(fob, INITIALIZE_UPDATE)).isEqualTo(1);
        }

        @Test
        void tellsOtherKeySetsBeforeAnythingIsWritten() throws Exception {
            assertRefused(bench.fobBuilder().keySet(0x31, CardKeys.TEST).build(), FailureCode.OTHER_KEY_SETS);
        }

        @Test
        void isContentWithOtherKeySetsWhereNoneAreReplaced() throws Exception {
            bench.settings.policy = "secured";
            assertPass(
                    bench.present(bench.fobBuilder().keySet(0x31, CardKeys.TEST).build()));
        }

        @Test
        void tellsALockedOne() throws Exception {
            assertRefused(bench.fobBuilder().lifeCycle(LifeCycle.CARD_LOCKED).build(), FailureCode.CARD_LOCKED);
        }

        private void assertRefused(VirtualFob fob, FailureCode code) throws Exception {
            assertFailure(bench.present(fob), code, Stage.INITIALIZE_UPDATE);
            assertThat(count(fob, INITIALIZE_UPDATE)).as("it costs no attempt").isZero();
            assertThat(bench.journal().attempts(Bench.UID).count()).isZero();
        }
    }
}
