package org.fobstation.pcsc;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test class a real pcscd with the two virtual readers of vpcd. Uses the one that runs; otherwise, as root,
 * starts one as a child and ends it after the last test. Where that cannot be, the class is skipped with the reason,
 * or fails where the environment variable CI is true.
 *
 * <pre>
 * &#64;ExtendWith(RealPcscd.class)
 * class SomeIT { ... VpcdCard.echo(RealPcscd.FIRST_PORT, "04A1B2C3D4E5F6") ... }
 * </pre>
 */
public final class RealPcscd implements BeforeAllCallback {

    public static final String FIRST_READER = "Virtual PCD 00 00";
    public static final String SECOND_READER = "Virtual PCD 00 01";

    /** vpcd's reader takes a card that connects here by TCP. */
    public static final int FIRST_PORT = 35963;

    public static final int SECOND_PORT = 35964;

    private static final Path SOCKET = Path.of("/run/pcscd/pcscd.comm");
    private static final Path PID_FILE = Path.of("/run/pcscd/pcscd.pid");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ENABLE =
            "To run it on Debian: apt-get install pcscd vsmartcard-vpcd, then run the tests"
                    + " as root or start pcscd yourself.";

    /** As the package vsmartcard-vpcd installs it. */
    private static final Setup INSTALLED = new Setup(List.of(), Map.of(), List.of(FIRST_PORT, SECOND_PORT));

    private static Process child;
    private static Setup setup = INSTALLED;

    /**
     * How a pcscd is started.
     *
     * @param arguments beyond {@code --foreground}
     * @param environment beyond the test's own
     * @param ports of its vpcd readers
     */
    record Setup(List<String> arguments, Map<String, String> environment, List<Integer> ports) {}

    /** Ends the pcscd that runs, as {@link #kill()} does, and starts one of another setup. */
    static synchronized void switchTo(Setup other) {
        if (answers()) {
            kill();
        } else {
            forget();
        }
        setup = other;
        start();
    }

    /** Back to the readers as installed. */
    static void switchBack() {
        switchTo(INSTALLED);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(RealPcscd.class))
                .getOrComputeIfAbsent("running", key -> ensureRunning());
    }

    private static synchronized AutoCloseable ensureRunning() {
        if (answers()) {
            requireVpcd();
        } else {
            start();
        }
        return RealPcscd::stopChild;
    }

    /** Whether a pcscd takes connections on its socket; the file alone may be left over from one that was killed. */
    private static boolean answers() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(SOCKET));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean vpcdListens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean allListen() {
        return setup.ports().stream().allMatch(RealPcscd::vpcdListens);
    }

    private static void requireVpcd() {
        if (!allListen()) {
            unavailable("The pcscd that runs has no vpcd readers on the ports " + setup.ports() + ".");
        }
    }

    private static void start() {
        if (!new File("/usr/sbin/pcscd").canExecute()) {
            unavailable("pcscd is not installed.");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            unavailable("No pcscd runs, and only root can start one.");
        }
        try {
            List<String> command = new ArrayList<>(List.of("/usr/sbin/pcscd", "--foreground"));
            command.addAll(setup.arguments());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/pcscd.log")));
            builder.environment().putAll(setup.environment());
            child = builder.start();
        } catch (IOException e) {
            unavailable("pcscd does not start: " + e.getMessage());
        }
        Awaitility.await("pcscd with vpcd, see target/pcscd.log")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> answers() && allListen());
    }

    /**
     * Kills pcscd as a crash would. One that the tests did not start is killed only where CI is true; elsewhere the test
     * is skipped.
     */
    public static synchronized void kill() {
        if (child == null && !isCi()) {
            abort("A pcscd runs that the tests did not start, so they do not kill it. Stop it to run this test.");
        }
        if (child != null) {
            stopChild();
        } else {
            foreign().destroyForcibly();
        }
        Awaitility.await("pcscd to end")
                .atMost(PATIENCE)
                .until(() -> !answers() && setup.ports().stream().noneMatch(RealPcscd::vpcdListens));
        forget();
    }

    /** A new pcscd does not start while the process named in the file exists, and a dead one may not be reaped yet. */
    private static void forget() {
        try {
            Files.deleteIfExists(PID_FILE);
            Files.deleteIfExists(SOCKET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts pcscd again after {@link #kill()}. */
    public static synchronized void restart() {
        start();
    }

    /**
     * Waits until pcscd knows that no card is on its readers. It looks every 400 ms; a card presented before it has
     * noticed the removal of another is overlooked, above all where a command or the reset at the end failed. Call this
     * before each test and between two cards on one reader.
     */
    public static void awaitEmptyReaders() {
        Awaitility.await("readers without cards")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(RealPcscd::areReadersEmpty);
    }

    private static boolean areReadersEmpty() throws PcscException {
        try (SmartCardContext context = new NativeSmartCardService().establish()) {
            List<ReaderState> unaware =
                    context.readers().stream().map(ReaderState::unaware).toList();
            // An odd count: an insertion whose removal is still to be noticed, even where the state says empty already.
            return context.waitForChange(unaware, Duration.ofMillis(100)).stream()
                    .allMatch(state -> state.has(ReaderState.EMPTY) && state.eventCount() % 2 == 0);
        }
    }

    private static ProcessHandle foreign() {
        try {
            // The file ends with a NUL byte.
            String pid = Files.readString(PID_FILE).replace("\0", "").trim();
            return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException("the pcscd that runs has no readable " + PID_FILE, e);
        }
    }

    private static synchronized void stopChild() {
        if (child != null) {
            child.destroyForcibly();
            try {
                child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            child = null;
        }
    }

    private static boolean isCi() {
        return "true".equals(System.getenv("CI"));
    }

    private static void unavailable(String why) {
        if (isCi()) {
            throw new IllegalStateException(why + " " + ENABLE);
        }
        abort(why + " " + ENABLE);
    }
}
