package org.fobstation.pcsc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The library that makes a test's own pcscd look for fobs every 20 ms instead of every 400 ms
 * (src/test/native/short-poll.c). Not for latencies that are published.
 */
public final class ShortPoll {

    private static final Path SOURCE = Path.of("src/test/native/short-poll.c");
    private static final long PATIENCE_SECONDS = 60;

    private ShortPoll() {}

    /**
     * Compiles the library.
     *
     * @param folder takes it, is made if need be
     * @return the environment for pcscd; empty without a C compiler: pcscd is slower then, and as good
     */
    public static Map<String, String> environment(Path folder) throws IOException {
        Path library = Files.createDirectories(folder).toAbsolutePath().resolve("short-poll.so");
        return isCompiled(library) ? Map.of("LD_PRELOAD", library.toString()) : Map.of();
    }

    private static boolean isCompiled(Path library) {
        List<String> command = List.of(
                "cc",
                "-shared",
                "-fPIC",
                "-O2",
                "-o",
                library.toString(),
                SOURCE.toAbsolutePath().toString(),
                "-ldl");
        try {
            Process compiler = new ProcessBuilder(command).inheritIO().start();
            return compiler.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && compiler.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}
