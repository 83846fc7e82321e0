package org.fobstation.simulator.fob;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.fobstation.simulator.fob.SessionVector.Exchange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whole fobs against the recorded and computed sessions: same commands in, same answers out. */
class VirtualFobReplayTest {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** All sessions whose card challenge a fob can make again: from the counter, or drawn at random. */
    @TestFactory
    Stream<DynamicTest> opensEverySessionItCanRemake() {
        return SessionVector.all()
                .filter(vector -> vector.challengeAid() != null || (vector.i() & 0x10) == 0)
                .map(vector -> DynamicTest.dynamicTest(vector.id(), () -> {
                    VirtualFob fob = vector.fob().build();
                    assertOpens(fob, vector);
                    assertThat(fob.everAuthenticated()).isTrue();
                    assertThat(fob.inSession()).isTrue();
                }));
    }

    @Test
    void runsTheStationsFlowAtLevel33() {
        VirtualFob fob = replayed("station-flow-aes128-level33");

        assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.CARD_LOCKED);
        assertThat(fob.keyVersions()).containsExactly(0x30);
        assertThat(fob.storedData()).singleElement().satisfies(data -> {
            assertThat(data.hex()).hasSize(2 * (239 + 239 + 0x7A)).startsWith("4CF962B8E841");
            assertThat(data.target()).isEqualTo("A000000151000000");
            assertThat(data.p1()).isZero();
        });
    }

    @Test
    void runsTheStationsFlowWithAes256InS16Mode() {
        VirtualFob fob = replayed("station-flow-aes256-s16-level33");

        assertThat(fob.keyVersions()).containsExactly(0x02, 0x31);
        assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.CARD_LOCKED);
    }

    @Test
    void runsTheStationsFlowWithCMacOnly() {
        assertThat(replayed("station-flow-aes128-level01").lifeCycle()).isEqualTo(LifeCycle.CARD_LOCKED);
    }

    @Test
    void supersedesTheFactoryKeySetAndRefusesSetStatusWhenToldTo() {
        SessionVector vector = SessionVector.named("station-flow-kvnFF-level03");
        VirtualFob fob = vector.fob().build();
        fob.refuse(0xF0, 0x6985);

        replay(fob, vector, vector.exchanges());

        assertThat(fob.keyVersions()).containsExactly(0x01);
        assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.OP_READY);
    }

    @Test
    void takesExtendedLengthAtLevel33() {
        SessionVector vector = SessionVector.named("extended-length-level33");
        VirtualFob fob =
                vector.fob().storeDataAnswer("0102").dataObject(0x66, "6602").build();

        replay(fob, vector, vector.exchanges());

        assertThat(fob.storedData()).hasSize(2);
    }

    @Test
    void takesExtendedLengthAtLevel01() {
        assertThat(replayed("extended-length-level01").storedData()).hasSize(1);
    }

    @Test
    void countsCommandsWithDataOnlyWhereSwitchedOn() {
        SessionVector vector = SessionVector.named("counter-only-with-data-level33");
        VirtualFob fob = vector.fob()
                .dataObject(0x66, "6602")
                .lifeCycle(LifeCycle.INITIALIZED)
                .build();

        replay(fob, vector, vector.exchanges());

        assertThat(fob.storedData()).extracting(StoredData::hex).containsExactly("01020304", "05060708");
    }

    /** GET STATUS of the ISD, then of applications (none), as three JCOP 4 cards answered. */
    @TestFactory
    Stream<DynamicTest> answersGetStatusAsJcop4Does() {
        return Stream.of("jcop4-p71-level01", "jcop4-p71-level03", "jcop4-p71-level11", "jcop4-p71-level33")
                .map(SessionVector::named)
                .map(vector -> DynamicTest.dynamicTest(
                        vector.id(),
                        () -> replay(
                                vector.fob().build(), vector, vector.exchanges().subList(0, 2))));
    }

    @Test
    void showsThePrivilegesItWasGiven() {
        SessionVector vector = SessionVector.named("jcop4-gppro-dump-level01");

        replay(vector.fob().isdPrivileges("9AFE80").build(), vector, vector.exchanges());
    }

    @TestFactory
    Stream<DynamicTest> answersDiscoveryAsJcop4Does() {
        return SessionVector.nodes("scp03-jcop4-card-data.json", "cards")
                .filter(card -> List.of("jcop4-d600", "jcop4-p71d321")
                        .contains(card.get("id").asText()))
                .map(card -> DynamicTest.dynamicTest(card.get("id").asText(), () -> answersDiscovery(card)));
    }

    private static void answersDiscovery(JsonNode card) {
        FobBuilder builder = VirtualFob.builder()
                .cplc(dataOf(card, "GET DATA CPLC"))
                .kdd(dataOf(card, "GET DATA KDD").substring(4))
                .keySet(
                        0x01,
                        CardKeys.TEST,
                        HexFormat.fromHexDigits(
                                dataOf(card, "GET DATA sequence counter").substring(4)));
        VirtualFob fob = builder.build();
        for (JsonNode exchange : card.get("exchanges")) {
            assertThat(transmit(fob, exchange.get("command").asText()))
                    .as(exchange.get("name").asText())
                    .isEqualTo(exchange.get("response").asText());
        }
    }

    private static String dataOf(JsonNode card, String name) {
        String answer = StreamSupport.stream(card.get("exchanges").spliterator(), false)
                .filter(exchange -> exchange.get("name").asText().equals(name))
                .map(exchange -> exchange.get("response").asText())
                .findFirst()
                .orElseThrow();
        return answer.substring(0, answer.length() - 4);
    }

    private static VirtualFob replayed(String id) {
        SessionVector vector = SessionVector.named(id);
        VirtualFob fob = vector.fob().build();
        replay(fob, vector, vector.exchanges());
        return fob;
    }

    private static void replay(VirtualFob fob, SessionVector vector, List<Exchange> exchanges) {
        assertOpens(fob, vector);
        for (Exchange exchange : exchanges) {
            assertThat(transmit(fob, exchange.wrappedCommand()))
                    .as(exchange.plainCommand())
                    .isEqualTo(exchange.wrappedAnswer());
        }
    }

    private static void assertOpens(VirtualFob fob, SessionVector vector) {
        assertThat(transmit(fob, vector.initializeUpdate())).isEqualTo(vector.initializeUpdateAnswer());
        assertThat(transmit(fob, vector.externalAuthenticate())).isEqualTo(vector.externalAuthenticateAnswer());
    }

    private static String transmit(VirtualFob fob, String command) {
        return HEX.formatHex(fob.transmit(HEX.parseHex(command)));
    }
}
