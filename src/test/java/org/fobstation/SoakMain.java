package org.fobstation;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fobstation.pcsc.NativeSmartCardService;
import org.fobstation.pcsc.ReaderState;
import org.fobstation.pcsc.SmartCardContext;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.VirtualCard;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Kdf3;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.fobstation.simulator.reader.PcscDaemon;
import org.fobstation.simulator.reader.VpcdSlot;

/**
 * The packed station as a process of its own, two readers through pcscd, presentations with faults: is any fob missed or
 * served twice, and does the process grow? {@code ./mvnw -q -Psoak [-Dsoak.minutes=10] [-Dsoak.fobs=2000]}. Prints a
 * table, and exits with 1 if the answer is yes. Linux, with pcscd and vsmartcard-vpcd.
 */
final class SoakMain {

    private static final int MINUTES = Integer.getInteger("soak.minutes", 10);
    private static final int FOBS = Integer.getInteger("soak.fobs", 2000);
    private static final int FAULT_PERCENT = 5;
    private static final int FIRST_COMMAND_OF_A_RUN = 2;
    private static final int LAST_COMMAND = 9;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final Pattern OUTCOME =
            Pattern.compile("\\d\\d:\\d\\d:\\d\\d  (PASS|RETRY|FAIL|HOLD) +([0-9A-F]{8,20}) +(\\S+).*");
    private static final String[] READERS = {"SOAK_READER_0", "SOAK_READER_1"};

    private final EmbeddedKlms klms;
    private final Process station;
    private final long stationPid;
    private final long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    private final Map<String, BlockingQueue<String>> outcomes = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final AtomicInteger presented = new AtomicInteger();
    private final List<String> wrong = new ArrayList<>();
    private final BlockingQueue<String> ready = new LinkedBlockingQueue<>();

    private SoakMain(EmbeddedKlms klms, Process station) {
        this.klms = klms;
        this.station = station;
        this.stationPid = station.pid();
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("soak");
        TestPki pki = TestPki.create();
        StationStores stores = pki.writeStationStores(folder);
        boolean passed = false;
        try (PcscDaemon daemon = PcscDaemon.running(
                        List.of(VpcdSlot.DEFAULT_PORT, VpcdSlot.DEFAULT_PORT + 1), Duration.ofSeconds(10));
                EmbeddedKlms klms = EmbeddedKlms.start(pki)) {
            System.out.println("soak: " + FOBS + " presentations in " + MINUTES + " min, " + FAULT_PERCENT
                    + " % faults, two readers, pcscd " + (daemon.startedHere() ? "of this run" : "as it runs"));
            SoakMain soak = new SoakMain(klms, start(folder, klms, stores));
            try {
                passed = soak.run();
            } finally {
                soak.station.destroy();
                soak.station.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
            }
        }
        System.exit(passed ? 0 : 1);
    }

