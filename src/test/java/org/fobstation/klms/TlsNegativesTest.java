package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;
import static org.fobstation.outcome.FailureCode.KLMS_TIMEOUT;
import static org.fobstation.outcome.FailureCode.KLMS_TLS;
import static org.fobstation.outcome.FailureCode.KLMS_UNREACHABLE;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.fobstation.outcome.FailureCode;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real servers that are not the key server the station was set up for, each asked again and again: the station refuses
 * every time, says why, and sends none of them a byte of a key request. Prints the counts.
 */
class TlsNegativesTest {

    private static final int TRIES = Integer.getInteger("tls.negatives", 20);
    /** Of servers that cost the station's whole patience each time. */
    private static final int SLOW_TRIES = Math.max(3, TRIES / 5);

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(10);

    /** Short of the certificate: the server's hello has some 130 bytes, its whole flight more than a thousand. */
    private static final int WITHIN_THE_HANDSHAKE = 400;

    @TempDir
    static Path folder;

    private static TestPki pki;
    private static StationStores stores;
    private static EmbeddedKlms good;

    /** Makes the server. */
    private interface Opener {
        WrongServer open() throws IOException;
    }

    /**
     * One kind of server.
     *
     * @param detail what the failure has to say
     * @param connect the longest wait of the station for a connection and a step of the handshake
     * @param answer its longest wait for the whole answer
     */
    private record Case(
            String name,
            FailureCode code,
            String detail,
            Duration connect,
            Duration answer,
            List<KeyPin> pins,
            Opener server) {

        Case(String name, FailureCode code, String detail, Opener server) {
            this(name, code, detail, LONG, LONG, List.of(), server);
        }

        int tries() {
            return connect == LONG && answer == LONG ? TRIES : SLOW_TRIES;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void prepare() throws IOException {
        pki = TestPki.create();
        stores = pki.writeStationStores(folder);
        good = EmbeddedKlms.start(pki);
        print("server", "tries", "refused", "request bytes", "code", "last detail");
    }

    @AfterAll
    static void stop() {
        good.close();
    }

    static Stream<Case> servers() throws Exception {
        List<KeyPin> foreign = List.of(
                KeyPin.of(KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic()));
        return Stream.of(
                new Case(
                        "its certificate has expired",
                        KLMS_TLS,
                        "NotAfter",
                        () -> tls(EmbeddedKlms.builder(pki).tls(pki.expiredServerContext()))),
                new Case(
                        "its certificate is not valid yet",
                        KLMS_TLS,
                        "NotBefore",
                        () -> tls(EmbeddedKlms.builder(pki).tls(pki.futureServerContext()))),
                new Case(
                        "another authority of the same name",
                        KLMS_TLS,
                        "PKIX path",
                        () -> tls(EmbeddedKlms.builder(pki).tls(TestPki.create().serverContext()))),
                new Case(
                        "another host",
                        KLMS_TLS,
                        "127.0.0.1",
                        () -> tls(EmbeddedKlms.builder(pki).tls(pki.serverContextFor("klms.example")))),
                new Case(
                        "a certificate for clients",
                        KLMS_TLS,
                        "key usage",
                        () -> tls(EmbeddedKlms.builder(pki).tls(pki.clientPurposeServerContext()))),
                new Case(
                        "another key than the pinned one",
                        KLMS_TLS,
                        "is none of klms.pin",
                        LONG,
                        LONG,
                        foreign,
                        () -> tls(EmbeddedKlms.builder(pki))),
                new Case(
                        "asks for no certificate",
                        KLMS_TLS,
                        "that is not mutual TLS",
                        () -> tls(EmbeddedKlms.builder(pki).requireClientCertificate(false))),
                new Case(
                        "TLS 1.2 only",
                        KLMS_TLS,
                        "protocol_version",
                        () -> tls(EmbeddedKlms.builder(pki).protocols("TLSv1.2"))),
                new Case("plain HTTP", KLMS_TLS, "SSL message", WrongServer::inClear),
                new Case(
                        "never shakes hands",
                        KLMS_UNREACHABLE,
                        "no connection in time",
                        PATIENCE,
                        LONG,
                        List.of(),
                        WrongServer::mute),
                new Case(
                        "stalls within the handshake",
                        KLMS_UNREACHABLE,
                        "no connection in time",
                        PATIENCE,
                        LONG,
                        List.of(),
                        () -> WrongServer.stallingAfter(WITHIN_THE_HANDSHAKE, good)),
                new Case(
                        "drips its handshake",
                        KLMS_TIMEOUT,
                        "no complete answer within",
                        LONG,
                        PATIENCE,
                        List.of(),
                        () -> WrongServer.dripping(10, good)));
    }

    private static WrongServer tls(EmbeddedKlms.Builder builder) {
        return WrongServer.of(builder.start());
    }

    @ParameterizedTest
    @MethodSource("servers")
    void isRefusedWithoutAByteOfARequest(Case wrong) throws Exception {
        int refused = 0;
        String detail = "";
        long goodBytes = good.receivedBytes();
        try (WrongServer server = wrong.server.open();
                KlmsRig rig = KlmsRig.start(KlmsRig.with(
                        KlmsRig.settings(server.url(), stores, wrong.answer),
                        KlmsRig.tls(stores, wrong.pins),
                        wrong.connect))) {
            for (int i = 0; i < wrong.tries(); i++) {
                KlmsAnswer answer = rig.ask();
                assertThat(answer)
                        .asInstanceOf(type(KlmsError.class))
                        .returns(wrong.code, KlmsError::code)
                        .satisfies(error -> assertThat(error.detail()).contains(wrong.detail));
                detail = ((KlmsError) answer).detail();
                refused++;
            }
            // What a server has not read yet, it has not counted.
            await().atMost(Duration.ofSeconds(30)).until(() -> server.endedConnections() >= wrong.tries());
            long bytes = server.requestBytes() + good.receivedBytes() - goodBytes;
            print(
                    wrong.name,
                    wrong.tries(),
                    refused,
                    bytes,
                    wrong.code,
                    detail.replace(server.url().getAuthority(), "SERVER"));
            assertThat(bytes).isZero();
        }
    }

    /** So that nobody believes a count that cannot count. */
    @Test
    void theRightServerGetsItsRequests() throws Exception {
        try (WrongServer server = tls(EmbeddedKlms.builder(pki));
                KlmsRig rig = KlmsRig.start(KlmsRig.settings(server.url(), stores))) {
            for (int i = 0; i < TRIES; i++) {
                KlmsAnswer answer = rig.ask();
                assertThat(answer).isInstanceOf(KeyPackage.class);
                ((KeyPackage) answer).close();
            }
            print("control: the right server", TRIES, 0, server.requestBytes(), "", "");
            assertThat(server.requestBytes()).isGreaterThan(100L * TRIES);
        }
    }

    private static void print(Object... columns) {
        System.out.printf(Locale.ROOT, "tls  %-36s %6s %8s %14s  %-17s %s%n", columns);
    }
}
