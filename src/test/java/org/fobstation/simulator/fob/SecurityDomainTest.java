package org.fobstation.simulator.fob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fobstation.simulator.fob.TestHost.plain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an authenticated host can do to the fob. */
class SecurityDomainTest {

    private static final String ISD = "A000000151000000";
    private static final String APPLET = "F00000006203010C01";
    private static final CardKeys KEYS = CardKeys.random(new Random(1), 16);

    private final VirtualFob fob = VirtualFob.builder()
            .applet(APPLET)
            .keySet(0x01, KEYS)
            .memory(600)
            .storeDataAnswer("CAFE")
            .build();
    private final TestHost host = TestHost.open(fob, 0x01, KEYS);

    @Nested
    class StoreData {

        @Test
        void joinsTheBlocks() {
            host.send("80E2000002A1A2");
            host.send("80E2000102B1B2");
            assertThat(fob.storedData()).isEmpty();
            host.send("80E2800202C1C2");

            assertThat(fob.storedData()).containsExactly(new StoredData(ISD, 0x00, "A1A2B1B2C1C2"));
        }

        @Test
        void startsOverAfterTheLastBlock() {
            host.send("80E2800001A1");
            host.send("80E2800001B1");

            assertThat(fob.storedData()).extracting(StoredData::hex).containsExactly("A1", "B1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"80E2000101FF", "80E2800301FF", "80E2000001FF"})
        void refusesBlocksOutOfOrderAndDropsTheRest(String wrongBlock) {
            host.send("80E2000001A1");
            host.send("80E2000101A2");

            assertThat(host.send(wrongBlock)).isEqualTo("6985");
            assertThat(host.send("80E2800201A3")).isEqualTo("6985");
            assertThat(host.send("80E2800001B1")).isEqualTo("9000");
            assertThat(fob.storedData()).extracting(StoredData::hex).containsExactly("B1");
        }

        @Test
        void startsOverInANewSession() {
            host.send("80E2000001A1");
            TestHost next = TestHost.open(fob, 0x01, KEYS);

            assertThat(next.send("80E2800101A2")).isEqualTo("6985");
        }

        @Test
        void startsOverAfterAnotherCommand() {
            host.send("80E2000001A1");
            host.send("80CA006600");

            assertThat(host.send("80E2800101A2")).isEqualTo("6985");
        }

        @ParameterizedTest
        @CsvSource({"80E2820001FF, 6A86", "80E2C00001FF, 6A86", "80E2980001FF, 6A86", "80E28000, 6700"})
        void refusesWhatTheStandardReserves(String command, String status) {
            assertThat(host.send(command)).isEqualTo(status);
        }

        @ParameterizedTest
        @CsvSource({
            "80E2880005 0101020304, 9000",
            "80E2880005 0101030304, 6A80",
            "80E2880002 0101, 6A80",
            "80E2900005 BF3E02AABB, 9000",
            "80E2900005 BF3E03AABB, 6A80",
            "80E2900004 048101AA, 9000",
            "80E2900003 0484AA, 6A80"
        })
        void checksTheStructureItIsPromised(String command, String status) {
            assertThat(host.send(command.replace(" ", ""))).isEqualTo(status);
        }

        @Test
        void goesToTheAppletToBePersonalized() {
            assertThat(host.send("80E620000F000009" + APPLET + "00000000")).isEqualTo("009000");
            host.send("80E2880004010101FF");

            assertThat(fob.storedData()).containsExactly(new StoredData(APPLET, 0x08, "010101FF"));
        }

        @ParameterizedTest
        @CsvSource({
            "80E620000E000008A00000024710010100000000, 6A88",
            "80E620000E000009A00000024710010100000000, 6A80",
            "80E60C000E000008A00000024710010100000000, 6A86"
        })
        void personalizesKnownAppletsOnly(String command, String status) {
            assertThat(host.send(command)).isEqualTo(status);
        }

        @Test
        void answersWithDataWhereP1AllowsIt() {
            assertThat(host.send("80E2810001FF00")).isEqualTo("CAFE9000");
        }

        @Test
        void saysWhenTheCardIsFull() {
            String block = "EF" + "00".repeat(0xEF);
            host.send("80E20000" + block);
            host.send("80E20001" + block);

            assertThat(host.send("80E28002" + block)).isEqualTo("6A84");
            assertThat(fob.storedData()).isEmpty();
        }
    }

    @Nested
    class PutData {

        @Test
        void storesUnderItsTag() {
            assertThat(host.send("80DA010003F1E2D3")).isEqualTo("9000");

            assertThat(fob.putData()).containsOnlyKeys(0x0100).containsValue("F1E2D3");
            assertThat(host.send("80CA010000")).isEqualTo("F1E2D39000");
        }

        @ParameterizedTest
        @ValueSource(strings = {"80DA9F7F01FF", "80DA00E001FF", "80DA00CF01FF"})
        void keepsWhatTheFactoryWrote(String command) {
            assertThat(host.send(command)).isEqualTo("6985");
        }
    }

    @Nested
    class PutKey {

        @TestFactory
        Stream<DynamicTest> answersTheVectors() {
            return SessionVector.nodes("scp03-putkey.json", "vectors")
                    .filter(vector -> vector.get("kind").asText().equals("put-key"))
                    .filter(vector -> vector.get("new_keys").size() == 3)
                    .map(vector -> DynamicTest.dynamicTest(vector.get("id").asText(), () -> answers(vector)));
        }

        private static void answers(JsonNode vector) {
            CardKeys old = CardKeys.of(vector.get("dek").asText());
            VirtualFob fob = VirtualFob.builder()
                    .keySet(0x01, old, 9)
                    .putKeyWithoutInnerLength()
                    .build();
            TestHost host = TestHost.open(fob, 0x01, old, 0x01);

            assertThat(host.send(vector.get("plain_command").asText()))
                    .isEqualTo(vector.get("expected_plain_response").asText());

            int kvn = HexFormat.fromHexDigits(vector.get("new_kvn").asText());
            CardKeys installed = CardKeys.of(
                    vector.get("new_keys").get(0).asText(),
                    vector.get("new_keys").get(1).asText(),
                    vector.get("new_keys").get(2).asText());
            assertThat(fob.keyVersions()).containsExactly(kvn);
            assertThat(fob.holdsKeys(kvn, installed)).isTrue();
            assertThat(fob.sequenceCounter(kvn)).isZero();
            TestHost.open(fob, kvn, installed);
        }

        @Test
        void refusesFieldsWithoutKeyLengthUnlessSwitchedOn() {
            JsonNode vector = vector("computed-aes128-keyset-no-inner-length");
            CardKeys old = CardKeys.of(vector.get("dek").asText());
            VirtualFob standard = VirtualFob.builder().keySet(0x01, old).build();

            assertThat(TestHost.open(standard, 0x01, old)
                            .send(vector.get("plain_command").asText()))
                    .isEqualTo("6A80");
        }

        /** DEK other than the vector's: every key opens to rubbish and its KCV tells. */
        @Test
        void refusesKeysWhoseKcvIsWrong() {
            String command =
                    vector("computed-aes128-keyset").get("plain_command").asText();

            assertThat(host.send(command)).isEqualTo("6982");
            assertThat(fob.keyVersions()).containsExactly(0x01);
            assertThat(fob.holdsKeys(0x01, KEYS)).isTrue();
        }

        @Test
        void refusesAWrongKcvTheOldWayWhereSwitchedOn() {
            VirtualFob old = VirtualFob.builder()
                    .keySet(0x01, KEYS)
                    .keyCheckFailureStatus(0x9485)
                    .build();
            String command =
                    vector("computed-aes128-keyset").get("plain_command").asText();

            assertThat(TestHost.open(old, 0x01, KEYS).send(command)).isEqualTo("9485");
        }

        @ParameterizedTest
        @CsvSource({
            "80D8028101FF, 6A88",
            "80D8010101FF, 6A86",
            "80D80181018000, 6A80",
            "80D80181010100, 6A80",
            "80D8018104018811FF00, 6A80"
        })
        void refusesMalformedData(String command, String status) {
            assertThat(host.send(command)).isEqualTo(status);
        }

        @Test
        void addsBesideOtherKeySets() {
            CardKeys dek = CardKeys.TEST;
            VirtualFob two = VirtualFob.builder().keySet(0x02, dek).build();
            String command =
                    vector("jcx-aes128-keyset").get("plain_command").asText().replaceFirst("80D80181", "80D80081");

            assertThat(TestHost.open(two, 0x02, dek).send(command)).endsWith("9000");
            assertThat(two.keyVersions()).containsExactly(0x02, 0x03);
            two.reset();
            assertThat(plain(two, "80CA00E000"))
                    .isEqualTo("E024C00401028810C00402028810C00403028810" + "C00401038810C00402038810C004030388109000");
        }

        private static JsonNode vector(String id) {
            return SessionVector.nodes("scp03-putkey.json", "vectors")
                    .filter(vector -> vector.get("id").asText().equals(id))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Nested
    class SetStatus {

        @Test
        void goesThroughTheLifeCycle() {
            assertThat(host.send("80F08007")).isEqualTo("9000");
            assertThat(host.send("80F0800F")).isEqualTo("9000");
            assertThat(host.send("80F0807F")).isEqualTo("9000");
            assertThat(host.send("80F0800F")).isEqualTo("9000");
            assertThat(host.send("80F080FF")).isEqualTo("9000");

            assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.TERMINATED);
        }

        @Test
        void ignoresAnAid() {
            assertThat(host.send("80F0800708" + ISD)).isEqualTo("9000");
            assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.INITIALIZED);
        }

        @ParameterizedTest
        @CsvSource({"80F08001, 6985", "80F0800F, 6985", "80F08003, 6A86", "80F00F00, 6A86"})
        void refusesWhatLeadsNowhere(String command, String status) {
            assertThat(host.send(command)).isEqualTo(status);
            assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.OP_READY);
        }

        @Test
        void fixesContentWhenLocked() {
            lock();

            assertThat(host.send("80E2800001FF")).isEqualTo("6985");
            assertThat(host.send("80DA010001FF")).isEqualTo("6985");
            assertThat(host.send("80D8018101FF")).isEqualTo("6985");
            assertThat(host.send("80F28002024F0000")).contains("9F70017F");
        }

        @Test
        void leavesOnlyTheSecurityDomainSelectableWhenLocked() {
            lock();

            assertThat(plain(fob, "00A4040000")).endsWith("6283");
            assertThat(plain(fob, "00A4040009" + APPLET + "00")).isEqualTo("6A81");
            assertThat(TestHost.open(fob, 0x01, KEYS).send("80F0800F")).isEqualTo("9000");
            assertThat(plain(fob, "00A4040009" + APPLET + "00")).endsWith("9000");
        }

        @Test
        void killsTheCardWhenTerminated() {
            host.send("80F080FF");

            assertThat(plain(fob, "00A4040000")).isEqualTo("6985");
            assertThat(plain(fob, "8050010008010203040506070800")).isEqualTo("6985");
            fob.reset();
            assertThat(plain(fob, "80CA00CF00")).endsWith("9000");
        }

        private void lock() {
            host.send("80F08007");
            host.send("80F0800F");
            assertThat(host.send("80F0807F")).isEqualTo("9000");
        }
    }

