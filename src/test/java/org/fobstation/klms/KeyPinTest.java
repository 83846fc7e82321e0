package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pins of the key server's key. A server with another key is among {@link TlsNegativesTest}. */
class KeyPinTest {

    private static final Pattern PIN = Pattern.compile("sha256/\\S{44}");

    @TempDir
    private Path folder;

    /** The key of RFC 8032's first test vector, as RFC 8410 writes it; the hash is openssl's. */
    @Test
    void isTheHashOfTheSubjectPublicKeyInfo() throws Exception {
        byte[] spki = Base64.getDecoder().decode("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
        assertThat(KeyPin.of(key)).hasToString("sha256/BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k=");
    }

    @Test
    void severalAreSeparatedByCommas() throws Exception {
        KeyPin first = KeyPin.of(newKey());
        KeyPin second = KeyPin.of(newKey());
        assertThat(KeyPin.parse(first + " , " + second + ",")).containsExactly(first, second);
        assertThat(KeyPin.parse("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256/",
                "sha256/AAAA",
                "sha1/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA***="
            })
    void isRefusedInAnotherForm(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPin.parse(text))
                .withMessageContaining("a pin of the server's key is sha256/ and 44 signs of Base64");
    }

    @Test
    void theServersOwnLetsItInAlsoBesideTheNextOne() throws Exception {
        TestPki pki = TestPki.create();
        StationStores stores = pki.writeStationStores(folder);
        KeyPin next = KeyPin.of(newKey());
        try (EmbeddedKlms klms = EmbeddedKlms.start(pki)) {
            KlmsSettings base = KlmsRig.settings(klms.url(), stores);
            KeyPin own;
            try (KlmsRig rig =
                    KlmsRig.start(KlmsRig.with(base, KlmsRig.tls(stores, List.of(next)), Duration.ofSeconds(5)))) {
                // What the refusal says is what an engineer would copy, once compared.
                Matcher said = PIN.matcher(((KlmsError) rig.ask()).detail());
                assertThat(said.find()).isTrue();
                own = KeyPin.parse(said.group()).get(0);
            }
            assertThat(klms.receivedBytes()).isZero();
            try (KlmsRig rig =
                    KlmsRig.start(KlmsRig.with(base, KlmsRig.tls(stores, List.of(next, own)), Duration.ofSeconds(5)))) {
                KlmsAnswer answer = rig.ask();
                assertThat(answer).isInstanceOf(KeyPackage.class);
                ((KeyPackage) answer).close();
            }
        }
    }

    private static PublicKey newKey() throws Exception {
        return KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
    }
}
