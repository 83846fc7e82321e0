package org.fobstation.simulator.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.fobstation.station.SettingsException;
import org.fobstation.station.StationSettings;

/**
 * A folder with all that a station needs: stores made for this demo, a configuration, and the data. The stores go with
 * {@link #close()}; the data stay for a look.
 */
final class DemoSite implements AutoCloseable {

    static final String READER_ID = "LINE_04_READER_01";

    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");

    private final Path folder;
    private final Path home;
    private final TestPki pki;
    private StationStores stores;

    private DemoSite(Path folder, Path home, TestPki pki) {
        this.folder = folder;
        this.home = home;
        this.pki = pki;
    }

    /** @param home the station's folder, with its routes */
    static DemoSite create(Path home) throws IOException {
        Path folder = home.resolve("demo").resolve(LocalDateTime.now().format(NAME));
        Files.createDirectories(folder);
        DemoSite site = new DemoSite(folder, home, TestPki.create());
        site.stores = site.pki.writeStationStores(Files.createDirectory(folder.resolve("stores")));
        return site;
    }

    TestPki pki() {
        return pki;
    }

    Path archive() {
        return folder.resolve("data").resolve("archive");
    }

    /** The station's settings, read from a file as any other station's. */
    StationSettings settings(EmbeddedKlms klms, String readerName) throws IOException, SettingsException {
        String text =
                """
                station.id = DEMO-STATION
                data.dir = %s
                routes.dir = %s
                klms.url = %s
                klms.keys-path = /keys
                klms.audit-path = /audit
                klms.key-store = %s
                klms.trust-store = %s
                reader.1.id = %s
                reader.1.name = %s
                """
                        .formatted(
                                folder.resolve("data"),
                                home.resolve("routes"),
                                klms.url(),
                                stores.keyStore(),
                                stores.trustStore(),
                                READER_ID,
                                readerName);
        Path file = Files.writeString(folder.resolve("station.properties"), text);
        return StationSettings.load(
                file,
                Map.of(
                        "KLMS_KEY_STORE_PASSWORD", new String(stores.keyStorePassword()),
                        "KLMS_TRUST_STORE_PASSWORD", new String(stores.trustStorePassword())),
                home);
    }

    /** Deletes the stores: private keys are not left behind. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(stores.keyStore());
        Files.deleteIfExists(stores.trustStore());
        Files.deleteIfExists(folder.resolve("stores"));
    }
}
