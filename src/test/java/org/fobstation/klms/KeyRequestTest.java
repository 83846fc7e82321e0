package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.fobstation.outcome.FailureCode.KLMS_ANSWER_INVALID;
import static org.fobstation.outcome.FailureCode.KLMS_BUSY;
import static org.fobstation.outcome.FailureCode.KLMS_REFUSED;
import static org.fobstation.outcome.FailureCode.KLMS_TIMEOUT;
import static org.fobstation.outcome.FailureCode.KLMS_UNREACHABLE;
import static org.fobstation.outcome.FailureCode.ROUTE_FAILED;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ExchangeBuilder;
import org.fobstation.outcome.FailureCode;
import org.fobstation.secret.SecretBytes;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Kdf3;
import org.fobstation.simulator.klms.ReceivedKeyRequest;
import org.fobstation.simulator.klms.Reply;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.fobstation.station.KeySearch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Key requests over real mutual TLS, through the shipped routes. */
class KeyRequestTest {

    @TempDir
    static Path folder;

    private static StationStores stores;
    private static EmbeddedKlms klms;
    private static KlmsRig rig;

    @BeforeAll
    static void start() throws Exception {
        TestPki pki = TestPki.create();
        stores = pki.writeStationStores(folder);
        klms = EmbeddedKlms.start(pki);
        rig = KlmsRig.start(KlmsRig.settings(klms.url(), stores));
    }

    @AfterAll
    static void stop() {
        rig.close();
        KeySearch.forKeysOf(klms);
        klms.close();
    }

    @AfterEach
    void answerAgain() {
        klms.answerKeys();
        klms.delayKeys(Duration.ZERO);
    }

    @Nested
    class AServerThatAnswers {

        @Test
        void givesTheFobsKeysAndPayload() {
            try (KeyPackage keys = (KeyPackage) rig.ask()) {
                Kdf3.Keys expected = klms.fobKeys().keysOf(KlmsRig.UID);
                assertThat(bytes(keys.staticKeys(KlmsRig.CUSTODIAN).enc())).isEqualTo(expected.enc());
                assertThat(bytes(keys.staticKeys(KlmsRig.CUSTODIAN).mac())).isEqualTo(expected.mac());
                assertThat(bytes(keys.staticKeys(KlmsRig.CUSTODIAN).dek())).isEqualTo(expected.dek());
                assertThat(bytes(keys.payload(KlmsRig.CUSTODIAN).data())).isEqualTo(klms.payloadOf(KlmsRig.UID));
                assertThat(keys.keyVersion()).isEqualTo(klms.keyVersion());
                assertThat(keys.age()).isLessThan(Duration.ofMinutes(1));
            }
        }

        @Test
        void isSentExactlyTheAgreedBodyAndNoHeaderOfTheExchange() {
            wipe(rig.ask(Map.of("Operator", "Smith", "Authorization", "Basic eDp5", "Content-Type", "text/plain")));
            ReceivedKeyRequest request = last();
            assertThat(new String(request.body(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"fob_uid\":\"04112233445566\",\"reader_id\":\"LINE_04_READER_01\"}");
            assertThat(request.headers())
                    .containsOnlyKeys("Content-Length", "Content-Type", "Host", "Connection", "User-Agent")
                    .containsEntry("Content-Type", "application/json")
                    .containsEntry("User-Agent", "fob-station");
        }

        @Test
        void isAskedAtItsOwnPathWhateverTheExchangeSays() {
            wipe(rig.ask(Map.of(
                    Exchange.HTTP_URI, "https://127.0.0.1:1/elsewhere",
                    Exchange.HTTP_PATH, "/elsewhere",
                    Exchange.HTTP_QUERY, "x=1",
                    Exchange.HTTP_METHOD, "GET")));
            assertThat(last().fobUid()).isEqualTo(KlmsRig.UID);
        }

        @Test
        void leavesTheExchangesHeadersAndPropertiesAsTheyWere() {
            Exchange exchange = ExchangeBuilder.anExchange(rig.context())
                    .withBody(new KlmsRig.Asking(new KeyRequest(KlmsRig.UID, "R1")))
                    .withHeader("Part", "4711")
                    .build();
            rig.template().send("direct:key-package", exchange);
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getHeaders()).containsOnly(Map.entry("Part", "4711"));
            assertThat(exchange.getProperties().keySet()).noneMatch(name -> name.startsWith("fobstation"));
            assertThat(exchange.getProperty(Exchange.CHARSET_NAME)).isNull();
            wipe(exchange.getMessage().getBody(KlmsAnswer.class));
        }

        /** Its buffers would hold the keys until it brings another answer. */
        @Test
        void usesNoConnectionAgainThatHasBroughtKeys() {
            wipe(rig.ask());
            int before = klms.connections();
            IntStream.range(0, 20).forEach(i -> wipe(rig.ask()));
            assertThat(klms.connections()).isEqualTo(before + 20);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 7, 8192})
        void mayAnswerInChunks(int chunk) {
            klms.answerKeys(body -> Reply.chunked(body, chunk));
            KlmsAnswer answer = rig.ask();
            assertThat(answer).isInstanceOf(KeyPackage.class);
            wipe(answer);
        }

