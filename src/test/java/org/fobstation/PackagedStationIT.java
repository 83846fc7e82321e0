package org.fobstation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.fobstation.pcsc.RealPcscd;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Kdf3;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.fobstation.simulator.reader.FobSlot;
import org.fobstation.simulator.reader.VpcdSlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is delivered, as a process of its own: told by configuration alone which key server and reader to use. */
@ExtendWith(RealPcscd.class)
class PackagedStationIT {

    private static final Path STATION =
            Path.of(System.getProperty("station.dir")).toAbsolutePath();
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final String UID = "04A1B2C3D4E5F6";

    @TempDir
    private Path folder;

    @Test
    void servesAnyKeyServerAndReaderByConfigurationAlone() throws Exception {
        TestPki pki = TestPki.create();
        StationStores stores = pki.writeStationStores(folder);
        try (EmbeddedKlms klms = EmbeddedKlms.builder(pki)
                        .paths("/clypeum/v2/keys", "/clypeum/v2/audits")
                        .start();
                FobSlot slot = VpcdSlot.asInstalled(1)) {
            RealPcscd.awaitEmptyReaders();
            Process station = start(
                    Map.ofEntries(
                            Map.entry("STATION_ID", "LINE-07-PC-01"),
                            // Relative to --home, whatever the working directory is, and read by Camel's routes too.
                            Map.entry("DATA_DIR", "my data"),
                            Map.entry("ROUTES_DIR", STATION.resolve("routes").toString()),
                            Map.entry("READER_DEBOUNCE", "300 ms"),
                            Map.entry("AUDIT_BACKOFF", "2 s"),
                            Map.entry("KLMS_URL", klms.url().toString()),
                            Map.entry("KLMS_KEYS_PATH", "/clypeum/v2/keys"),
                            Map.entry("KLMS_AUDIT_PATH", "/clypeum/v2/audits"),
                            Map.entry("KLMS_KEY_STORE", stores.keyStore().toString()),
                            Map.entry("KLMS_TRUST_STORE", stores.trustStore().toString()),
                            Map.entry("KLMS_KEY_STORE_PASSWORD", new String(stores.keyStorePassword())),
                            Map.entry("KLMS_TRUST_STORE_PASSWORD", new String(stores.trustStorePassword())),
                            Map.entry("READER_1_ID", "LINE_07_READER_01"),
                            Map.entry("READER_1_NAME", "*PCD 00 01"),
                            Map.entry("READER_1_EXCLUDE", ""),
                            Map.entry("AUDIT_MIN_FREE", "1 MB"),
                            Map.entry("LOCK_POLICY", "secured, card-locked")),
                    "run",
                    "--config",
                    STATION.resolve("config/station.properties").toString(),
                    "--home",
                    folder.resolve("home").toString());
            try {
                await().atMost(LONGEST).untilAsserted(() -> assertThat(output()).contains("READY"));
                Kdf3.Keys keys = klms.fobKeys().keysOf(UID);
                VirtualFob fob = VirtualFob.builder()
                        .uid(UID)
                        .keySet(klms.keyVersion(), new CardKeys(keys.enc(), keys.mac(), keys.dek()))
                        .build();

                slot.present(fob);

                await().atMost(LONGEST)
                        .untilAsserted(() -> assertThat(output()).anyMatch(line -> line.contains("PASS")));
                assertThat(output()).anyMatch(line -> line.contains(UID) && line.contains("LINE_07_READER_01"));
                await().atMost(LONGEST)
                        .untilAsserted(() -> assertThat(klms.audits()).hasSize(1));
                assertThat(folder.resolve("home/my data/archive")).isDirectory();
                assertThat(new String(klms.audits().get(0).body(), java.nio.charset.StandardCharsets.UTF_8))
                        .contains("\"eol_station_id\":\"LINE-07-PC-01\"");
            } finally {
                station.destroy();
                assertThat(station.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS))
                        .as("the station stops when told to")
                        .isTrue();
            }
        }
    }

    @Test
    void refusesABrokenConfigurationWithFileLineReasonAndRemedy() throws Exception {
        Path config = Files.writeString(folder.resolve("station.properties"), "station.id = A\nklms.ulr = x\n");

        Process station = start(Map.of(), "run", "--config", config.toString());

        assertThat(station.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(station.exitValue()).isEqualTo(2);
        assertThat(output())
                .anyMatch(line -> line.contains(config + " line 2: klms.ulr is no setting of the station"))
                .anyMatch(line -> line.contains("KLMS_KEY_STORE_PASSWORD"));
    }

    @Test
    void namesItsCommands() throws Exception {
        Process station = start(Map.of(), "--help");

        assertThat(station.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(String.join("\n", output()))
                .contains("run")
                .contains("replay")
                .contains("demo");
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        String script = System.getProperty("os.name").startsWith("Windows") ? "bin/station.cmd" : "bin/station.sh";
        List<String> command = new ArrayList<>(List.of(STATION.resolve(script).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private List<String> output() throws IOException {
        return Files.readAllLines(folder.resolve("output.txt"));
    }
}
