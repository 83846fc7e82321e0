package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.fobstation.audit.StationConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hashes that an auditor can compute with other tools. */
class ConfigurationHashesTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws Exception {
        Files.writeString(folder.resolve("provision.yaml"), "- route: 1\n");
        Files.writeString(folder.resolve("audit.yaml"), "- route: 2\n");
        Files.writeString(folder.resolve("notes.txt"), "no route\n");
    }

    private StationConfiguration of(Map<String, String> settings) throws Exception {
        return ConfigurationHashes.of(settings, RouteFiles.read(folder), Map.of());
    }

    private static String sha256(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void areThoseOfTheSettingsInTheOrderOfTheirKeys() throws Exception {
        assertThat(of(Map.of("b.two", "2", "a.one", "ü")).configHash()).isEqualTo(sha256("a.one = ü\nb.two = 2\n"));
    }

    @Test
    void areThoseOfWhatSha256sumPrintsForTheRoutes() throws Exception {
        assertThat(of(Map.of()).routesHash())
                .isEqualTo(sha256(
                        sha256("- route: 2\n") + "  audit.yaml\n" + sha256("- route: 1\n") + "  provision.yaml\n"));
    }

    @Test
    void changeWithASettingAByteOfARouteAndItsName() throws Exception {
        StationConfiguration before = of(Map.of("a.one", "1"));
        assertThat(of(Map.of("a.one", "2")).configHash()).isNotEqualTo(before.configHash());
        Files.writeString(folder.resolve("audit.yaml"), "- route: 3\n");
        StationConfiguration edited = of(Map.of("a.one", "1"));
        assertThat(edited.routesHash()).isNotEqualTo(before.routesHash());
        assertThat(edited.configHash()).isEqualTo(before.configHash());
        assertThat(edited.parts().get("routes/audit.yaml"))
                .isNotEqualTo(before.parts().get("routes/audit.yaml"));
        Files.move(folder.resolve("audit.yaml"), folder.resolve("other.yaml"));
        assertThat(of(Map.of("a.one", "1")).routesHash()).isNotEqualTo(edited.routesHash());
    }

    @Test
    void doNotDependOnWhatASecretIs() throws Exception {
        assertThat(of(Map.of("site.mes-password", "1234"))).isEqualTo(of(Map.of("site.mes-password", "abcd")));
        assertThat(of(Map.of("site.door.pin", "1234"))).isEqualTo(of(Map.of("site.door.pin", "4321")));
    }

    /** Whoever changes whom the station trusts is seen. */
    @Test
    void changeWithThePinOfTheKlmsAndWithWhereAPasswordIs() throws Exception {
        for (String key : List.of("klms.pin", "klms.key-store-password-file", "site.mes.password-file")) {
            assertThat(of(Map.of(key, "one"))).as(key).isNotEqualTo(of(Map.of(key, "other")));
        }
    }

    @Test
    void areNotWhatRunsIfTheRoutesAreChangedMeanwhile() throws Exception {
        RouteFiles routes = RouteFiles.read(folder);
        routes.requireUnchanged();
        Files.writeString(folder.resolve("evil.yaml"), "- route: 4\n");

        assertThatExceptionOfType(StationStartException.class)
                .isThrownBy(routes::requireUnchanged)
                .withMessageContaining("were changed while the station started");
    }
}
