package org.fobstation.simulator.reader;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The pcscd of this machine, for the demo and for tests: the one that runs, or one started here as a child and stopped
 * on {@link #close()}. Linux only. Used by one thread.
 */
public final class PcscDaemon implements AutoCloseable {

    /** Where pcscd listens. */
    static final Path SOCKET = Path.of("/run/pcscd/pcscd.comm");

    private static final String INSTALL = "install it: apt-get install -y pcscd vsmartcard-vpcd";
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final Process child;
    private final Path log;

    private PcscDaemon(Process child, Path log) {
        this.child = child;
        this.log = log;
    }

    /** Whether a pcscd answers; a socket left behind by a killed one does not count. */
    public static boolean isRunning() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(SOCKET));
        } catch (IOException | UnsupportedOperationException notThere) {
            return false;
        }
    }

    /**
     * Takes the pcscd that runs, or starts one.
     *
     * @param ports TCP ports of the vpcd readers to wait for, may be empty
     * @param timeout how long to wait for pcscd and its readers
     * @param arguments for a pcscd started here, after {@code -f}, such as {@code -c CONFDIR}
     * @throws IOException if there is none and none can be started; the message says what to do
     */
    public static PcscDaemon running(List<Integer> ports, Duration timeout, String... arguments) throws IOException {
        return running(ports, timeout, Map.of(), arguments);
    }

    /** As the other one; a pcscd that is started here gets this {@code environment} beside the process's own. */
    public static PcscDaemon running(
            List<Integer> ports, Duration timeout, Map<String, String> environment, String... arguments)
            throws IOException {
        PcscDaemon daemon = isRunning() ? new PcscDaemon(null, null) : start(environment, arguments);
        boolean ready = false;
        try {
            daemon.await(ports, timeout);
            ready = true;
            return daemon;
        } finally {
            if (!ready) {
                daemon.close();
            }
        }
    }

    private static PcscDaemon start(Map<String, String> environment, String... arguments) throws IOException {
        Path program = program();
        if (!isRoot()) {
            throw new IOException(
                    "no pcscd runs, and only root can start one: run as root, or start the service pcscd");
        }
        Path log = Files.createTempFile("pcscd", ".log");
        List<String> command = new ArrayList<>(List.of(program.toString(), "-f"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new PcscDaemon(builder.start(), log);
    }

    /** Debian keeps pcscd out of a user's PATH. */
    private static Path program() throws IOException {
        return Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/sbin")
                .map(directory -> Path.of(directory, "pcscd"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("no pcscd on this machine: " + INSTALL));
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private void await(List<Integer> ports, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!isRunning() || !ListeningPorts.now().containsAll(ports)) {
            if (child != null && !child.isAlive()) {
                throw new IOException("pcscd ended with " + child.exitValue() + ": " + lastWords());
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        isRunning()
                                ? "pcscd runs, but has no virtual reader at the ports " + ports + ": " + INSTALL
                                : "pcscd was started and does not answer after " + timeout + ": " + lastWords());
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for pcscd", e);
        }
    }

    private String lastWords() throws IOException {
        List<String> lines = log == null ? List.of() : Files.readAllLines(log);
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }

    /** Whether {@link #running} started it, so that {@link #close()} stops it. */
    public boolean startedHere() {
        return child != null;
    }

    /** Stops a pcscd that was started here; leaves any other alone. May be called again. */
    @Override
    public void close() {
        if (child == null) {
            return;
        }
        child.destroy();
        try {
            if (!child.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                child.destroyForcibly();
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            child.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException leftBehind) {
            log.toFile().deleteOnExit();
        }
    }
}
