package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that cannot be used stops the start and is named with reason and remedy. */
class KlmsStoresTest {

    @TempDir
    Path folder;

    private StationStores stores;

    @BeforeEach
    void writeStores() throws IOException {
        stores = TestPki.create().writeStationStores(folder);
    }

    @Test
    void overwritesThePasswordsItWasGiven() throws KlmsSetupException {
        List<char[]> given = new ArrayList<>();
        StorePassword keyPassword = noting(given, stores::keyStorePassword);
        StorePassword trustPassword = noting(given, stores::trustStorePassword);
        KlmsConnection.open(settings(stores.keyStore(), keyPassword, stores.trustStore(), trustPassword))
                .close();
        assertThat(given).hasSizeGreaterThanOrEqualTo(2).allSatisfy(password -> assertThat(password)
                .containsOnly('\0'));
    }

    @Test
    void namesAMissingFile() {
        Path missing = folder.resolve("none.p12");
        assertRefused(missing, stores::keyStorePassword, "there is no such file", "correct the path");
    }

    @Test
    void namesAWrongPasswordButNotThePassword() {
        assertThatThrownBy(() -> open(stores.keyStore(), "not-this-one"::toCharArray))
                .isInstanceOf(KlmsSetupException.class)
                .hasMessageContaining("the password does not open it")
                .hasMessageContaining("KLMS_KEY_STORE_PASSWORD")
                .hasMessageNotContaining("not-this-one")
                .hasNoCause();
    }

    @Test
    void namesAPasswordThatIsNotSet() {
        assertRefused(stores.keyStore(), () -> null, "its password is not set", "Set KLMS_KEY_STORE_PASSWORD");
    }

    @Test
    void namesAFileThatIsNoPkcs12() throws IOException {
        Path pem = Files.write(
                folder.resolve("station.pem"), "-----BEGIN CERTIFICATE-----".getBytes(StandardCharsets.US_ASCII));
        assertRefused(pem, stores::keyStorePassword, "is not a PKCS#12 store", "keytool -importkeystore");
    }

    /** Such as on a disk that fails, or on Windows while another program holds it. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has a file that everybody may open and nobody can read")
    void tellsAFileThatCannotBeReadFromOneThatIsNone() {
        assertRefused(Path.of("/proc/self/mem"), stores::keyStorePassword, "cannot be read: ", "Look at the disk");
    }

    @Test
    void namesAKeyStoreWithoutAPrivateKey() {
        assertRefused(
                stores.trustStore(), stores::trustStorePassword, "holds no private key", "exactly one private key");
    }

    @Test
    void namesATrustStoreThatTrustsNobody() {
        assertThatThrownBy(() -> KlmsConnection.open(settings(
                        stores.keyStore(), stores::keyStorePassword, stores.keyStore(), stores::keyStorePassword)))
                .isInstanceOf(KlmsSetupException.class)
                .hasMessageContaining("holds no trusted certificate")
                .hasMessageContaining("keytool -importcert");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "all", "ssl:plaintext", "ssl,packet", "ssl:handshake:data", "SSL:PlainText"})
    void refusesToStartWhileJavaWouldPrintKeys(String debug) {
        assertThatThrownBy(() -> MutualTls.refusePlaintextDebugging(debug))
                .isInstanceOf(KlmsSetupException.class)
                .hasMessageContaining("would print keys")
                .hasMessageContaining("ssl:handshake");
    }

    @Test
    void letsJavaTraceHandshakes() {
        assertThatCode(() -> MutualTls.refusePlaintextDebugging("ssl:handshake"))
                .doesNotThrowAnyException();
        assertThatCode(() -> MutualTls.refusePlaintextDebugging(null)).doesNotThrowAnyException();
    }

    private void assertRefused(Path keyStore, StorePassword password, String reason, String remedy) {
        assertThatThrownBy(() -> open(keyStore, password))
                .isInstanceOf(KlmsSetupException.class)
                .hasMessageStartingWith(keyStore + ": " + reason)
                .hasMessageContaining(remedy);
    }

    private void open(Path keyStore, StorePassword password) throws KlmsSetupException {
        KlmsConnection.open(settings(keyStore, password, stores.trustStore(), stores::trustStorePassword))
                .close();
    }

    private static KlmsSettings settings(
            Path keyStore, StorePassword keyPassword, Path trustStore, StorePassword trustPassword) {
        return new KlmsSettings(
                URI.create("https://127.0.0.1:1"),
                "/keys",
                "/audit",
                new TlsSettings(
                        new Pkcs12File(keyStore),
                        keyPassword,
                        new Pkcs12File(trustStore),
                        trustPassword,
                        List.of("TLSv1.3"),
                        List.of()),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                1,
                UidFormat.RAW);
    }

    private static StorePassword noting(List<char[]> given, StorePassword password) {
        return () -> {
            char[] chars = password.read();
            given.add(chars);
            return chars;
        };
    }
}