        @Test
        void mayAnswerUpToTheBound() {
            klms.answerKeys(body -> Reply.body(200, padded(body, BoundedCall.MAX_ANSWER)));
            KlmsAnswer answer = rig.ask();
            assertThat(answer).isInstanceOf(KeyPackage.class);
            wipe(answer);
        }
    }

    @Nested
    class AServerThatRefuses {

        @ParameterizedTest
        @CsvSource({
            "204, KLMS_ANSWER_INVALID",
            "302, KLMS_REFUSED",
            "400, KLMS_REFUSED",
            "401, KLMS_UNAUTHORIZED",
            "403, KLMS_UNAUTHORIZED",
            "404, KLMS_REFUSED",
            "408, KLMS_TIMEOUT",
            "409, KLMS_REFUSED",
            "429, KLMS_BUSY",
            "500, KLMS_BUSY",
            "503, KLMS_BUSY",
            "600, KLMS_ANSWER_INVALID",
            "999, KLMS_ANSWER_INVALID"
        })
        void isToldByItsStatusAndAskedOnce(int status, FailureCode code) {
            klms.keysAnswer(status);
            int before = klms.keyRequests().size();
            KlmsError error = failed(code);
            assertThat(error.detail()).startsWith("HTTP " + status);
            assertThat(klms.keyRequests()).hasSize(before + 1);
        }

        @Test
        void isNotReadFurtherThanItsStatus() {
            // Reading on would take an hour, and end in a timeout.
            klms.answerKeys(body -> Reply.dripping(500, body, Duration.ofMinutes(1)));
            assertThat(failed(KLMS_BUSY).detail()).isEqualTo("HTTP 500");
        }

