package org.fobstation.station;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.fobstation.simulator.fob.VirtualCard;

/** The other end of a {@link KillableStation}: its process, and the fob on its reader. */
final class KilledStation {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final ServerSocket fobs;
    private final Process process;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final Consumer<String> onShown;
    private final Consumer<byte[]> onCommand;
    private final Path log;
    private volatile VirtualCard fob;
    private volatile boolean killed;

    /**
     * @param onShown given what was shown, at once
     * @param onCommand given every command before the fob has it
     */
    KilledStation(
            Path folder,
            Path config,
            Map<String, String> environment,
            StationProgram program,
            Consumer<String> onShown,
            Consumer<byte[]> onCommand)
            throws IOException {
        this.onShown = onShown;
        this.onCommand = onCommand;
        fobs = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        log = Files.createDirectories(folder.resolve("logs")).resolve("station-" + System.nanoTime() + ".txt");
        List<String> command = new ArrayList<>(program.command());
        command.addAll(List.of(config.toString(), folder.toString(), Integer.toString(fobs.getLocalPort())));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        thread("fobs", this::serveFobs);
        thread("said", this::listen);
    }

    private interface Job {
        void run() throws IOException;
    }

    private void thread(String name, Job job) {
        Thread thread = new Thread(
                () -> {
                    try {
                        job.run();
                    } catch (IOException e) {
                        // The ends of a killed process break, and that is what this is about.
                        if (!killed && process.isAlive()) {
                            throw new UncheckedIOException(e);
                        }
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serveFobs() throws IOException {
        try (Socket socket = fobs.accept()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            socket.setTcpNoDelay(true);
            while (true) {
                char what = (char) in.readByte();
                byte[] command = in.readNBytes(in.readInt());
                byte[] answer = answer(what, command);
                out.writeInt(answer.length);
                out.write(answer);
                out.flush();
            }
        }
    }

    private byte[] answer(char what, byte[] command) {
        switch (what) {
            case 'A':
                return fob.atr();
            case 'P':
                fob.powerOn();
                return new byte[0];
            case 'R':
                fob.reset();
                return new byte[0];
            case 'O':
                fob.powerOff();
                return new byte[0];
            default:
                onCommand.accept(command);
                return fob.transmit(command);
        }
    }

    private void listen() throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("#SHOWN")) {
                onShown.accept(line);
            }
            if (line.startsWith("#")) {
                said.add(line.substring(1));
            }
        }
        said.add("ENDED");
    }

    private void tell(String command) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write((command + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    void arm(Failpoint point) throws IOException {
        tell("arm " + point);
    }

    /** Lets it go on from the point it stands at. */
    void goOn() throws IOException {
        tell("go");
    }

    /** Waits until it has done what it does about its memory after fobs. */
    void awaitClean() throws Exception {
        tell("clean");
        await("CLEAN");
    }

    /** Puts a key into its memory in every form, to be found. */
    void plant(String hex) throws Exception {
        tell("plant " + hex);
        await("PLANTED");
    }

    long pid() {
        return process.pid();
    }

    void present(VirtualCard presented) throws IOException {
        fob = presented;
        tell("present");
    }

    void remove() throws Exception {
        tell("remove");
        await("REMOVED");
    }

    /** Waits for one of these words; gives the whole line. What comes before is dropped. */
    String await(String... words) throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            String line = said.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null || line.equals("ENDED")) {
                throw new AssertionError("the station did not say " + List.of(words)
                        + (line == null ? " in time" : " but ended") + ": " + Files.readString(log));
            }
            for (String word : words) {
                if (line.startsWith(word)) {
                    return line;
                }
            }
        }
    }

    /** Lets the process end by itself. */
    void end() throws Exception {
        killed = true;
        process.getOutputStream().close();
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the station does not end");
        }
    }

    /** SIGKILL, where there is one. */
    void kill() throws IOException {
        killed = true;
        process.destroyForcibly();
        try {
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the station cannot be killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a station was killed", e);
        }
        if (fob != null) {
            fob.powerOff();
        }
        fobs.close();
    }
}
