package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.fobstation.outcome.FailureCode.KLMS_TLS;
import static org.fobstation.outcome.FailureCode.KLMS_UNREACHABLE;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.fobstation.outcome.FailureCode;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the station talks to, and what it says of those it does not. */
class KlmsTlsTest {

    @TempDir
    static Path folder;

    private static TestPki pki;
    private static StationStores stores;

    @BeforeAll
    static void writeStores() throws IOException {
        pki = TestPki.create();
        stores = pki.writeStationStores(folder("station"));
    }

    @Test
    void refusesAServerOfAnotherAuthorityThatHasTheSameName() throws Exception {
        try (EmbeddedKlms klms =
                EmbeddedKlms.builder(pki).tls(TestPki.create().serverContext()).start()) {
            assertThat(ask(klms.url(), stores, KLMS_TLS).detail()).contains("PKIX path");
            assertThat(klms.keyRequests()).isEmpty();
        }
    }

    @Test
    void refusesAServerThatIsNotTheHostOfTheUrl() throws Exception {
        try (EmbeddedKlms klms = EmbeddedKlms.builder(pki)
                .tls(pki.serverContextFor("klms.example"))
                .start()) {
            assertThat(ask(klms.url(), stores, KLMS_TLS).detail()).contains("127.0.0.1");
            assertThat(klms.keyRequests()).isEmpty();
        }
    }

    @Test
    void refusesAServerWhoseCertificateHasExpired() throws Exception {
        try (EmbeddedKlms klms =
                EmbeddedKlms.builder(pki).tls(pki.expiredServerContext()).start()) {
            assertThat(ask(klms.url(), stores, KLMS_TLS).detail()).contains("NotAfter");
            assertThat(klms.keyRequests()).isEmpty();
        }
    }

    @Test
    void acceptsTheHostsOtherName() throws Exception {
        try (EmbeddedKlms klms = EmbeddedKlms.start(pki);
                KlmsRig rig = KlmsRig.start(KlmsRig.settings(URI.create("https://localhost:" + klms.port()), stores))) {
            KlmsAnswer answer = rig.ask();
            assertThat(answer).isInstanceOf(KeyPackage.class);
            ((KeyPackage) answer).close();
        }
    }

    /** The server's refusal races with the request, so one try would show one of its faces only. */
    @RepeatedTest(5)
    void tellsARefusalOfItsOwnCertificateFromABrokenConnection() throws Exception {
        StationStores foreign = TestPki.create().writeStationStoresTrusting(pki, folder("foreign"));
        try (EmbeddedKlms klms = EmbeddedKlms.start(pki)) {
            assertThat(ask(klms.url(), foreign, KLMS_TLS).detail()).contains("certificate");
            assertThat(klms.keyRequests()).isEmpty();
        }
    }

    @RepeatedTest(5)
    void tellsThatItsOwnCertificateHasExpired() throws Exception {
        StationStores expired = pki.writeExpiredStationStores(folder("expired"));
        try (EmbeddedKlms klms = EmbeddedKlms.start(pki)) {
            assertThat(ask(klms.url(), expired, KLMS_TLS).detail()).contains("certificate");
            assertThat(klms.keyRequests()).isEmpty();
        }
    }

    @Test
    void talksToAServerThatAsksForNoCertificate() throws Exception {
        try (EmbeddedKlms klms = EmbeddedKlms.builder(pki)
                        .requireClientCertificate(false)
                        .start();
                KlmsRig rig = KlmsRig.start(KlmsRig.settings(klms.url(), stores))) {
            KlmsAnswer answer = rig.ask();
            assertThat(answer).isInstanceOf(KeyPackage.class);
            ((KeyPackage) answer).close();
        }
    }

    @Test
    void refusesAServerThatSpeaksTls12Only() throws Exception {
        try (EmbeddedKlms klms = EmbeddedKlms.builder(pki).protocols("TLSv1.2").start()) {
            assertThat(ask(klms.url(), stores, KLMS_TLS).detail()).contains("protocol_version");
        }
    }

    @Test
    void refusesAServerWithoutTls() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answerInClear(plain));
            server.setDaemon(true);
            server.start();
            assertThat(ask(url(plain), stores, KLMS_TLS).detail()).contains("SSL message");
        }
    }

    private static void answerInClear(ServerSocket plain) {
        byte[] answer = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        while (!plain.isClosed()) {
            try (Socket client = plain.accept()) {
                client.getOutputStream().write(answer);
                client.shutdownOutput();
                // To the end of what the client says: closing earlier could reset the connection over the answer.
                client.getInputStream().readAllBytes();
            } catch (IOException e) {
                // The test is over.
            }
        }
    }

    @Test
    void connectsOnceMoreToAServerThatNeverShakesHandsAndThenGivesUp() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> acceptAndSayNothing(mute, connections));
            server.setDaemon(true);
            server.start();
            KlmsSettings settings = withConnectTimeout(KlmsRig.settings(url(mute), stores), Duration.ofMillis(200));
            try (KlmsRig rig = KlmsRig.start(settings)) {
                assertThat(rig.ask())
                        .isEqualTo(
                                new KlmsError(KLMS_UNREACHABLE, url(mute).getAuthority() + ": no connection in time"));
            }
            assertThat(connections).hasValue(2);
        }
    }

    private static void acceptAndSayNothing(ServerSocket mute, AtomicInteger connections) {
        List<Socket> open = new ArrayList<>();
        try {
            while (true) {
                open.add(mute.accept());
                connections.incrementAndGet();
            }
        } catch (IOException e) {
            // The test is over: the sockets go with it.
        }
    }

    @Test
    void tellsThatAHostNameIsNotKnown() throws Exception {
        assertThat(ask(URI.create("https://klms.invalid"), stores, KLMS_UNREACHABLE)
                        .detail())
                .contains("klms.invalid");
    }

    @Test
    void showsTheStationsOwnCertificateForAReadinessCheck() throws Exception {
        try (KlmsConnection connection =
                KlmsConnection.open(KlmsRig.settings(URI.create("https://127.0.0.1:1"), stores))) {
            assertThat(connection.stationCertificate().getSubjectX500Principal().getName())
                    .isEqualTo("CN=Fob station");
        }
    }

    private static KlmsError ask(URI url, StationStores stores, FailureCode code) throws Exception {
        try (KlmsRig rig = KlmsRig.start(KlmsRig.settings(url, stores))) {
            KlmsAnswer answer = rig.ask();
            assertThat(answer).asInstanceOf(type(KlmsError.class)).returns(code, KlmsError::code);
            return (KlmsError) answer;
        }
    }

    private static URI url(ServerSocket server) {
        return URI.create("https://127.0.0.1:" + server.getLocalPort());
    }

    private static KlmsSettings withConnectTimeout(KlmsSettings s, Duration timeout) {
        return new KlmsSettings(
                s.url(),
                s.keysPath(),
                s.auditPath(),
                s.keyStore(),
                s.keyStorePassword(),
                s.trustStore(),
                s.trustStorePassword(),
                timeout,
                s.answerTimeout(),
                s.protocols(),
                s.poolSize(),
                s.uidFormat());
    }

    private static Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }
}