        @Test
        void isNotQuoted() {
            klms.answerKeys(
                    body -> Reply.raw(("HTTP/1.1 500 sorry, keys\r\nX-Keys: keys\r\nContent-Length: 4\r\n\r\nkeys")
                            .getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(failed(KLMS_BUSY).detail()).isEqualTo("HTTP 500");
        }

        @Test
        void isNotFollowedElsewhere() {
            klms.answerKeys(body -> Reply.raw(("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + klms.url()
                            + "/keys\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1)));
            int before = klms.keyRequests().size();
            failed(KLMS_REFUSED);
            assertThat(klms.keyRequests()).hasSize(before + 1);
        }
    }

    @Nested
    class AServerThatAnswersBadly {

        @Test
        void isToldByTheFieldThatIsWrong() {
            klms.answerKeysWith("{\"transaction_id\":\"t\",\"key_version\":0}".getBytes(StandardCharsets.UTF_8));
            assertThat(failed(KLMS_ANSWER_INVALID).detail()).isEqualTo("key_version is not 1 to 255");
        }

        @Test
        void isRefusedBeyondTheBoundByLength() {
            klms.answerKeys(body -> Reply.body(200, padded(body, BoundedCall.MAX_ANSWER + 1)));
            assertThat(failed(KLMS_ANSWER_INVALID).detail()).contains("262144");
        }

        @Test
        void isRefusedBeyondTheBoundInChunks() {
            klms.answerKeys(body -> Reply.chunked(padded(body, BoundedCall.MAX_ANSWER + 1), 5000));
            assertThat(failed(KLMS_ANSWER_INVALID).detail()).contains("262144");
        }

        @Test
        void isRefusedWithoutABody() {
            klms.answerKeysWith(new byte[0]);
            assertThat(failed(KLMS_ANSWER_INVALID).detail()).isEqualTo("the answer is no JSON object");
        }

        @Test
        void isRefusedIfItSpeaksNoHttpAndNotQuoted() {
            klms.answerKeys(body -> Reply.raw(body));
            assertThat(failed(KLMS_ANSWER_INVALID).detail()).doesNotContain("scp03");
        }

        @Test
        void isRefusedWithBrokenChunksAndNotQuoted() {
            klms.answerKeys(body -> Reply.raw(
                    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + new String(body, StandardCharsets.UTF_8))
                            .getBytes(StandardCharsets.UTF_8)));
            assertThat(failed(KLMS_ANSWER_INVALID).detail()).doesNotContain("scp03");
        }

        @Test
        void isRefusedWithHeadersWithoutEnd() {
            klms.answerKeys(body -> Reply.raw(("HTTP/1.1 200 OK\r\n" + "X-More: x\r\n".repeat(101) + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(failed(KLMS_ANSWER_INVALID).detail()).contains("too long");
        }

        @Test
        void isRefusedWithALineWithoutEnd() {
            klms.answerKeys(body -> Reply.raw(
                    ("HTTP/1.1 200 OK\r\nX-More: " + "x".repeat(10_000)).getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(failed(KLMS_ANSWER_INVALID).detail()).contains("too long");
        }

        @ParameterizedTest
        @ValueSource(strings = {"gzip", "deflate", "br", "x-gzip", "identity, gzip", "\u001b[1m"})
        void isRefusedIfItIsCompressedAndNotUnpacked(String coding) {
            klms.answerKeys(body -> Reply.raw(("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: "
                            + body.length + "\r\n\r\n" + new String(body, StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(failed(KLMS_ANSWER_INVALID).detail())
                    .isEqualTo("the answer is compressed, which nobody asked for");
        }

        @Test
        void isRefusedIfItBreaksOffWithinTheAnswer() {
            klms.answerKeys(Reply::truncated);
            assertThat(failed(KLMS_UNREACHABLE).detail()).contains("before the answer was complete");
        }

        @Test
        void cannotSlipASecondAnswerUnderTheNextRequest() {
            byte[] unasked = "{\"transaction_id\":\"unasked\"}".getBytes(StandardCharsets.UTF_8);
            klms.answerKeys(body -> Reply.followedByUnasked(body, unasked));
            wipe(rig.ask());
            KlmsAnswer second = rig.ask();
            assertThat(second).isInstanceOf(KeyPackage.class);
            wipe(second);
        }
    }

    @Nested
    class AServerThatKeepsTheStationWaiting {

        private static final Duration LIMIT = Duration.ofMillis(400);

        @Test
        void isGivenUpIfItDoesNotAnswer() throws Exception {
            klms.delayKeys(Duration.ofMinutes(1));
            assertGivenUp();
        }

        @Test
        void isGivenUpIfItDripsItsAnswer() throws Exception {
            klms.answerKeys(body -> Reply.dripping(200, body, Duration.ofMillis(50)));
            assertGivenUp();
        }

        private void assertGivenUp() throws Exception {
            int before = klms.keyRequests().size();
            try (KlmsRig impatient = KlmsRig.start(KlmsRig.settings(klms.url(), stores, LIMIT))) {
                assertThat(impatient.ask()).isEqualTo(new KlmsError(KLMS_TIMEOUT, "no complete answer within 400 ms"));
            }
            assertThat(klms.keyRequests()).hasSize(before + 1);
        }
    }

    @Nested
    class AConnectionThatEnds {

        @Test
        void whileIdleCarriesNoRequest() {
            wipe(rig.ask());
            klms.cutConnections();
            IntStream.range(0, 5).forEach(i -> {
                KlmsAnswer answer = rig.ask();
                assertThat(answer).isInstanceOf(KeyPackage.class);
                wipe(answer);
                klms.cutConnections();
            });
        }

        @Test
        void afterTheRequestIsNotAskedAgain() {
            klms.answerKeys(body -> Reply.hangUp());
            int before = klms.keyRequests().size();
            assertThat(failed(KLMS_UNREACHABLE).detail()).contains("without an answer");
            assertThat(klms.keyRequests()).hasSize(before + 1);
        }

        @Test
        void withItsServerIsToldAndComesBack() {
            wipe(rig.ask());
            klms.down();
            try {
                assertThat(failed(KLMS_UNREACHABLE).detail())
                        .isEqualTo(klms.url().getAuthority() + ": no connection");
            } finally {
                klms.up();
            }
            KlmsAnswer answer = rig.ask();
            assertThat(answer).isInstanceOf(KeyPackage.class);
            wipe(answer);
        }
    }

    @Test
    void tellsARouteThatHandsOverSomethingElse() {
        KlmsAnswer answer = rig.template().requestBody("direct:klms-keys", "04112233445566", KlmsAnswer.class);
        assertThat(answer).asInstanceOf(type(KlmsError.class)).returns(ROUTE_FAILED, KlmsError::code);
    }

    private static KlmsError failed(FailureCode code) {
        KlmsAnswer answer = rig.ask();
        assertThat(answer).asInstanceOf(type(KlmsError.class)).returns(code, KlmsError::code);
        return (KlmsError) answer;
    }

    private static ReceivedKeyRequest last() {
        return klms.keyRequests().get(klms.keyRequests().size() - 1);
    }

    private static void wipe(KlmsAnswer answer) {
        assertThat(answer).isInstanceOf(KeyPackage.class);
        ((KeyPackage) answer).close();
    }

    private static byte[] bytes(SecretBytes secret) {
        byte[] bytes = new byte[secret.length()];
        secret.exposeTo(bytes, 0);
        return bytes;
    }

    /** The same JSON with spaces at its end. */
    private static byte[] padded(byte[] body, int length) {
        byte[] padded = Arrays.copyOf(body, length);
        Arrays.fill(padded, body.length, length, (byte) ' ');
        return padded;
    }
}