    @Nested
    class GetStatus {

        @Test
        void listsApplets() {
            assertThat(host.send("80F24002024F0000"))
                    .isEqualTo("E3274F09" + APPLET + "9F700107C503000000C407A0000001515350CC08" + ISD + "9000");
        }

        @Test
        void givesTheTagsAskedFor() {
            assertThat(host.send("80F28002074F005C034F9F7000")).isEqualTo("E30E4F08A0000001510000009F7001019000");
        }

        @ParameterizedTest
        @CsvSource({
            "80F28002044F02A10200, 6A88",
            "80F28000024F0000, 6A86",
            "80F20002024F0000, 6A86",
            "80F28002024F0500, 6A80",
            "80F2800200, 6A80",
            "80F24003024F0000, 6985"
        })
        void refusesOtherQueries(String command, String status) {
            assertThat(host.send(command)).isEqualTo(status);
        }

        @Test
        void givesMoreThanOneAnswerHoldsInPages() {
            FobBuilder builder = VirtualFob.builder().keySet(0x01, KEYS);
            for (int i = 0; i < 12; i++) {
                builder.applet(String.format("F0000000620301%02X", i));
            }
            TestHost many = TestHost.open(builder.build(), 0x01, KEYS);

            String first = many.send("80F24002024F0000");
            String second = many.send("80F24003024F0000");
            String third = many.send("80F24003024F0000");

            assertThat(first).contains("F000000062030100").endsWith("6310");
            assertThat(second).startsWith("E3").endsWith("6310");
            assertThat(third).contains("F00000006203010B").endsWith("9000");
            assertThat(many.send("80F24003024F0000")).isEqualTo("6985");
        }
    }
}
