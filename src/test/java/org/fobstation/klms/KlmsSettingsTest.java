package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KlmsSettingsTest {

    @Test
    void joinsUrlAndPaths() {
        KlmsSettings settings = settings("https://klms.example:8443/v1", "/keys", "TLSv1.3", 2, 5000);
        assertThat(settings.keysUrl()).hasToString("https://klms.example:8443/v1/keys");
        assertThat(settings.auditUrl()).hasToString("https://klms.example:8443/v1/audit");
    }

    @ParameterizedTest
    @CsvSource({
        "http://klms.example,              write https",
        "klms.example,                     write https",
        "https://user:pass@klms.example,   leave user",
        "https://klms.example?a=b,         leave user",
        "https://klms.example/,            slash at its end"
    })
    void refusesAUrlThatIsNotPlainHttps(String url, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(url, "/keys", "TLSv1.3", 2, 5000))
                .withMessageStartingWith("klms.url: ")
                .withMessageContaining(reason)
                .withMessageNotContaining("pass");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "", "/keys?x=1", "/a b", "/{{x}}"})
    void refusesAPathCamelWouldReadOtherwise(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("https://klms.example", path, "TLSv1.3", 2, 5000))
                .withMessageStartingWith("klms.keys-path: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.1", "SSLv3", "tls"})
    void refusesOldProtocols(String protocol) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("https://klms.example", "/keys", protocol, 2, 5000))
                .withMessageContaining("TLSv1.3, TLSv1.2");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 600_001})
    void refusesWaitsWithoutABound(long millis) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("https://klms.example", "/keys", "TLSv1.3", 2, millis))
                .withMessageStartingWith("klms.answer-timeout: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 101})
    void refusesAnOddPool(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("https://klms.example", "/keys", "TLSv1.3", size, 5000))
                .withMessageStartingWith("klms.pool-size: ");
    }

    private static KlmsSettings settings(String url, String keysPath, String protocol, int pool, long answerMillis) {
        return new KlmsSettings(
                URI.create(url),
                keysPath,
                "/audit",
                new TlsSettings(
                        new Pkcs12File(Path.of("station.p12")),
                        () -> new char[0],
                        new Pkcs12File(Path.of("trust.p12")),
                        () -> new char[0],
                        List.of(protocol),
                        List.of()),
                Duration.ofSeconds(3),
                Duration.ofMillis(answerMillis),
                pool,
                UidFormat.RAW);
    }
}
