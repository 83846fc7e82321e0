package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fobstation.klms.Pkcs11Token;
import org.fobstation.klms.TlsSettings;
import org.fobstation.station.SettingsException.Problem;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stores, pins and where passwords come from. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "passwords lie in files with a POSIX mode")
class KlmsSettingsReaderTest {

    private static final String LEAST =
            """
            station.id = LINE-04-PC-12
            klms.url = https://klms.example:8443
            reader.1.id = LINE_04_READER_01
            reader.1.name = *PICC*
            """;
    private static final String PIN = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @TempDir
    private Path home;

    private final Map<String, String> environment =
            new HashMap<>(Map.of("KLMS_KEY_STORE_PASSWORD", "a", "KLMS_TRUST_STORE_PASSWORD", "b"));

    @Nested
    class Takes {

        @Test
        void aTokenWithItsPinFromTheEnvironment() throws Exception {
            TlsSettings tls = tls("klms.key-store = pkcs11:token=LINE-04;object=station?module-path=/usr/lib/p11.so\n");
            assertThat(tls.keyStore()).isEqualTo(new Pkcs11Token(Path.of("/usr/lib/p11.so"), "LINE-04", "station"));
            assertThat(tls.keyStorePassword().read()).isEqualTo("a".toCharArray());
        }

        @Test
        void aPasswordFromAFileOfTheOwnerAlone() throws Exception {
            environment.remove("KLMS_KEY_STORE_PASSWORD");
            secret("station.pw", "rw-------");
            assertThat(tls("klms.key-store-password-file = station.pw\n")
                            .keyStorePassword()
                            .read())
                    .isEqualTo("geheim".toCharArray());
        }

        @Test
        void severalPins() throws Exception {
            assertThat(tls("klms.pin = " + PIN + ", " + PIN.replace("sha256/A", "sha256/B") + "\n")
                            .pins())
                    .hasSize(2)
                    .first()
                    .hasToString(PIN);
        }

        @Test
        void aFreeSecretFromTheEnvironmentOrAFile() throws Exception {
            environment.put("SITE_MES_PASSWORD", "geheim");
            secret("mes.pw", "r--------");
            assertThat(load("site.mes.password =\nsite.label.password-file = mes.pw\n")
                            .placeholders())
                    .containsEntry("site.mes.password", "geheim")
                    .containsEntry("site.label.password-file", "mes.pw");
        }
    }

    @Nested
    class Refuses {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "klms.key-store = pkcs11:token=A?module-path=/x&pin-value=geheim | a PIN has no place in it | ",
                    "klms.key-store = windows-root:x | that store holds no keys | ",
                    "klms.trust-store = windows-my:x | that store holds no trusted authorities | ",
                    "klms.key-store = windows-my:Fob station | which is only on Windows | PKCS#11 token",
                    "klms.trust-store = windows-root:KLMS CA | which is only on Windows | PKCS#12 file",
                    "klms.pin = geheim | a token's PIN goes into KLMS_KEY_STORE_PASSWORD | ",
                    "klms.pin = sha256/geheim | is sha256/ and 44 signs | ",
                    "klms.key-store-password = geheim | holds a secret in plain text | KLMS_KEY_STORE_PASSWORD",
                    "site.mes.password = geheim | site.mes.password holds a secret | SITE_MES_PASSWORD",
                    "camel.ssl.keystorePassword = geheim | camel.ssl.keystorePassword holds a secret | {{env:NAME}}",
                    "site.printer.pin = geheim | site.printer.pin holds a secret | ends in -file",
                    "site.mes = https://a:geheim@mes.example | holds an address with a secret | SITE_MES",
                    "klms.key-store-password-file = none.pw | there is no such file | ",
                    "site.mes.password-file = none.pw | there is no such file | "
                })
        void withFileLineReasonAndRemedy(String line, String reason, String remedy) {
            if (line.contains("password-file")) {
                environment.remove("KLMS_KEY_STORE_PASSWORD");
            }
            assertThat(refused(line + "\n")).anySatisfy(problem -> {
                assertThat(problem.where()).isEqualTo(home.resolve("station.properties") + " line 5");
                assertThat(problem.what()).contains(reason);
                if (remedy != null) {
                    assertThat(problem.remedy()).contains(remedy);
                }
                assertThat(problem.toString()).doesNotContain("geheim");
            });
        }

        @Test
        void anAddressWithAPasswordWithoutRepeatingIt() {
            assertThat(refused("", LEAST.replace("https://", "https://smith:geheim@")))
                    .singleElement()
                    .satisfies(problem -> {
                        assertThat(problem.what()).isEqualTo("klms.url holds an address with a secret in plain text");
                        assertThat(problem.toString()).doesNotContain("geheim");
                    });
        }

        @ParameterizedTest
        @CsvSource({"klms.key-store-password-file", "site.mes.password-file"})
        void aFileThatOthersMayOpen(String key) throws IOException {
            environment.remove("KLMS_KEY_STORE_PASSWORD");
            secret("open.pw", "rw-r--r--");
            assertThat(refused(key + " = open.pw\n")).anySatisfy(problem -> {
                assertThat(problem.where()).endsWith("line 5");
                assertThat(problem.what()).contains("others than its owner may open it (rw-r--r--)");
                assertThat(problem.remedy()).contains("chmod 600 " + home.resolve("open.pw"));
            });
        }

        @Test
        void aPasswordInTwoPlaces() throws IOException {
            secret("station.pw", "rw-------");
            assertThat(refused("klms.key-store-password-file = station.pw\n"))
                    .extracting(Problem::what)
                    .containsExactly("klms.key-store-password-file is set,"
                            + " and so is the environment variable KLMS_KEY_STORE_PASSWORD");
        }
    }

    private void secret(String name, String mode) throws IOException {
        Path file = Files.writeString(home.resolve(name), "geheim\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private List<Problem> refused(String more) {
        return refused(more, LEAST);
    }

    private List<Problem> refused(String more, String least) {
        SettingsException thrown = catchThrowableOfType(SettingsException.class, () -> load(more, least));
        assertThat(thrown).as("the settings are refused").isNotNull();
        return thrown.problems();
    }

    private TlsSettings tls(String more) throws SettingsException, IOException {
        return load(more).klms().tls();
    }

    private StationSettings load(String more) throws SettingsException, IOException {
        return load(more, LEAST);
    }

    private StationSettings load(String more, String least) throws SettingsException, IOException {
        Path file = Files.writeString(home.resolve("station.properties"), least + more);
        return StationSettings.load(file, environment, home);
    }
}