    private static Process start(Path folder, EmbeddedKlms klms, StationStores stores) throws IOException {
        Path home = Path.of(System.getProperty("station.dir")).toAbsolutePath();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + home.resolve("config/jvm.options"),
                        "-jar",
                        home.resolve("fob-station.jar").toString(),
                        "run")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> settings = new HashMap<>(Map.of(
                "STATION_ID",
                "SOAK",
                "DATA_DIR",
                folder.resolve("data").toString(),
                "KLMS_URL",
                klms.url().toString(),
                "KLMS_KEYS_PATH",
                "/keys",
                "KLMS_AUDIT_PATH",
                "/audit",
                "KLMS_KEY_STORE",
                stores.keyStore().toString(),
                "KLMS_TRUST_STORE",
                stores.trustStore().toString(),
                "KLMS_KEY_STORE_PASSWORD",
                new String(stores.keyStorePassword()),
                "KLMS_TRUST_STORE_PASSWORD",
                new String(stores.trustStorePassword()),
                "AUDIT_MIN_FREE",
                "1 MB"));
        // A fob torn away between INITIALIZE UPDATE and EXTERNAL AUTHENTICATE is presented again at once.
        settings.put("CARD_ATTEMPT_PAUSE", "0 s");
        for (int i = 0; i < READERS.length; i++) {
            settings.put("READER_" + (i + 1) + "_ID", READERS[i]);
            settings.put("READER_" + (i + 1) + "_NAME", "*PCD 00 0" + i);
            settings.put("READER_" + (i + 1) + "_EXCLUDE", "");
        }
        builder.environment().putAll(settings);
        return builder.start();
    }

    private boolean run() throws Exception {
        daemon("station-output", this::readOutput);
        if (ready.poll(LONGEST.toSeconds(), TimeUnit.SECONDS) == null) {
            throw new IllegalStateException("the station did not get READY");
        }
        List<Thread> operators = new ArrayList<>();
        for (int i = 0; i < READERS.length; i++) {
            int reader = i;
            operators.add(daemon("operator-" + i, () -> operate(reader)));
        }
        List<Sample> samples = sampleUntilDone(operators);
        counts.forEach((uid, count) -> {
            int expected = expectedOf(uid);
            if (count.get() != expected) {
                tell(uid + " had " + count + " outcomes, not " + expected);
            }
        });
        return report(samples);
    }

    private final Map<String, Integer> expected = new ConcurrentHashMap<>();

    private int expectedOf(String uid) {
        return expected.getOrDefault(uid, 0);
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void readOutput() {
        try (BufferedReader out = station.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Matcher outcome = OUTCOME.matcher(line);
                if (line.equals("READY")) {
                    ready.add(line);
                } else if (outcome.matches()) {
                    counts.computeIfAbsent(outcome.group(2), uid -> new AtomicInteger())
                            .incrementAndGet();
                    outcomes.computeIfAbsent(outcome.group(2), uid -> new LinkedBlockingQueue<>())
                            .add(outcome.group(1));
                }
            }
        } catch (IOException e) {
            tell("the station's output broke: " + e);
        }
    }

    /** One person at one reader. Paced, so that all presentations fill the time. */
    private void operate(int reader) {
        Random random = new Random(42 + reader);
        long pace = TimeUnit.MINUTES.toNanos(MINUTES) * READERS.length / FOBS;
        try (VpcdSlot slot = VpcdSlot.asInstalled(reader);
                SmartCardContext context = new NativeSmartCardService().establish()) {
            for (int i = 0; presented.getAndIncrement() < FOBS && station.isAlive(); i++) {
                long began = System.nanoTime();
                VirtualFob fob = fob(String.format("04%02X%010X", reader, i));
                if (random.nextInt(100) < FAULT_PERCENT) {
                    present(slot, faulty(fob, slot, random), fob.uid(), "RETRY", context);
                    presented.getAndIncrement();
                }
                present(slot, fob, fob.uid(), "PASS", context);
                TimeUnit.NANOSECONDS.sleep(Math.max(0, began + pace - System.nanoTime()));
            }
        } catch (IOException | InterruptedException e) {
            tell("operator " + reader + ": " + e);
        }
    }

    private static VirtualCard faulty(VirtualFob fob, VpcdSlot slot, Random random) {
        int command = FIRST_COMMAND_OF_A_RUN + random.nextInt(LAST_COMMAND - FIRST_COMMAND_OF_A_RUN);
        Runnable way = random.nextBoolean() ? slot::remove : slot::tearOffAfterAnswer;
        return CardFault.on(fob).before(CardTrigger.nth(command), way);
    }

    private void present(VpcdSlot slot, VirtualCard card, String uid, String outcome, SmartCardContext context)
            throws IOException, InterruptedException {
        expected.merge(uid, 1, Integer::sum);
        slot.present(card);
        String shown = outcomes.computeIfAbsent(uid, key -> new LinkedBlockingQueue<>())
                .poll(LONGEST.toSeconds(), TimeUnit.SECONDS);
        if (!outcome.equals(shown)) {
            tell(uid + " was " + (shown == null ? "missed" : shown) + ", not " + outcome);
        }
        slot.remove();
        ReaderState state = ReaderState.unaware(slot.readerName());
        do {
            state = context.waitForChange(List.of(state), Duration.ofSeconds(1)).get(0);
            state = new ReaderState(state.reader(), state.state() & ~ReaderState.CHANGED, state.atr());
        } while (!state.has(ReaderState.EMPTY) || state.eventCount() % 2 != 0);
    }

    private VirtualFob fob(String uid) {
        Kdf3.Keys keys = klms.fobKeys().keysOf(uid);
        return VirtualFob.builder()
                .uid(uid)
                .keySet(klms.keyVersion(), new CardKeys(keys.enc(), keys.mac(), keys.dek()))
                .build();
    }

    private void tell(String what) {
        synchronized (wrong) {
            wrong.add(what);
        }
        System.out.println("! " + what);
    }

    /** @param heap used after a collection, in KB */
    private record Sample(long seconds, int fobs, long threads, long handles, long heap) {}

    private List<Sample> sampleUntilDone(List<Thread> operators) throws Exception {
        List<Sample> samples = new ArrayList<>();
        long begin = System.nanoTime();
        long pause = Math.max(5, TimeUnit.MINUTES.toSeconds(MINUTES) / 20);
        System.out.println();
        System.out.println("| s | presented | threads | handles | heap after GC, KB |");
        System.out.println("|---|---|---|---|---|");
        while (operators.stream().anyMatch(Thread::isAlive) && System.nanoTime() - end < LONGEST.toNanos() * 6) {
            TimeUnit.SECONDS.sleep(pause);
            Sample sample = new Sample(
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin),
                    Math.min(presented.get(), FOBS),
                    entries("task"),
                    entries("fd"),
                    heap());
            samples.add(sample);
            System.out.printf(
                    "| %d | %d | %d | %d | %d |%n",
                    sample.seconds(), sample.fobs(), sample.threads(), sample.handles(), sample.heap());
        }
        return samples;
    }

    private long entries(String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(stationPid), what))) {
            return entries.count();
        }
    }

    /** Live objects only: the histogram collects first. */
    private long heap() throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(stationPid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = jcmd.inputReader()) {
            return out.lines()
                    .filter(line -> line.startsWith("Total"))
                    .map(line -> Long.parseLong(line.strip().split("\\s+")[2]) / 1024)
                    .findFirst()
                    .orElse(-1L);
        }
    }

    /** Flat: the last third is at most a tenth, and a little, above the second sample on; the first warms up. */
    private boolean report(List<Sample> samples) {
        int shown = counts.values().stream().mapToInt(AtomicInteger::get).sum();
        System.out.println();
        System.out.println(shown + " outcomes shown, " + wrong.size() + " wrong");
        if (samples.size() < 3) {
            System.out.println("too short to say whether it grows");
            return wrong.isEmpty();
        }
        Sample settled = samples.get(Math.max(1, samples.size() / 3));
        Sample last = samples.get(samples.size() - 1);
        boolean flat = last.threads() <= settled.threads() + 2
                && last.handles() <= settled.handles() + 5
                && last.heap() <= settled.heap() * 11 / 10 + 512;
        System.out.println((flat ? "flat" : "GROWING") + ": threads " + settled.threads() + " -> " + last.threads()
                + ", handles " + settled.handles() + " -> " + last.handles() + ", heap " + settled.heap() + " KB -> "
                + last.heap() + " KB");
        return flat && wrong.isEmpty();
    }
}
