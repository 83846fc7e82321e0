package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.fobstation.outcome.FailureCode.KLMS_TLS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.fobstation.LogCapture;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Reply;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.fobstation.station.KeySearch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Stores that change while the station runs. */
class StoreRenewalTest {

    @TempDir
    private Path folder;

    private TestPki pki;
    private StationStores stores;
    private EmbeddedKlms klms;
    private KlmsRig rig;

    @BeforeEach
    void start() throws Exception {
        pki = TestPki.create();
        stores = pki.writeStationStores(folder);
        klms = EmbeddedKlms.start(pki);
        rig = KlmsRig.start(KlmsRig.settings(klms.url(), stores));
    }

    @AfterEach
    void stop() {
        rig.close();
        KeySearch.forKeysOf(klms);
        klms.close();
    }

    @Nested
    class AGoodOne {

        @Test
        void servesTheNextRequestInPlaceOfTheIdleConnection() throws Exception {
            audited();
            audited();
            assertThat(klms.clientCertificates()).hasSize(1);
            pki.renewStationKey(stores);

            lookTwice();

            granted();
            assertThat(shown()).hasSize(2);
            assertThat(shown().get(1))
                    .isNotEqualTo(shown().get(0))
                    .isEqualTo(rig.connection().stationCertificate());
            assertThat(rig.connection().warnings()).isEmpty();
        }

        /** By itself, as in the station. */
        @Test
        void isTakenWithoutAnybodyAsking() throws Exception {
            X509Certificate before = rig.connection().stationCertificate();
            pki.renewStationKey(stores);

            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !rig.connection().stationCertificate().equals(before));
        }

        /** With nobody else who looks. */
        @Test
        void isNotTakenBeforeItStandsStill() throws Exception {
            CurrentTls tls = CurrentTls.open(KlmsRig.tls(stores, List.of()), Clock.systemUTC());
            MutualTls before = tls.get();
            pki.renewStationKey(stores);
            assertThat(tls.look()).isFalse();
            pki.renewStationKey(stores);
            assertThat(tls.look()).isFalse();
            assertThat(tls.get()).isSameAs(before);

            assertThat(tls.look()).isTrue();
            assertThat(tls.get()).isNotSameAs(before);
            assertThat(tls.look()).isFalse();
        }

        @Test
        void leavesARequestInProgressInPeaceAndServesTheNextOne() throws Exception {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch answer = new CountDownLatch(1);
            klms.answerKeys(body -> {
                asked.countDown();
                await(answer);
                return Reply.body(200, body);
            });
            Thread reader = new Thread(StoreRenewalTest.this::granted);
            reader.start();
            await(asked);
            pki.renewStationKey(stores);
            lookTwice();
            answer.countDown();
            reader.join();
            assertThat(klms.keyRequests()).hasSize(1);

            granted();

            assertThat(shown()).hasSize(2).doesNotHaveDuplicates();
        }

        @Test
        void ofTrustRefusesTheServerThatIsTrustedNoMore() throws Exception {
            granted();
            TestPki.create().renewTrust(stores);

            lookTwice();

            assertThat(rig.ask()).asInstanceOf(type(KlmsError.class)).returns(KLMS_TLS, KlmsError::code);
            assertThat(klms.keyRequests()).hasSize(1);
        }

