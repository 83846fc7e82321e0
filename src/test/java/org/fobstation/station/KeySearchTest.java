package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.fobstation.outcome.Outcome;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.reader.VirtualReader;
import org.fobstation.simulator.reader.VirtualSmartCardService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search that every station under test ends with would find a key. */
class KeySearchTest {

    private static final String UID = "04A1B2C3D4E5F6";

    @TempDir
    private Path folder;

    @Test
    void findsAPlantedKeyInEveryForm() throws Exception {
        VirtualSmartCardService service = new VirtualSmartCardService();
        VirtualReader reader = service.plugIn("Virtual Reader PICC 0");
        try (TestStation station = TestStation.in(folder).start(service, reader.readerName())) {
            reader.present(station.fob(UID));
            assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
            org.awaitility.Awaitility.await()
                    .until(() -> station.klms().audits().size() == 1);
            CardKeys keys = station.keysOf(UID);
            KeySearch search = KeySearch.forKeysOf(station.klms());

            assertThat(search.size()).as("three static and three session keys").isEqualTo(6);
            String hex = HexFormat.of().formatHex(keys.dek());
            assertThat(search.hitsIn("a text", "x" + hex + "y")).hasSize(1);
            assertThat(search.hitsIn("a text", "x" + hex.toUpperCase(Locale.ROOT) + "y"))
                    .hasSize(1);
            assertThat(search.hitsIn("a text", Base64.getEncoder().encodeToString(keys.enc())))
                    .hasSize(1);
            Path planted =
                    Files.write(Files.createDirectory(folder.resolve("planted")).resolve("file"), keys.mac());
            assertThat(search.hitsIn(planted.getParent())).containsExactly("Key-MAC of " + UID + " in " + planted);
            Files.delete(planted);
        }
    }
}
