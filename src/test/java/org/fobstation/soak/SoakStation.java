package org.fobstation.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.pki.StationStores;

/** The packed station as a process; what it shows the operator is read from its output. */
final class SoakStation implements AutoCloseable {

    static final int READERS = 2;
    static final Duration LONGEST = Duration.ofSeconds(20);
    private static final Duration START = Duration.ofSeconds(60);

    private static final Pattern OUTCOME =
            Pattern.compile("\\d\\d:\\d\\d:\\d\\d  (PASS|RETRY|FAIL|HOLD) +([0-9A-F]{8,20}) +(\\S+).*");

    private final Process process;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Map<String, BlockingQueue<String>> shown = new ConcurrentHashMap<>();
    private final AtomicInteger outcomes = new AtomicInteger();
    private final List<String> wrong = new CopyOnWriteArrayList<>();

    private SoakStation(Process process) {
        this.process = process;
    }

    /** Starts it and waits until it watches the readers. */
    static SoakStation start(Path folder, EmbeddedKlms klms, StationStores stores)
            throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("station.dir")).toAbsolutePath();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + home.resolve("config/jvm.options"),
                        // For the count of what lives in its heap.
                        "-XX:-DisableAttachMechanism",
                        "-jar",
                        home.resolve("fob-station.jar").toString(),
                        "run")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(settings(folder, klms, stores));
        SoakStation station = new SoakStation(builder.start());
        Thread reader = new Thread(station::readOutput, "station-output");
        reader.setDaemon(true);
        reader.start();
        if (!station.ready.await(START.toSeconds(), TimeUnit.SECONDS)) {
            station.close();
            throw new IllegalStateException("the station did not get READY");
        }
        return station;
    }

    private static Map<String, String> settings(Path folder, EmbeddedKlms klms, StationStores stores) {
        Map<String, String> settings = new HashMap<>();
        settings.put("STATION_ID", "SOAK");
        settings.put("DATA_DIR", folder.resolve("data").toString());
        settings.put("KLMS_URL", klms.url().toString());
        settings.put("KLMS_KEYS_PATH", "/keys");
        settings.put("KLMS_AUDIT_PATH", "/audit");
        settings.put("KLMS_KEY_STORE", stores.keyStore().toString());
        settings.put("KLMS_TRUST_STORE", stores.trustStore().toString());
        settings.put("KLMS_KEY_STORE_PASSWORD", new String(stores.keyStorePassword()));
        settings.put("KLMS_TRUST_STORE_PASSWORD", new String(stores.trustStorePassword()));
        settings.put("AUDIT_MIN_FREE", "1 MB");
        // A fob torn away between INITIALIZE UPDATE and EXTERNAL AUTHENTICATE is presented again at once.
        settings.put("CARD_ATTEMPT_PAUSE", "0 s");
        for (int reader = 0; reader < READERS; reader++) {
            settings.put("READER_" + (reader + 1) + "_ID", "SOAK_READER_" + reader);
            settings.put("READER_" + (reader + 1) + "_NAME", "*PCD 00 0" + reader);
            settings.put("READER_" + (reader + 1) + "_EXCLUDE", "");
        }
        return settings;
    }

    private void readOutput() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Matcher outcome = OUTCOME.matcher(line);
                if (line.equals("READY")) {
                    ready.countDown();
                } else if (outcome.matches()) {
                    outcomes.incrementAndGet();
                    shown(outcome.group(2)).add(outcome.group(1));
                }
            }
        } catch (IOException e) {
            wrong.add("the station's output broke: " + e);
        }
    }

    /** The outcomes of a fob that nobody has taken yet. */
    BlockingQueue<String> shown(String uid) {
        return shown.computeIfAbsent(uid, key -> new LinkedBlockingQueue<>());
    }

    /** All outcomes shown so far. */
    int outcomes() {
        return outcomes.get();
    }

    /** Waits until so many records have been delivered, or for too long. */
    void awaitAudits(EmbeddedKlms klms, int count) throws InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (klms.audits().size() < count && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** What was not as it should be, with the fobs that were shown more often than presented. */
    List<String> wrong() {
        shown.forEach((uid, left) -> {
            if (!left.isEmpty()) {
                wrong.add(uid + " had outcomes nobody presented it for: " + left);
            }
        });
        if (!isAlive()) {
            wrong.add("the station ended with " + process.exitValue());
        }
        return List.copyOf(wrong);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