        @Test
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the mode of the password's file is POSIX's")
        void mayComeWithAnotherPasswordInItsFile() throws Exception {
            Path password = passwordFile(stores.keyStorePassword());
            TlsSettings tls = new TlsSettings(
                    new Pkcs12File(stores.keyStore()),
                    new SecretFile(password),
                    new Pkcs12File(stores.trustStore()),
                    stores::trustStorePassword,
                    List.of("TLSv1.3"),
                    List.of());
            StationStores other = pki.writeStationStores(Files.createDirectory(folder.resolve("other")));
            try (KlmsRig withFile =
                    KlmsRig.start(KlmsRig.with(KlmsRig.settings(klms.url(), stores), tls, Duration.ofSeconds(5)))) {
                X509Certificate before = withFile.connection().stationCertificate();
                Files.move(other.keyStore(), stores.keyStore(), StandardCopyOption.REPLACE_EXISTING);
                passwordFile(other.keyStorePassword());

                withFile.look();
                withFile.look();

                assertThat(withFile.connection().stationCertificate()).isNotEqualTo(before);
                assertThat(withFile.connection().warnings()).isEmpty();
            }
        }
    }

    @Nested
    class ABrokenOne {

        @Test
        void leavesTheOneBeforeInForceAndWarnsOnce() throws Exception {
            X509Certificate before = rig.connection().stationCertificate();
            byte[] whole = Files.readAllBytes(stores.keyStore());
            try (LogCapture log = LogCapture.ofEverything()) {
                Files.write(stores.keyStore(), Arrays.copyOf(whole, whole.length / 2));
                lookTwice();
                lookTwice();

                assertThat(log.lines())
                        .filteredOn(line -> line.contains("A changed file is not used"))
                        .hasSize(1);
            }
            granted();
            assertThat(shown()).containsExactly(before);
            assertThat(rig.connection().warnings())
                    .singleElement()
                    .asString()
                    .startsWith(stores.keyStore() + ": ")
                    .contains("is not a PKCS#12 store");
        }

        /** Whatever part of it a look may find on the disk. */
        @Test
        void isNeverTakenInPart() throws Exception {
            X509Certificate before = rig.connection().stationCertificate();
            byte[] old = Files.readAllBytes(stores.keyStore());
            pki.renewStationKey(stores);
            byte[] renewed = Files.readAllBytes(stores.keyStore());

            for (int written = 0; written < renewed.length; written += 37) {
                byte[] half = Arrays.copyOf(renewed, Math.max(written, old.length));
                System.arraycopy(
                        old,
                        Math.min(written, old.length),
                        half,
                        Math.min(written, old.length),
                        Math.max(0, old.length - written));
                Files.write(stores.keyStore(), half);
                lookTwice();
                assertThat(rig.connection().stationCertificate())
                        .as("%d bytes", written)
                        .isEqualTo(before);
            }
            Files.write(stores.keyStore(), renewed);
            lookTwice();
            assertThat(rig.connection().stationCertificate()).isNotEqualTo(before);
            assertThat(rig.connection().warnings()).isEmpty();
        }

        @Test
        void isNoTroubleAnyMoreWhenTheOldOneIsBack() throws Exception {
            byte[] old = Files.readAllBytes(stores.keyStore());
            Files.delete(stores.keyStore());
            lookTwice();
            assertThat(rig.connection().warnings()).singleElement().asString().contains("there is no such file");

            Files.write(stores.keyStore(), old);
            lookTwice();

            assertThat(rig.connection().warnings()).isEmpty();
            granted();
        }

        @Test
        void isOneThatHasExpiredWhileTheOneBeforeHasNot() throws Exception {
            X509Certificate before = rig.connection().stationCertificate();
            pki.renewStationKeyExpired(stores);

            lookTwice();

            assertThat(rig.connection().stationCertificate()).isEqualTo(before);
            assertThat(rig.connection().warnings()).singleElement().asString().contains("is not valid now");
            granted();
        }
    }

    private Path passwordFile(char[] password) throws IOException {
        Path file = folder.resolve("station.pw");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, new String(password) + "\n");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void lookTwice() {
        rig.look();
        rig.look();
    }

    private void granted() {
        KlmsAnswer answer = rig.ask();
        assertThat(answer).isInstanceOf(KeyPackage.class);
        ((KeyPackage) answer).close();
    }

    private List<X509Certificate> shown() {
        return klms.clientCertificates();
    }

    /** Leaves an idle connection behind; one that has brought keys is closed. */
    private void audited() {
        Map<String, Object> headers = Map.of("Idempotency-Key", "7d1f", "X-Audit-Sequence", 1L);
        rig.template().sendBodyAndHeaders("direct:audit-to-klms", new byte[] {'{', '}'}, headers);
    }
}
