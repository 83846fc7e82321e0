package org.fobstation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Opens what is delivered and looks for what must not be in it. */
class ProductionJarIT {

    private static final Path STATION = Path.of(System.getProperty("station.dir"));

    /** The well-known test key of GlobalPlatform cards, 40 41 ... 4F. */
    private static final byte[] TEST_KEY = HexFormat.of().parseHex("404142434445464748494a4b4c4d4e4f");

    @Test
    void holdsNoSimulatorClass() throws IOException {
        try (JarFile jar = new JarFile(STATION.resolve("fob-station.jar").toFile())) {
            assertThat(jar.stream().map(JarEntry::getName))
                    .contains(
                            "org/fobstation/station/StationMain.class",
                            "META-INF/services/org/apache/camel/component/pcsc")
                    .noneMatch(name ->
                            name.contains("simulator") || name.contains("StationCommand") && name.contains("services"));
        }
    }

    @Test
    void simulatorLiesInItsOwnFolderWithItsOwnLibraries() throws IOException {
        try (Stream<Path> libraries = Files.list(STATION.resolve("lib"))) {
            assertThat(libraries.map(path -> path.getFileName().toString()))
                    .noneMatch(
                            name -> name.startsWith("bcpkix") || name.startsWith("bcutil") || name.startsWith("junit"));
        }
        assertThat(STATION.resolve("simulator/fob-station-simulator.jar")).isRegularFile();
    }

    @Test
    void documentsThatTheSiteNeedsLieBesideIt() {
        assertThat(List.of(
                        "README.md",
                        "SECURITY.md",
                        "src/docs/windows.md",
                        "src/docs/pcsc.md",
                        "src/docs/keys-in-memory.md"))
                .allSatisfy(document -> assertThat(STATION.resolve(document)).isNotEmptyFile());
    }

    @Test
    void holdsNeitherTheTestKeyNorPrivateKeys() throws IOException {
        List<String> found = new ArrayList<>();
        try (JarFile jar = new JarFile(STATION.resolve("fob-station.jar").toFile())) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                try (InputStream in = jar.getInputStream(entry)) {
                    byte[] content = in.readAllBytes();
                    String text = new String(content, StandardCharsets.ISO_8859_1);
                    boolean bad = text.contains(new String(TEST_KEY, StandardCharsets.ISO_8859_1))
                            || text.toLowerCase(java.util.Locale.ROOT)
                                    .contains(HexFormat.of().formatHex(TEST_KEY))
                            || text.contains("PRIVATE KEY-----")
                            || entry.getName().matches(".*\\.(p12|pfx|jks|key|pem)");
                    if (bad) {
                        found.add(entry.getName());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
