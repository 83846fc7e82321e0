package org.fobstation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who builds the same sources elsewhere and at another time gets the same station, byte for byte. */
class ReproducibleBuildIT {

    private static final Path PROJECT = Path.of("").toAbsolutePath();
    private static final Path STATION = Path.of(System.getProperty("station.dir"));
    private static final boolean OFFLINE = "offline=true".equals(System.getProperty("maven.network"));
    private static final Set<String> NOT_NEEDED = Set.of(".git", "target", "src", "src/test", "src/bench");

    /** What a station or a demo that has run leaves; offline the SBOM is of an earlier build, if there is one. */
    private static final List<String> NOT_BUILT =
            OFFLINE ? List.of("data", "demo", "logs", "sbom") : List.of("data", "demo", "logs");

    @TempDir
    private Path elsewhere;

    @Test
    void sameSourcesInAnotherFolderAtAnotherTimeGiveTheSameBytes() throws Exception {
        for (Path source : sources()) {
            copy(source);
        }

        build();

        Map<String, Path> second = built(elsewhere.resolve("target/station"));
        assertThat(second).containsKeys("fob-station.jar", "simulator/fob-station-simulator.jar");
        assertThat(differences(built(STATION), second)).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> top = Files.list(PROJECT);
                Stream<Path> src = Files.list(PROJECT.resolve("src"))) {
            return Stream.concat(top, src)
                    .filter(path -> !NOT_NEEDED.contains(name(PROJECT, path)))
                    .toList();
        }
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private void copy(Path source) throws IOException {
        for (Path file : FolderFiles.in(source)) {
            Path copy = elsewhere.resolve(PROJECT.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
            Files.setLastModifiedTime(copy, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        }
    }

    /** Under another time zone and language too: they must not reach what is built. */
    private void build() throws IOException, InterruptedException {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("maven.home"), "bin", windows ? "mvn.cmd" : "mvn")
                        .toString(),
                "-q",
                "-B",
                "-ntp",
                "package",
                "-Dmaven.test.skip=true",
                "-Dmaven.repo.local=" + System.getProperty("maven.repo.local")));
        if (OFFLINE) {
            command.add("-o");
        }
        Path output = elsewhere.resolve("build.log");
        ProcessBuilder maven = new ProcessBuilder(command)
                .directory(elsewhere.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        maven.environment().put("MAVEN_OPTS", "-Duser.timezone=Pacific/Auckland -Duser.language=de -Duser.country=DE");
        Process build = maven.start();
        try {
            assertThat(build.waitFor(10, TimeUnit.MINUTES)).as("build ends").isTrue();
            assertThat(build.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            build.destroyForcibly();
        }
    }

    private static Map<String, Path> built(Path station) {
        Map<String, Path> files = new TreeMap<>();
        for (Path file : FolderFiles.in(station)) {
            String name = name(station, file);
            if (NOT_BUILT.stream().noneMatch(folder -> name.startsWith(folder + "/"))) {
                files.put(name, file);
            }
        }
        return files;
    }

    private static List<String> differences(Map<String, Path> first, Map<String, Path> second) throws IOException {
        List<String> differences = new ArrayList<>();
        first.keySet().stream()
                .filter(name -> !second.containsKey(name))
                .forEach(name -> differences.add("only in the first: " + name));
        second.keySet().stream()
                .filter(name -> !first.containsKey(name))
                .forEach(name -> differences.add("only in the second: " + name));
        for (String name : first.keySet()) {
            Path other = second.get(name);
            if (other != null && Files.mismatch(first.get(name), other) >= 0) {
                differences.add(name.endsWith(".jar") ? name + ": " + entries(first.get(name), other) : name);
            }
        }
        return differences;
    }

    /** The entries that differ; none if the jars differ in order, times or compression only. */
    private static List<String> entries(Path first, Path second) throws IOException {
        Map<String, Long> ofFirst = checksums(first);
        Map<String, Long> ofSecond = checksums(second);
        List<String> names = new ArrayList<>(ofFirst.keySet());
        names.addAll(ofSecond.keySet());
        return names.stream()
                .distinct()
                .filter(name -> !Objects.equals(ofFirst.get(name), ofSecond.get(name)))
                .toList();
    }

    private static Map<String, Long> checksums(Path jar) throws IOException {
        Map<String, Long> checksums = new TreeMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            zip.stream().forEach(entry -> checksums.put(entry.getName(), entry.getCrc()));
        }
        return checksums;
    }
}
