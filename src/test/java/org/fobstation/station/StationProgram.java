package org.fobstation.station;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * How a {@link KillableStation} is started: with the packed station where there is one, otherwise with what the tests run
 * with. Hundreds of starts are worth an archive of loaded classes, which the first process makes at its end.
 */
final class StationProgram {

    private static final List<String> QUICK =
            List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m");

    private final Path folder;
    private final String classPath;
    private final boolean packed;
    private final List<String> flags;

    private StationProgram(Path folder, String classPath, boolean packed, List<String> flags) {
        this.folder = folder;
        this.classPath = classPath;
        this.packed = packed;
        this.flags = flags;
    }

    static StationProgram in(Path folder) throws IOException {
        Path jar = Path.of(System.getProperty("station.dir", "none"), "fob-station.jar")
                .toAbsolutePath();
        if (Files.notExists(jar)) {
            return new StationProgram(folder, System.getProperty("java.class.path"), false, QUICK);
        }
        String classPath = jar + System.getProperty("path.separator") + testJar(folder);
        return new StationProgram(folder, classPath, true, QUICK);
    }

    /** Only classes in jars can be shared. */
    private static Path testJar(Path folder) throws IOException {
        Path jar = folder.resolve("failpoints.jar");
        Path classes = Path.of("target/test-classes");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> found = Files.list(classes.resolve("org/fobstation/station"))) {
            for (Path one : found.filter(
                            path -> path.getFileName().toString().matches("(Killable|Failpoint|PlantedKey).*"))
                    .sorted()
                    .toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(one).toString().replace('\\', '/')));
                out.write(Files.readAllBytes(one));
            }
        }
        return jar;
    }

    boolean isPacked() {
        return packed;
    }

    /** The process that makes the archive when it ends by itself. */
    StationProgram sharing() {
        return new StationProgram(folder, classPath, packed, quickWith("-XX:ArchiveClassesAtExit=" + archive()));
    }

    /** The processes that use it. */
    StationProgram shared() {
        return new StationProgram(folder, classPath, packed, quickWith("-XX:SharedArchiveFile=" + archive()));
    }

    /** The processes that run with the flags the station is shipped with. */
    StationProgram shipped() {
        return new StationProgram(
                folder,
                classPath,
                packed,
                List.of("@" + Path.of("config/jvm.options").toAbsolutePath()));
    }

    private static List<String> quickWith(String flag) {
        List<String> flags = new ArrayList<>(QUICK);
        flags.add(flag);
        return flags;
    }

    private Path archive() {
        return folder.resolve("classes.jsa");
    }

    List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                "-Dlog4j2.configurationFile="
                        + Path.of("src/main/resources/log4j2.properties").toUri(),
                "-cp",
                classPath,
                KillableStation.class.getName()));
        return command;
    }
}
