package org.fobstation.pcsc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.fobstation.simulator.reader.PcscDaemon;

/**
 * Compares the component with a C program on libpcsclite ({@code src/bench/pcsc/latency.c}), in alternating rounds of one
 * run: {@code ./mvnw -q -Platency}. How to read it: {@code src/bench/pcsc/README.md}.
 */
final class LatencyBench {

    private static final int PORT = RealPcscd.FIRST_PORT;
    private static final String READER = RealPcscd.FIRST_READER;
    private static final int WARM_UP = 10;
    private static final int ROUNDS = Integer.getInteger("latency.rounds", 20);
    private static final int APDUS = 2000;
    private static final int INSERTIONS = Integer.getInteger("latency.insertions", 40);

    /** A child that is told a line and answers with one. */
    private static final class Child implements AutoCloseable {
        private final Process process;
        private final OutputStream in;
        private final BufferedReader out;

        Child(Path program, String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(program.toString()));
            command.addAll(List.of(arguments));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            in = process.getOutputStream();
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        }

        String ask(String line) throws IOException {
            in.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            in.flush();
            return read();
        }

        String read() throws IOException {
            String answer = out.readLine();
            if (answer == null) {
                throw new IOException("the C program ended");
            }
            return answer.strip();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    private LatencyBench() {}

    public static void main(String[] arguments) throws Exception {
        Path program = compile();
        try (PcscDaemon daemon = PcscDaemon.running(List.of(PORT), Duration.ofSeconds(10));
                Child card = new Child(program, "card", Integer.toString(PORT));
                Child client = new Child(program, "client", READER)) {
            System.out.println("pcscd " + (daemon.startedHere() ? "started for this run" : "as it runs")
                    + ", Java " + Runtime.version() + ", " + ROUNDS + " alternating rounds of " + APDUS + " APDUs, "
                    + INSERTIONS + " insertions each");
            System.out.println();
            apdus(card, client);
            insertions(card, client);
        }
    }

    private static Path compile() throws IOException, InterruptedException {
        Path program = Files.createDirectories(Path.of("target/bench")).resolve("latency");
        Process compiler = new ProcessBuilder(
                        "cc",
                        "-O2",
                        "-I/usr/include/PCSC",
                        "-o",
                        program.toString(),
                        "src/bench/pcsc/latency.c",
                        "-lpcsclite",
                        "-lpthread")
                .inheritIO()
                .start();
        if (compiler.waitFor() != 0) {
            throw new IOException("the C program does not compile: apt-get install -y gcc libpcsclite-dev");
        }
        return program.toAbsolutePath();
    }

    private static void apdus(Child card, Child client) throws Exception {
        card.ask("on");
        System.out.println(
                "| APDU round trip, us | C median | C p99 | Java median | Java p99 | ratio, median of the rounds |");
        System.out.println("|---|---|---|---|---|---|");
        try (SmartCardContext context = new NativeSmartCardService().establish()) {
            awaitCard(context);
            for (int length : new int[] {16, 255}) {
                List<long[]> native_ = new ArrayList<>();
                List<long[]> java = new ArrayList<>();
                for (int round = -WARM_UP; round < ROUNDS; round++) {
                    long[] c = numbers(client.ask("apdu " + length + " " + APDUS));
                    long[] j = javaApdus(context, length);
                    if (round >= 0) {
                        native_.add(c);
                        java.add(j);
                    }
                }
                long[] c = all(native_);
                long[] j = all(java);
                System.out.printf(
                        "| %d bytes | %.1f | %.1f | %.1f | %.1f | %.3f |%n",
                        length,
                        at(c, 0.5) / 1e3,
                        at(c, 0.99) / 1e3,
                        at(j, 0.5) / 1e3,
                        at(j, 0.99) / 1e3,
                        ratio(native_, java));
            }
        }
        card.ask("off");
        System.out.println();
    }

    /** Round by round, since a shared machine is now faster and now slower: each round of Java against C's before it. */
    private static double ratio(List<long[]> c, List<long[]> java) {
        double[] ratios = IntStream.range(0, c.size())
                .mapToDouble(round -> (double) median(java.get(round)) / median(c.get(round)))
                .sorted()
                .toArray();
        return ratios[ratios.length / 2];
    }

    private static long median(long[] times) {
        return at(LongStream.of(times).sorted().toArray(), 0.5);
    }

    private static void awaitCard(SmartCardContext context) throws PcscException {
        ReaderState state = ReaderState.unaware(READER);
        while (!state.has(ReaderState.PRESENT)) {
            state = context.waitForChange(List.of(state), Duration.ofSeconds(1)).get(0);
            state = new ReaderState(state.reader(), state.state() & ~ReaderState.CHANGED, state.atr());
        }
    }

    private static long[] javaApdus(SmartCardContext context, int length) throws PcscException {
        byte[] command = new byte[length];
        Arrays.fill(command, (byte) 0x11);
        long[] times = new long[APDUS];
        try (FobTransport transport = new FobTransport(context.connect(READER))) {
            for (int i = 0; i < APDUS; i++) {
                long from = System.nanoTime();
                transport.transmit(command);
                times[i] = System.nanoTime() - from;
            }
        } catch (org.fobstation.apdu.TransportException e) {
            throw new IllegalStateException(e);
        }
        return times;
    }

    /** From the connection of the card; and from the moment pcscd notices it, which takes 0 to 400 ms, alike for both. */
    private static void insertions(Child card, Child client) throws Exception {
        List<long[]> c = new ArrayList<>();
        List<long[]> java = new ArrayList<>();
        BlockingQueue<Long> arrivals = new LinkedBlockingQueue<>();
        for (int i = -WARM_UP; i < INSERTIONS; i++) {
            awaitEmpty();
            client.ask("insert");
            long on = Long.parseLong(card.ask("on"));
            long done = Long.parseLong(client.read());
            long seen = Long.parseLong(card.ask("seen"));
            card.ask("off");
            long[] mine = javaInsertion(card, arrivals);
            if (i >= 0) {
                c.add(new long[] {done - on, done - seen});
                java.add(mine);
            }
        }
        System.out.println(
                "| insertion to UID (C) or to the route's exchange (Java), ms | C median | C p99 | Java median"
                        + " | Java p99 | Java more than C, median |");
        System.out.println("|---|---|---|---|---|---|");
        insertion("from the card's connection", 0, c, java);
        insertion("from pcscd's noticing it", 1, c, java);
    }

    private static void insertion(String name, int column, List<long[]> c, List<long[]> java) {
        long[] left = c.stream().mapToLong(times -> times[column]).sorted().toArray();
        long[] right = java.stream().mapToLong(times -> times[column]).sorted().toArray();
        System.out.printf(
                "| %s | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                name,
                at(left, 0.5) / 1e6,
                at(left, 0.99) / 1e6,
                at(right, 0.5) / 1e6,
                at(right, 0.99) / 1e6,
                (at(right, 0.5) - at(left, 0.5)) / 1e6);
    }

    /** The whole component: monitor, worker, UID, exchange. Its context is kept for all insertions. */
    private static DefaultCamelContext camel;

    private static long[] javaInsertion(Child card, BlockingQueue<Long> arrivals) throws Exception {
        if (camel == null) {
            camel = new DefaultCamelContext();
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("pcsc:bench?debounce=0&name=RAW(" + READER + ")")
                            .process(exchange -> arrivals.add(System.nanoTime()));
                }
            });
            camel.start();
        } else {
            camel.getRouteController().startAllRoutes();
        }
        while (!camel.getComponent("pcsc", PcscComponent.class).isWatching()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        awaitEmpty();
        arrivals.clear();
        long on = Long.parseLong(card.ask("on"));
        Long arrived = arrivals.poll(10, TimeUnit.SECONDS);
        if (arrived == null) {
            throw new IllegalStateException("no exchange came");
        }
        long seen = Long.parseLong(card.ask("seen"));
        card.ask("off");
        // The C program's turn: nobody else may take its fob.
        camel.getRouteController().stopRoute(camel.getRoutes().get(0).getRouteId());
        return new long[] {arrived - on, arrived - seen};
    }

    private static void awaitEmpty() throws PcscException {
        try (SmartCardContext context = new NativeSmartCardService().establish()) {
            ReaderState state = ReaderState.unaware(READER);
            do {
                state = context.waitForChange(List.of(state), Duration.ofSeconds(1))
                        .get(0);
                state = new ReaderState(state.reader(), state.state() & ~ReaderState.CHANGED, state.atr());
            } while (!state.has(ReaderState.EMPTY) || state.eventCount() % 2 != 0);
        }
    }

    private static long[] numbers(String line) {
        return Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    private static long[] all(List<long[]> rounds) {
        return rounds.stream().flatMapToLong(LongStream::of).sorted().toArray();
    }

    private static long at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    }
}
