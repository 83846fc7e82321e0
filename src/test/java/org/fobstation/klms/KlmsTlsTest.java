package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.fobstation.outcome.FailureCode.KLMS_TLS;
import static org.fobstation.outcome.FailureCode.KLMS_UNREACHABLE;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the station talks to, and how it tells who refuses whom; those it refuses are in {@link TlsNegativesTest}. */
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
    void acceptsTheHostsOtherName() throws Exception {
        try (EmbeddedKlms klms = EmbeddedKlms.start(pki);
                KlmsRig rig = KlmsRig.start(KlmsRig.settings(URI.create("https://localhost:" + klms.port()), stores))) {
            KlmsAnswer answer = rig.ask();
            assertThat(answer).isInstanceOf(KeyPackage.class);
            ((KeyPackage) answer).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void acceptsAServerOnEveryNewConnection(String protocol) throws Exception {
        TlsSettings tls = new TlsSettings(
                new Pkcs12File(stores.keyStore()),
                stores::keyStorePassword,
                new Pkcs12File(stores.trustStore()),
                stores::trustStorePassword,
                List.of(protocol),
                List.of());
        try (EmbeddedKlms klms = EmbeddedKlms.builder(pki).protocols(protocol).start();
                KlmsRig rig =
                        KlmsRig.start(KlmsRig.with(KlmsRig.settings(klms.url(), stores), tls, Duration.ofSeconds(5)))) {
            for (int connections = 1; connections <= 3; connections++) {
                KlmsAnswer answer = rig.ask();
                assertThat(answer).isInstanceOf(KeyPackage.class);
                ((KeyPackage) answer).close();
                assertThat(klms.connections()).isEqualTo(connections);
                klms.cutConnections();
            }
        }
    }

    /** Of every kind that the station tries out at its start. */
    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "RSASSA-PSS", "EdDSA"})
    void provesItselfWithAKeyOfEveryKind(String algorithm) throws Exception {
        KeyPair own = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "own",
                own.getPrivate(),
                stores.keyStorePassword(),
                pki.stationChain(own.getPublic()).toArray(X509Certificate[]::new));
        Path file = folder("kinds").resolve(algorithm + ".p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, stores.keyStorePassword());
        }
        TlsSettings tls = new TlsSettings(
                new Pkcs12File(file),
                stores::keyStorePassword,
                new Pkcs12File(stores.trustStore()),
                stores::trustStorePassword,
                List.of("TLSv1.3"),
                List.of());
        try (EmbeddedKlms klms = EmbeddedKlms.start(pki);
                KlmsRig rig =
                        KlmsRig.start(KlmsRig.with(KlmsRig.settings(klms.url(), stores), tls, Duration.ofSeconds(5)))) {
            KlmsAnswer answer = rig.ask();
            assertThat(answer).isInstanceOf(KeyPackage.class);
            ((KeyPackage) answer).close();
            assertThat(klms.clientCertificates())
                    .extracting(certificate -> certificate.getPublicKey().getAlgorithm())
                    .containsExactly(algorithm);
        }
    }

    @Test
    void refusesAServerOfTls12ThatAsksForNoCertificateHoweverOftenItIsAsked() throws Exception {
        TlsSettings tls = new TlsSettings(
                new Pkcs12File(stores.keyStore()),
                stores::keyStorePassword,
                new Pkcs12File(stores.trustStore()),
                stores::trustStorePassword,
                List.of("TLSv1.2"),
                List.of());
        try (EmbeddedKlms klms = EmbeddedKlms.builder(pki)
                        .protocols("TLSv1.2")
                        .requireClientCertificate(false)
                        .start();
                KlmsRig rig =
                        KlmsRig.start(KlmsRig.with(KlmsRig.settings(klms.url(), stores), tls, Duration.ofSeconds(5)))) {
            for (int tries = 0; tries < 3; tries++) {
                assertThat(rig.ask()).asInstanceOf(type(KlmsError.class)).returns(KLMS_TLS, KlmsError::code);
            }
            assertThat(klms.receivedBytes()).isZero();
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
    void connectsOnceMoreToAServerThatNeverShakesHandsAndThenGivesUp() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> acceptAndSayNothing(mute, connections));
            server.setDaemon(true);
            server.start();
            KlmsSettings settings = KlmsRig.with(
                    KlmsRig.settings(url(mute), stores), KlmsRig.tls(stores, List.of()), Duration.ofMillis(200));
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

    private static Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }
}
