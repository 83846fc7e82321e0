package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fobstation.audit.StationConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start in other surroundings is told from the one before, by the name of what changed. */
class SurroundingsTest {

    @TempDir
    Path folder;

    StationConfiguration started(String java, List<String> options, String log) throws Exception {
        Path file = Files.writeString(folder.resolve("log4j2.properties"), log);
        return ConfigurationHashes.of(
                Map.of("station.id", "LINE-04"),
                RouteFiles.read(Path.of("routes")),
                Surroundings.of(java, options, file.toUri().toString()));
    }

    static List<String> changed(StationConfiguration before, StationConfiguration after) {
        assertThat(after.parts()).hasSameSizeAs(before.parts());
        return after.parts().keySet().stream()
                .filter(name -> !after.parts().get(name).equals(before.parts().get(name)))
                .toList();
    }

    @Test
    void areNamedWhereTheyChanged() throws Exception {
        StationConfiguration before = started("17.0.1", List.of("-XX:-HeapDumpOnOutOfMemoryError"), "level = info");

        assertThat(changed(before, started("17.0.2", List.of("-XX:-HeapDumpOnOutOfMemoryError"), "level = info")))
                .containsExactly("java version");
        assertThat(changed(before, started("17.0.1", List.of("-XX:+HeapDumpOnOutOfMemoryError"), "level = info")))
                .containsExactly("java options");
        assertThat(changed(before, started("17.0.1", List.of("-XX:-HeapDumpOnOutOfMemoryError"), "level = trace")))
                .containsExactly("log settings");
    }

    @Test
    void changeNeitherTheHashOfTheSettingsNorThatOfTheRoutes() throws Exception {
        StationConfiguration before = started("17.0.1", List.of(), "level = info");
        StationConfiguration after = started("17.0.2", List.of("-Xmx1g"), "level = trace");

        assertThat(after.configHash()).isEqualTo(before.configHash());
        assertThat(after.routesHash()).isEqualTo(before.routesHash());
    }

    @Test
    void doNotDependOnWhatASecretIs() throws Exception {
        assertThat(started("17", List.of("-Djavax.net.ssl.trustStorePassword=one"), ""))
                .isEqualTo(started("17", List.of("-Djavax.net.ssl.trustStorePassword=other"), ""));
    }

    @Test
    void areThoseOfThisProcess() throws Exception {
        assertThat(Surroundings.ofThisProcess())
                .containsEntry("java version", Runtime.version().toString())
                .containsKey("java options");
    }

    @Test
    void haveNoLogSettingsWhereTheFileIsGone() throws Exception {
        assertThat(Surroundings.of(
                        "17", List.of(), folder.resolve("none").toUri().toString()))
                .containsEntry("log settings", "");
        assertThat(Surroundings.of("17", List.of(), "src/test/resources/log4j2.properties"))
                .as("a place that is not said as a file's address")
                .doesNotContainKey("log settings");
    }
}
