package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The station's key in a PKCS#11 token: SoftHSM 2, with token, keys and certificates made here. */
@EnabledOnOs(OS.LINUX)
class Pkcs11StoreTest {

    @TempDir
    static Path folder;

    private static SoftToken token;
    private static TestPki pki;
    private static StationStores stores;
    private static EmbeddedKlms klms;

    /** By the name of their configuration. */
    private static final Map<String, String> ANSWERS = new LinkedHashMap<>();

    /** All in one process, in this order: a PIN is looked at only until one has opened the token. */
    @BeforeAll
    static void ask() throws Exception {
        token = SoftToken.in(folder);
        pki = TestPki.create();
        stores = pki.writeStationStores(folder);
        token.makeKey("station-ec", "EC", pki);
        token.makeKey("station-rsa", "RSA", pki);
        klms = EmbeddedKlms.start(pki);
        Path noLibrary = Files.writeString(folder.resolve("p11.so"), "no library");
        String pin = token.pin();
        String[] files = {
            configuration("missing-library", token.uri("").replace(token.library() + "", "/none/p11.so"), pin),
            configuration("no-library", token.uri("").replace(token.library() + "", noLibrary + ""), pin),
            configuration("missing-token", token.uri("").replace("LINE", "LIME"), pin),
            configuration("wrong-pin", token.uri("station-ec"), "0" + pin),
            configuration("missing-object", token.uri("station"), pin),
            configuration("several-keys", token.uri(""), pin),
            configuration("ec", token.uri("station-ec"), pin),
            configuration("rsa", token.uri("station-rsa"), pin),
        };
        List<String> environment = List.of("KLMS_TRUST_STORE_PASSWORD", new String(stores.trustStorePassword()));
        for (String line : token.run(environment, KlmsAskProgram.class, files)) {
            if (line.startsWith(KlmsAskProgram.MARK)) {
                String[] parts = line.split(" ", 3);
                ANSWERS.put(parts[1], parts[2]);
            }
        }
        ANSWERS.forEach((name, answer) -> System.out.printf("pkcs11  %-16s %s%n", name, answer));
    }

    @AfterAll
    static void stop() {
        if (klms != null) {
            klms.close();
        }
    }

    private static List<String> environment() {
        return List.of("KLMS_TRUST_STORE_PASSWORD", new String(stores.trustStorePassword()));
    }

    private static String configuration(String name, String keyStore, String pin) throws IOException {
        Path pinFile = Files.writeString(folder.resolve(name + ".pin"), pin + "\n");
        Files.setPosixFilePermissions(pinFile, PosixFilePermissions.fromString("r--------"));
        return Files.writeString(
                        folder.resolve(name),
                        """
                        station.id = LINE-04-PC-12
                        klms.url = %s
                        klms.keys-path = /keys
                        klms.audit-path = /audit
                        klms.answer-timeout = 30 s
                        klms.connect-timeout = 30 s
                        klms.key-store = %s
                        klms.key-store-password-file = %s
                        klms.trust-store = %s
                        reader.1.id = LINE_04_READER_01
                        reader.1.name = *PICC*
                        """
                                .formatted(klms.url(), keyStore, pinFile, stores.trustStore()))
                .toString();
    }

    @Test
    void provesTheStationWithAKeyThatStaysInTheToken() {
        assertThat(ANSWERS).containsEntry("ec", "GRANTED to EC").containsEntry("rsa", "GRANTED to RSA");
        assertThat(klms.clientCertificates())
                .extracting(certificate -> certificate.getPublicKey().getAlgorithm())
                .contains("EC", "RSA");
    }

    /** With a token of its own. */
    @Test
    void refusesToGoOnWithoutItsToken() throws Exception {
        SoftToken pulled = SoftToken.in(Files.createDirectory(folder.resolve("pulled")));
        pulled.makeKey("station", "EC", pki);
        String file = configuration("pulled.properties", pulled.uri("station"), pulled.pin());
        int before = klms.keyRequests().size();
        pulled.talk(
                environment(),
                program -> {
                    assertThat(program.next()).contains("GRANTED to EC");
                    long bytes = klms.receivedBytes();
                    pulled.pull();
                    klms.cutConnections();
                    String answer = program.next();
                    System.out.printf("pkcs11  %-16s %s%n", "pulled", answer);
                    assertThat(answer).contains("KLMS_TLS");
                    assertThat(klms.receivedBytes()).isEqualTo(bytes);
                },
                KlmsAskProgram.MARK,
                KlmsAskProgram.class,
                KlmsAskProgram.AGAIN,
                file);
        assertThat(klms.keyRequests()).hasSize(before + 1);
    }

    @Test
    void namesALibraryThatIsMissingOrNone() {
        assertThat(ANSWERS.get("missing-library")).contains("there is no library /none/p11.so", "module-path");
        assertThat(ANSWERS.get("no-library")).contains("p11.so is no PKCS#11 library of this machine");
    }

    @Test
    void namesTheTokensThatAreThereWhereTheRightOneIsNot() {
        assertThat(ANSWERS.get("missing-token"))
                .contains("PKCS#11 token LIME 04: is not there; there are [", "LINE 04", "another one");
    }

    @Test
    void saysThatThePinIsWrongAndThatTokensCountThat() {
        assertThat(ANSWERS.get("wrong-pin"))
                .contains("the PIN does not open it")
                .contains("klms.key-store-password-file before you start again: tokens count wrong PINs and block")
                .doesNotContain(token.pin());
    }

    @Test
    void namesTheKeysThatAreThereWhereTheRightOneIsNot() {
        assertThat(ANSWERS.get("missing-object"))
                .contains("holds no private key named station")
                .contains("station-ec", "station-rsa");
        assertThat(ANSWERS.get("several-keys")).contains("holds 2 private keys").contains("object=");
    }
}
