package org.fobstation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What the package says of the libraries in it is what lies in it: no library unnamed, none named that is not there. */
class SupplyChainIT {

    private static final Path STATION = Path.of(System.getProperty("station.dir"));

    private final Map<String, String> shipped = hashes(STATION.resolve("lib"));
    private final Map<String, String> ofSimulator = hashes(STATION.resolve("simulator"));

    SupplyChainIT() throws IOException {
        ofSimulator.remove("fob-station-simulator.jar");
    }

    @Test
    void sbomNamesTheLibrariesOfTheStationAndOfTheSimulatorWithTheirHashes() throws IOException {
        JsonNode sbom = new ObjectMapper().readTree(sbom("json").toFile());

        assertThat(hashes(sbom, "required")).hasSizeGreaterThan(40).isEqualTo(shipped);
        assertThat(hashes(sbom, "optional")).hasSize(2).isEqualTo(ofSimulator);
        assertThat(sbom.get("components")).hasSize(shipped.size() + ofSimulator.size());
        assertThat(sbom("xml")).isRegularFile();
    }

    @Test
    void sbomHasNothingInItThatIsOtherInEachBuild() throws IOException {
        JsonNode sbom = new ObjectMapper().readTree(sbom("json").toFile());

        assertThat(sbom.has("serialNumber")).isFalse();
        assertThat(sbom.get("metadata").has("timestamp")).isFalse();
    }

    @Test
    void licencesNameEveryLibraryAndTheTextsLieBeside() throws IOException {
        Map<String, String> station = licences(STATION.resolve("licenses/THIRD-PARTY.txt"));
        Map<String, String> simulator = licences(STATION.resolve("simulator/THIRD-PARTY.txt"));

        assertThat(station).containsOnlyKeys(shipped.keySet());
        assertThat(simulator).containsOnlyKeys(ofSimulator.keySet());
        assertThat(Stream.concat(station.values().stream(), simulator.values().stream()))
                .allSatisfy(licence -> assertThat(STATION.resolve("licenses/" + licence + ".txt"))
                        .isNotEmptyFile());
    }

    @Test
    void libraryOfTheClassPathIsInTheFolderAndTheOtherWayRound() throws IOException {
        String classPath;
        try (JarFile jar = new JarFile(STATION.resolve("fob-station.jar").toFile())) {
            classPath = jar.getManifest().getMainAttributes().getValue("Class-Path");
        }

        assertThat(Stream.of(classPath.split(" ")).filter(entry -> entry.startsWith("lib/")))
                .containsAll(
                        shipped.keySet().stream().map(name -> "lib/" + name).toList());
    }

    /** It needs Maven online, so a build offline has none; a build for delivery is online. */
    private static Path sbom(String type) {
        assumeFalse(
                "offline=true".equals(System.getProperty("maven.network")),
                "built offline: the SBOM's plugin does not run then");
        return STATION.resolve("sbom/fob-station." + type);
    }

    private static Map<String, String> hashes(JsonNode sbom, String scope) {
        return StreamSupport.stream(sbom.get("components").spliterator(), false)
                .filter(component -> scope.equals(component.get("scope").asText()))
                .collect(Collectors.toMap(SupplyChainIT::fileName, SupplyChainIT::sha256, (a, b) -> a, TreeMap::new));
    }

    private static String fileName(JsonNode component) {
        return component.get("name").asText() + "-" + component.get("version").asText() + ".jar";
    }

    private static String sha256(JsonNode component) {
        return StreamSupport.stream(component.get("hashes").spliterator(), false)
                .filter(hash -> "SHA-256".equals(hash.get("alg").asText()))
                .map(hash -> hash.get("content").asText())
                .findFirst()
                .orElseThrow();
    }

    /** By file name, the licence the station chose; a line is file name, licence (and those not chosen), group. */
    private static Map<String, String> licences(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> List.of(line.split("\\s+")))
                .collect(Collectors.toMap(words -> words.get(0), words -> words.get(1)));
    }

    private static Map<String, String> hashes(Path folder) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".jar")).toList()) {
                hashes.put(file.getFileName().toString(), sha256(Files.readAllBytes(file)));
            }
        }
        return hashes;
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
