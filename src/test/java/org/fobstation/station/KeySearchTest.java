package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.fobstation.outcome.Outcome;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.VirtualFob;
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
            VirtualFob fob = station.fob(UID);
            reader.present(fob);
            assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
            org.awaitility.Awaitility.await()
                    .until(() -> station.klms().audits().size() == 1);
            CardKeys keys = station.keysOf(UID);
            KeySearch search = KeySearch.forKeysOf(station.klms(), List.of(fob));

            assertThat(search.size())
                    .as("three issued, three of the session, three held since")
                    .isEqualTo(9);
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
            assertFindsAnyEightBytesOf(keys.mac(), search);
        }
    }

    /** Amid bytes that are not the key's, as a dump or a log would have them. */
    private static void assertFindsAnyEightBytesOf(byte[] key, KeySearch search) {
        for (int at = 0; at + 8 <= key.length; at++) {
            int from = 3 + at % 3;
            byte[] dump = new byte[16];
            for (int i = 0; i < dump.length; i++) {
                int place = at + i - from;
                boolean isOfThePiece = place >= at && place < at + 8;
                dump[i] = (byte) (isOfThePiece ? key[place] : ~key[Math.floorMod(place, key.length)]);
            }
            byte[] sevenOnly = dump.clone();
            sevenOnly[from] ^= 1;
            for (String form : forms(dump)) {
                assertThat(search.hitsIn("a dump", form)).as(form).hasSize(1);
            }
            for (String form : forms(sevenOnly)) {
                assertThat(search.hitsIn("a dump", form)).as(form).isEmpty();
            }
        }
    }

    private static List<String> forms(byte[] dump) {
        return List.of(
                HexFormat.of().formatHex(dump),
                HexFormat.of().withUpperCase().formatHex(dump),
                HexFormat.ofDelimiter(" ").formatHex(dump),
                Base64.getEncoder().encodeToString(dump),
                Base64.getUrlEncoder().encodeToString(dump),
                Arrays.toString(dump),
                new String(dump, StandardCharsets.ISO_8859_1));
    }
}
