package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.fobstation.klms.WindowsStore.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the places of keys and certificates are written. */
class StoreLocationTest {

    private static final Path HOME = Path.of("/opt/station");

    @Test
    void aPathIsAPkcs12File() {
        assertThat(StoreLocation.ofKey("config/station.p12", HOME))
                .isEqualTo(new Pkcs12File(Path.of("/opt/station/config/station.p12")));
        assertThat(StoreLocation.ofTrust("/etc/trust.p12", HOME)).isEqualTo(new Pkcs12File(Path.of("/etc/trust.p12")));
    }

    @ParameterizedTest
    @CsvSource({
        "pkcs11:token=LINE-04;object=station?module-path=/usr/lib/p11.so, LINE-04, station, /usr/lib/p11.so",
        "pkcs11:token=LINE-04?module-path=/usr/lib/p11.so, LINE-04, '', /usr/lib/p11.so",
        "pkcs11:object=a+b;token=LINE%2004%3B?module-path=lib/my%20p11.so, LINE 04;, a+b, /opt/station/lib/my p11.so"
    })
    void aTokenIsWrittenAsRfc7512Says(String text, String token, String object, String module) {
        assertThat(StoreLocation.ofKey(text, HOME)).isEqualTo(new Pkcs11Token(Path.of(module), token, object));
    }

    @ParameterizedTest
    @CsvSource({
        "pkcs11:token=A, it names no module-path",
        "pkcs11:?module-path=/p11.so, it names no token",
        "pkcs11:token=A;token=B?module-path=/p11.so, 'token' is in it twice",
        "pkcs11:token=A;slot-id=3?module-path=/p11.so, 'slot-id' is not known",
        "pkcs11:/usr/lib/p11.so?token=A, '/usr/lib/p11.so' is not known",
        "pkcs11:token=A?module-path=/p11.so&pin-value=987654, a PIN has no place in it",
        "pkcs11:token=A?module-path=/p11.so&pin-source=file:/x, a PIN has no place in it",
        "windows-my:, it names no certificate",
        "windows-root:X, that store holds no keys"
    })
    void aKeyElsewhereIsRefusedWithTheReason(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreLocation.ofKey(text, HOME))
                .withMessageContaining(reason)
                .withMessageNotContaining("987654");
    }

    @ParameterizedTest
    @CsvSource({
        "pkcs11:token=A?module-path=/p11.so, keep the trusted certificates in a PKCS#12 file",
        "windows-my:X, that store holds no trusted authorities",
        "windows-root:, it names no certificate"
    })
    void trustElsewhereIsRefusedWithTheReason(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreLocation.ofTrust(text, HOME))
                .withMessageContaining(reason);
    }

    @Test
    void windowsStoresAreNamed() {
        assertThat(StoreLocation.ofKey("windows-my:Fob station", HOME))
                .isEqualTo(new WindowsStore(Kind.MY, "Fob station"));
        assertThat(StoreLocation.ofTrust("windows-root:0563B8630D62D75ABBC8AB1E4BDFB5A899B24D43", HOME))
                .isEqualTo(new WindowsStore(Kind.ROOT, "0563B8630D62D75ABBC8AB1E4BDFB5A899B24D43"))
                .returns(false, StoreLocation::hasPassword);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there the store exists")
    void windowsStoresAreOnlyOnWindows() {
        assertThatThrownBy(() ->
                        StoreLocation.ofKey("windows-my:Fob station", HOME).load(null, ""))
                .isInstanceOf(KlmsSetupException.class)
                .hasMessage("windows-my:Fob station: this store is only on Windows."
                        + " Use a PKCS#12 file or a PKCS#11 token here.");
    }
}
