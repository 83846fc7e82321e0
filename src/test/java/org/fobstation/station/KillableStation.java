package org.fobstation.station;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.fobstation.audit.JournalFile;
import org.fobstation.provisioning.OperatorDisplay;
import org.fobstation.provisioning.RunReport;
import org.fobstation.simulator.fob.VirtualCard;
import org.fobstation.simulator.reader.VirtualReader;
import org.fobstation.simulator.reader.VirtualSmartCardService;

/**
 * A station in a process of its own, to be killed. Its fobs live in the process that started it, as its key server does.
 * At the point it is armed for it says so and stands still; then it is killed, or told to go on.
 *
 * <p>Told by lines on standard input: {@code arm POINT}, {@code go}, {@code present}, {@code remove}, {@code clean},
 * {@code plant HEX}. Says on standard output: {@code #READY}, {@code #AT POINT}, {@code #TOOK microseconds},
 * {@code #SHOWN outcome uid code}, {@code #DONE uid}, {@code #REMOVED}, {@code #CLEAN}, {@code #PLANTED}.
 */
public final class KillableStation {

    private static final Duration LONGEST_CLEANING = Duration.ofSeconds(30);

    static final String READER = "Virtual Reader PICC 0";

    private final Semaphore mayGoOn = new Semaphore(0);
    private volatile Failpoint armed;
    private PlantedKey planted;

    private KillableStation() {}

    /** Arguments: configuration, home, port of the fobs. */
    public static void main(String[] arguments) throws Exception {
        new KillableStation().run(Path.of(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2]));
    }

    private void run(Path config, Path home, int port) throws Exception {
        try (Socket fobs = new Socket(InetAddress.getLoopbackAddress(), port)) {
            VirtualSmartCardService service = new VirtualSmartCardService();
            VirtualReader reader = service.plugIn(READER);
            StationSettings settings = StationSettings.load(config, System.getenv(), home);
            StationSeams seams =
                    new StationSeams(HeldBackFile::new, Map.of("failpoints", (InterceptStrategy) this::intercept));
            Station station = Station.start(settings, service, new Shown(), seams);
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                if (command.startsWith("arm ")) {
                    armed = Failpoint.valueOf(command.substring(4));
                } else if (command.equals("go")) {
                    mayGoOn.release();
                } else if (command.equals("clean")) {
                    say(station.awaitClean(LONGEST_CLEANING) ? "CLEAN" : "NOT CLEAN");
                } else if (command.startsWith("plant ")) {
                    planted = new PlantedKey(command.substring(6));
                    say("PLANTED " + planted);
                } else if (command.equals("present")) {
                    reader.present(new RemoteFob(fobs));
                } else {
                    reader.remove();
                }
            }
        }
        // Whoever started this is gone, or wants no more of it.
        System.exit(0);
    }

    /** Stands still at the armed point until it is told to go on. */
    private void reach(Failpoint point) {
        if (point == null || point != armed) {
            return;
        }
        armed = null;
        say("AT " + point);
        try {
            mayGoOn.acquire();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a station that waits for its end", e);
        }
    }

    private static void say(String what) {
        System.out.println("#" + what);
        System.out.flush();
    }

    private Processor intercept(CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        if (!(step instanceof ToDefinition to)) {
            return target;
        }
        String place = place(to, ProcessorDefinitionHelper.getRouteId((ProcessorDefinition<?>) step));
        if (place.isEmpty()) {
            return target;
        }
        return exchange -> {
            reach(Failpoint.valueOf("BEFORE_" + place));
            target.process(exchange);
            reach(Failpoint.valueOf("AFTER_" + place));
        };
    }

    private static String place(ToDefinition to, String route) {
        String uri = to.getEndpointUri();
        if (uri.endsWith("klms-keys")) {
            return "KEY_REQUEST";
        }
        if (uri.endsWith("audit-attempt")) {
            return "audit-replay".equals(route) ? "REPLAY" : "POST";
        }
        if (uri.contains("/archive")) {
            return "ARCHIVE";
        }
        return uri.contains("/dead-letter") ? "DEAD_LETTER" : "";
    }

    private final class Shown implements OperatorDisplay {

        @Override
        public void watching() {
            say("READY");
        }

        @Override
        public void began(String readerId, String uid) {
            reach(Failpoint.FOB_DETECTED);
        }

        @Override
        public void ended(RunReport report) {
            say("TOOK " + report.total().toNanos() / 1000);
            say("SHOWN " + report.outcome() + " " + report.uid() + " "
                    + report.failure()
                            .map(failure -> failure.code() + " " + failure.detail())
                            .orElse(""));
            reach(Failpoint.OUTCOME_SHOWN);
        }

        @Override
        public void alreadyDone(String readerId, String uid, String transactionId) {
            say("DONE " + uid);
        }

        @Override
        public void removed(String readerId) {
            say("REMOVED");
        }
    }

    /** What is not forced does not outlive this process, as if the power had gone. */
    private final class HeldBackFile implements JournalFile {

        private final JournalFile real;
        private final Path segment;
        private byte[] heldBack = new byte[0];

        HeldBackFile(Path segment) throws IOException {
            this.segment = segment;
            real = JournalFile.onDisk(segment);
        }

        @Override
        public void append(byte[] bytes) throws IOException {
            if (heldBack.length > 0) {
                throw new IOException("a line was not forced before the next one");
            }
            heldBack = bytes.clone();
            reach(Failpoint.atLine(text(), "APPENDED"));
        }

        @Override
        public void force() throws IOException {
            real.append(heldBack);
            real.force();
            String text = text();
            heldBack = new byte[0];
            reach(Failpoint.atLine(text, "FORCED"));
        }

        private String text() {
            return new String(heldBack, StandardCharsets.UTF_8);
        }

        @Override
        public void truncate(long length) throws IOException {
            real.truncate(length);
        }

        @Override
        public void close() throws IOException {
            real.close();
        }

        @Override
        public String toString() {
            return segment.toString();
        }
    }

    /** The fob in the process that started this one. */
    private final class RemoteFob implements VirtualCard {

        private final DataInputStream in;
        private final DataOutputStream out;

        RemoteFob(Socket fobs) throws IOException {
            in = new DataInputStream(fobs.getInputStream());
            // One packet a command: pieces of it would wait for each other's acknowledgement.
            out = new DataOutputStream(new BufferedOutputStream(fobs.getOutputStream()));
            fobs.setTcpNoDelay(true);
        }

        private synchronized byte[] ask(char what, byte[] command) {
            try {
                out.writeByte(what);
                out.writeInt(command.length);
                out.write(command);
                out.flush();
                return in.readNBytes(in.readInt());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public byte[] atr() {
            return ask('A', new byte[0]);
        }

        @Override
        public void powerOn() {
            ask('P', new byte[0]);
        }

        @Override
        public void reset() {
            ask('R', new byte[0]);
        }

        @Override
        public void powerOff() {
            ask('O', new byte[0]);
        }

        @Override
        public byte[] transmit(byte[] command) {
            reach(Failpoint.atCommand("BEFORE", command[1] & 0xFF));
            byte[] answer = ask('T', command);
            reach(Failpoint.atCommand("AFTER", command[1] & 0xFF));
            return answer;
        }
    }
}
