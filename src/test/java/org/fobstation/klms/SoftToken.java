package org.fobstation.klms;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fobstation.simulator.pki.TestPki;

/**
 * A PKCS#11 token of SoftHSM 2 in a folder of its own, with a PIN drawn at random. SoftHSM finds its folder by an
 * environment variable and keeps a login for the whole process, so whatever uses the token runs in another one.
 */
final class SoftToken {

    static final String LABEL = "LINE 04";

    private static final long PATIENCE_SECONDS = 120;
    private static final String ENABLE = "To run it on Debian: apt-get install softhsm2.";
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/pkcs11/libsofthsm2.so"));

    private final Path configuration;
    private final Path library;
    private final String pin;

    private SoftToken(Path configuration, Path library, String pin) {
        this.configuration = configuration;
        this.library = library;
        this.pin = pin;
    }

    /** A new token; skips the test where there is no SoftHSM, or fails it where the environment variable CI is true. */
    static SoftToken in(Path folder) throws IOException, InterruptedException {
        Path library =
                LIBRARIES.stream().filter(Files::isRegularFile).findFirst().orElse(null);
        boolean tool = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path).resolve("softhsm2-util")));
        if (library == null || !tool) {
            unavailable();
        }
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        Path configuration = Files.writeString(
                folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        SoftToken token = new SoftToken(configuration, library, digits());
        token.initialize("another one", digits());
        token.initialize(LABEL, token.pin);
        return token;
    }

    private static void unavailable() {
        String why = "There is no SoftHSM 2. " + ENABLE;
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(why);
        }
        abort(why);
    }

    private static String digits() {
        return Long.toString(10_000_000 + new SecureRandom().nextInt(89_999_999));
    }

    private void initialize(String label, String tokenPin) throws IOException, InterruptedException {
        run(
                List.of(),
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                label,
                "--so-pin",
                digits(),
                "--pin",
                tokenPin);
    }

    Path library() {
        return library;
    }

    String pin() {
        return pin;
    }

    /** How a key on it is named in the configuration. */
    String uri(String object) {
        return "pkcs11:token=" + LABEL.replace(" ", "%20") + (object.isEmpty() ? "" : ";object=" + object)
                + "?module-path=" + library;
    }

    /** Makes a key on the token and puts the station's certificate for it there. */
    void makeKey(String label, String algorithm, TestPki pki) throws Exception {
        Process program = start(List.of(), TokenKeyProgram.class, library.toString(), LABEL, label, algorithm);
        try (BufferedReader out = program.inputReader()) {
            try (BufferedWriter in = program.outputWriter()) {
                in.write(pin + "\n");
                in.flush();
                String line = out.readLine();
                if (line == null) {
                    throw new IllegalStateException("no key: " + errorOf(program));
                }
                PublicKey key = KeyFactory.getInstance(algorithm)
                        .generatePublic(
                                new X509EncodedKeySpec(Base64.getDecoder().decode(line)));
                for (X509Certificate certificate : pki.stationChain(key)) {
                    in.write(Base64.getEncoder().encodeToString(certificate.getEncoded()) + "\n");
                }
            }
            ended(program, out.lines().toList());
        }
    }

    /** Runs a program of the tests with the token in reach; gives its output. */
    List<String> run(List<String> environment, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        return run(environment, command(program, arguments));
    }

    private List<String> run(List<String> environment, String... command) throws IOException, InterruptedException {
        Process process =
                builder(environment, command).redirectErrorStream(true).start();
        try (BufferedReader out = process.inputReader()) {
            List<String> lines = out.lines().toList();
            ended(process, lines);
            return lines;
        }
    }

    /** What the program says to every line, one after the other. */
    interface Talk {
        /** Sends a line and gives what comes back. */
        String next() throws IOException;
    }

    /** What is done in such a talk. */
    interface Talker {
        void talk(Talk with) throws Exception;
    }

    /** Runs a program that answers lines, each with one that starts with a mark. */
    void talk(List<String> environment, Talker talker, String mark, Class<?> program, String... arguments)
            throws Exception {
        Process process = start(environment, program, arguments);
        try (BufferedReader out = process.inputReader()) {
            try (BufferedWriter in = process.outputWriter()) {
                talker.talk(() -> {
                    in.write("\n");
                    in.flush();
                    return out.lines()
                            .filter(line -> line.startsWith(mark))
                            .findFirst()
                            .orElseThrow(() -> new IllegalStateException("it has ended: " + process));
                });
            }
            ended(process, out.lines().toList());
        }
    }

    /** What a pulled token is for SoftHSM: its files are gone. */
    void pull() throws IOException {
        try (Stream<Path> files = Files.walk(configuration.resolveSibling("tokens"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Process start(List<String> environment, Class<?> program, String... arguments) throws IOException {
        return builder(environment, command(program, arguments)).start();
    }

    private static String[] command(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(Arrays.asList(arguments));
        return command.toArray(String[]::new);
    }

    /** @param environment names and values in turn */
    private ProcessBuilder builder(List<String> environment, String... command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SOFTHSM2_CONF", configuration.toString());
        for (int i = 0; i < environment.size(); i += 2) {
            builder.environment().put(environment.get(i), environment.get(i + 1));
        }
        return builder;
    }

    private static void ended(Process process, List<String> said) throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("it does not end: " + said);
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("exit code " + process.exitValue() + ": " + said + " " + errorOf(process));
        }
    }

    private static String errorOf(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
