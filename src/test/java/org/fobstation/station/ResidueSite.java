package org.fobstation.station;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fobstation.residue.Findings;
import org.fobstation.residue.KnownKey;
import org.fobstation.residue.MemoryScan;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Kdf3;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;

/** A station in a process of its own, started as it is shipped, whose fobs and key server are in this one. */
final class ResidueSite implements AutoCloseable {

    private final EmbeddedKlms klms;
    private final KilledStation station;
    private final List<KeyWitness> fobs = new ArrayList<>();
    private final List<Long> micros = new ArrayList<>();
    private final List<Long> scrubMillis = new ArrayList<>();
    private final StringBuilder report = new StringBuilder();

    ResidueSite(Path folder) throws Exception {
        TestPki pki = TestPki.create();
        klms = EmbeddedKlms.start(pki);
        StationStores stores = pki.writeStationStores(Files.createDirectories(folder.resolve("stores")));
        Path config = Files.writeString(folder.resolve("station.properties"), settings(folder, stores));
        station = new KilledStation(
                folder,
                config,
                Map.of(
                        "KLMS_KEY_STORE_PASSWORD", new String(stores.keyStorePassword()),
                        "KLMS_TRUST_STORE_PASSWORD", new String(stores.trustStorePassword())),
                StationProgram.in(folder).shipped(),
                shown -> {},
                command -> {});
        station.await("READY");
    }

    /** The times are long: a fob is held up while memory is looked through. */
    private String settings(Path folder, StationStores stores) {
        return """
                station.id = LINE-04-PC-12
                data.dir = %s
                routes.dir = %s
                klms.url = %s
                klms.keys-path = /keys
                klms.audit-path = /audit
                klms.key-store = %s
                klms.trust-store = %s
                klms.key-ttl = 10 min
                card.run-timeout = 10 min
                reader.1.id = LINE_04_READER_01
                reader.1.name = %s
                reader.debounce = 0 ms
                audit.min-free = 1 MB
                """
                .formatted(
                        folder.resolve("data"),
                        Path.of("routes").toAbsolutePath(),
                        klms.url(),
                        stores.keyStore(),
                        stores.trustStore(),
                        KillableStation.READER);
    }

    /** One fob from presentation to removal. */
    void provision() throws Exception {
        present();
        micros.add(Long.parseLong(station.await("TOOK").substring("TOOK ".length())));
        String shown = station.await("SHOWN");
        if (!shown.startsWith("SHOWN PASS")) {
            throw new AssertionError(shown);
        }
        leave();
    }

    void present() throws IOException {
        int number = fobs.size() + 1;
        String uid = "04%012X".formatted(number).toUpperCase(Locale.ROOT);
        Kdf3.Keys keys = klms.fobKeys().keysOf(uid);
        VirtualFob fob = VirtualFob.builder()
                .uid(uid)
                .keySet(klms.keyVersion(), new CardKeys(keys.enc(), keys.mac(), keys.dek()))
                .build();
        fobs.add(new KeyWitness(fob, number));
        station.present(fobs.get(number - 1));
    }

    void leave() throws Exception {
        station.remove();
    }

    void holdUpAt(Failpoint point) throws IOException {
        station.arm(point);
    }

    void awaitHeldUp(Failpoint point) throws Exception {
        station.await("AT " + point);
    }

    void goOn() throws IOException {
        station.goOn();
    }

    /** Waits until the station has scrubbed its memory after the fobs so far. */
    void awaitClean() throws Exception {
        long begun = System.nanoTime();
        station.awaitClean();
        scrubMillis.add((System.nanoTime() - begun) / 1_000_000);
    }

    List<KnownKey> keys() {
        return fobs.stream().flatMap(fob -> fob.keys().stream()).toList();
    }

    /** Looks for all keys so far, and notes the counts. */
    Findings look(String stage) throws IOException {
        return look(stage, keys());
    }

    private Findings look(String stage, List<KnownKey> keys) throws IOException {
        Findings found = new MemoryScan(keys).of(station.pid());
        int last = fobs.size();
        report.append("%n%-32s %6d keys looked for in %d MB: earlier fobs: %s; this one: %s"
                .formatted(
                        stage,
                        keys.size(),
                        found.bytes() >> 20,
                        found.of(key -> key.fob() != last).summary(),
                        found.of(key -> key.fob() == last).summary()));
        return found;
    }

    /** Puts a key into the station's memory in every form and looks for it. */
    Findings lookForPlantedKey() throws Exception {
        byte[] key = new byte[16];
        new SecureRandom().nextBytes(key);
        station.plant(HexFormat.of().formatHex(key));
        return look("with a key planted", List.of(new KnownKey("planted", fobs.size(), key)));
    }

    /** What was found where, and how long fobs and scrubs took. */
    String report() {
        List<Long> sorted = micros.stream().sorted().toList();
        return "keys in the station's memory:" + report
                + "%nrun: median %.1f ms; scrubs, with the pause before them: %s ms"
                        .formatted(sorted.get(sorted.size() / 2) / 1000.0, scrubMillis);
    }

    @Override
    public void close() throws IOException {
        station.kill();
        klms.close();
    }
}
