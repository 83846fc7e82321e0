package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.fobstation.FolderFiles;
import org.fobstation.audit.DataFolder;
import org.fobstation.audit.Request;
import org.fobstation.audit.RequestClient;
import org.fobstation.audit.RequestResult;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.Gate;
import org.fobstation.pcsc.SmartCardService;
import org.fobstation.provisioning.OperatorDisplay;
import org.fobstation.provisioning.RunReport;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.FobBuilder;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Kdf3;
import org.fobstation.simulator.klms.ReceivedAudit;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.slf4j.LoggerFactory;

/** A whole station in a folder of its own, with an embedded key server over mutual TLS. */
final class TestStation implements AutoCloseable {

    static final String READER_ID = "LINE_04_READER_01";
    static final Duration LONGEST = Duration.ofSeconds(20);

    static final Path LOG = Path.of("target/test-logs/suite.log");

    private final Path folder;
    private final TestPki pki;
    private final StationStores stores;
    private final EmbeddedKlms klms;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Shown shown = new Shown();
    private final List<VirtualFob> fobs = new CopyOnWriteArrayList<>();
    private final StringBuffer told = new StringBuffer();
    private final long logFrom = sizeOf(LOG);
    private Station station;

    private TestStation(Path folder, TestPki pki, EmbeddedKlms klms) throws IOException {
        this.folder = folder;
        this.pki = pki;
        this.klms = klms;
        this.stores = pki.writeStationStores(Files.createDirectories(folder.resolve("stores")));
        set("station.id", "LINE-04-PC-12");
        set("data.dir", folder.resolve("data").toString());
        set("routes.dir", Path.of("routes").toAbsolutePath().toString());
        set("klms.url", klms.url().toString());
        set("klms.keys-path", "/keys");
        set("klms.audit-path", "/audit");
        set("klms.key-store", stores.keyStore().toString());
        set("klms.trust-store", stores.trustStore().toString());
        set("reader.1.id", READER_ID);
        set("klms.answer-timeout", "15 s");
        set("klms.key-ttl", "15 s");
        set("card.attempt-pause", "0 ms");
        set("audit.retries", "1");
        set("audit.backoff", "20 ms");
        set("audit.min-free", "1 MB");
        set("audit.replay-first", "1 h");
        set("audit.replay-interval", "1 h");
    }

    /** With a key server that issues STORE DATA payloads. */
    static TestStation in(Path folder) throws IOException {
        TestPki pki = TestPki.create();
        return new TestStation(folder, pki, EmbeddedKlms.start(pki));
    }

    /** With a key server whose payload is one command. */
    static TestStation in(Path folder, String payloadHeader, byte[] payload) throws IOException {
        TestPki pki = TestPki.create();
        return new TestStation(
                folder,
                pki,
                EmbeddedKlms.builder(pki).payload(payloadHeader, uid -> payload).start());
    }

    /** Adds or changes a setting; before {@link #start}. */
    TestStation set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** Puts a new key with a good certificate in the place of the station's. */
    void renewKey() throws IOException {
        pki.renewStationKey(stores);
    }

    /** Puts a new key with a certificate that has expired in the place of the station's. */
    void expireKey() throws IOException {
        pki.renewStationKeyExpired(stores);
    }

    /** Starts on a reader and waits until it is watched. */
    TestStation start(SmartCardService service, String readerName) throws Exception {
        startWithoutWaiting(service, readerName);
        awaitWatching();
        return this;
    }

    /** Starts on a reader that need not be there yet. */
    void startWithoutWaiting(SmartCardService service, String readerName) throws Exception {
        set("reader.1.name", readerName);
        station = Station.start(load(), service, shown);
    }

    void awaitWatching() throws InterruptedException {
        if (!shown.watching.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the readers are not watched within " + LONGEST);
        }
    }

    boolean isWatching() {
        return shown.watching.getCount() == 0;
    }

    /** Fobs and readers that were refused, oldest first. */
    List<Failure> refused() {
        return shown.refused;
    }

    /** Outcomes that were shown and not yet asked for. */
    int outcomes() {
        return shown.ended.size();
    }

    /** Where the routes run. */
    CamelContext camel() {
        return station.camel();
    }

    private StationSettings load() throws IOException, SettingsException {
        Path file = Files.writeString(
                config(),
                settings.entrySet().stream()
                        .map(entry -> entry.getKey() + " = " + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
        return StationSettings.load(
                file,
                Map.of(
                        "KLMS_KEY_STORE_PASSWORD", new String(stores.keyStorePassword()),
                        "KLMS_TRUST_STORE_PASSWORD", new String(stores.trustStorePassword())),
                folder);
    }

    /** Stops the station and leaves the key server and the data. */
    void stop() {
        if (station != null) {
            tellOfItself();
            station.close();
            station = null;
        }
    }

    EmbeddedKlms klms() {
        return klms;
    }

    Path folder() {
        return folder;
    }

    /** The configuration it was started with. */
    Path config() {
        return folder.resolve("station.properties");
    }

    Path data() {
        return folder.resolve("data");
    }

    /** A fob that holds the keys which the key server issues for it. */
    VirtualFob fob(String uid) {
        VirtualFob fob = fobBuilder(uid).build();
        fobs.add(fob);
        return fob;
    }

    FobBuilder fobBuilder(String uid) {
        return VirtualFob.builder().uid(uid).keySet(klms.keyVersion(), keysOf(uid));
    }

    CardKeys keysOf(String uid) {
        Kdf3.Keys keys = klms.fobKeys().keysOf(uid);
        return new CardKeys(keys.enc(), keys.mac(), keys.dek());
    }

    /** The next outcome that was shown. */
    RunReport awaitOutcome() throws InterruptedException {
        return awaitOutcome(LONGEST);
    }

    /** The next outcome that was shown, if it comes in time. */
    RunReport awaitOutcome(Duration longest) throws InterruptedException {
        RunReport report = shown.ended.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        if (report == null) {
            throw new AssertionError("no outcome was shown within " + longest + "; refused: " + shown.refused);
        }
        return report;
    }

    /** The next failure that was shown of a fob which got no run. */
    Failure awaitRefusal() throws InterruptedException {
        Failure failure = shown.toAwait.poll(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        if (failure == null) {
            throw new AssertionError("no fob was refused within " + LONGEST);
        }
        return failure;
    }

    /** What stopped the line, told behind the fob that did it or at a start. */
    Gate.Hold awaitStop() throws InterruptedException {
        return next(shown.stopped, "the line was not stopped");
    }

    /** The hold that the next fob is shown, which was presented while the line stands still. */
    Gate.Hold awaitHeld() throws InterruptedException {
        return next(shown.held, "no fob was held");
    }

    /** Who released the line, and why, as the operator was told. */
    String awaitReleased() throws InterruptedException {
        return next(shown.released, "nobody released the line");
    }

    /** Releases the line as an engineer does. */
    RequestResult release(String reason) throws Exception {
        return RequestClient.submit(
                new DataFolder(data()).requests(), Request.RELEASE, List.of(reason), "engineer", LONGEST);
    }

    private static <T> T next(BlockingQueue<T> told, String otherwise) throws InterruptedException {
        T next = told.poll(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new AssertionError(otherwise + " within " + LONGEST);
        }
        return next;
    }

    /** Waits until the station has seen that the fob is gone. */
    void awaitRemoval() throws InterruptedException {
        if (!shown.removals.tryAcquire(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("no removal was seen within " + LONGEST);
        }
    }

    /** Waits until a fob was told to be done already; gives its UID. */
    String awaitAlreadyDone() throws InterruptedException {
        String uid = shown.alreadyDone.poll(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        if (uid == null) {
            throw new AssertionError("no fob was told to be done within " + LONGEST);
        }
        return uid;
    }

    List<Path> archived() {
        return files(data().resolve("archive"));
    }

    List<Path> deadLetters() {
        return files(data().resolve("dead-letter"));
    }

    private static List<Path> files(Path folder) {
        return FolderFiles.in(folder).stream()
                .filter(path -> path.toString().endsWith(".json")
                        && !path.getFileName().toString().startsWith("."))
                .toList();
    }

    /** What was logged since this was made. */
    String logged() throws IOException {
        byte[] all = Files.readAllBytes(LOG);
        int from = Math.toIntExact(Math.min(logFrom, all.length));
        return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    }

    private static long sizeOf(Path file) {
        // The first logger of a process empties the log.
        LoggerFactory.getLogger(TestStation.class).trace("a station begins");
        return Files.exists(file) ? file.toFile().length() : 0;
    }

    /** What its health checks say, with all their details, as a status page would show it. */
    private void tellOfItself() {
        for (HealthCheck.Result result : HealthCheckHelper.invoke(station.camel(), "full")) {
            told.append(result.getMessage()).append(result.getError()).append(result.getDetails());
        }
    }

    /** Stops everything, then looks for keys in all that was logged, written, shown, told and posted. */
    @Override
    public void close() {
        stop();
        KeySearch search = KeySearch.forKeysOf(klms, fobs);
        klms.close();
        assertThat(search.hitsIn("health checks", told.toString())).isEmpty();
        assertThat(search.hitsIn("screen", shown.screen.toString(StandardCharsets.UTF_8)))
                .isEmpty();
        for (ReceivedAudit audit : klms.audits()) {
            assertThat(search.hitsIn(audit.id(), audit.headers() + new String(audit.body(), StandardCharsets.UTF_8)))
                    .isEmpty();
        }
        assertThat(search.hitsIn(folder)).as("keys in files").isEmpty();
        assertThat(search.hitsIn(LOG, logFrom)).as("keys in the log").isEmpty();
    }

    /** What the operator was shown. */
    private static final class Shown implements OperatorDisplay {
        private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
        private final OperatorConsole console =
                new OperatorConsole(new PrintStream(screen, true, StandardCharsets.UTF_8), false);
        private final CountDownLatch watching = new CountDownLatch(1);
        private final BlockingQueue<RunReport> ended = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> alreadyDone = new LinkedBlockingQueue<>();
        private final BlockingQueue<Gate.Hold> stopped = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> released = new LinkedBlockingQueue<>();
        private final BlockingQueue<Gate.Hold> held = new LinkedBlockingQueue<>();
        private final Semaphore removals = new Semaphore(0);
        private final List<Failure> refused = new CopyOnWriteArrayList<>();
        private final BlockingQueue<Failure> toAwait = new LinkedBlockingQueue<>();

        @Override
        public void watching() {
            console.watching();
            watching.countDown();
        }

        @Override
        public void ended(RunReport report) {
            console.ended(report);
            ended.add(report);
        }

        @Override
        public void alreadyDone(String readerId, String uid, String transactionId) {
            console.alreadyDone(readerId, uid, transactionId);
            alreadyDone.add(uid);
        }

        @Override
        public void stopped(Gate.Hold hold) {
            console.stopped(hold);
            stopped.add(hold);
        }

        @Override
        public void released(String user, String reason) {
            console.released(user, reason);
            released.add(user + ": " + reason);
        }

        @Override
        public void held(String readerId, Gate.Hold hold) {
            console.held(readerId, hold);
            held.add(hold);
        }

        @Override
        public void removed(String readerId) {
            console.removed(readerId);
            removals.release();
        }

        @Override
        public void refused(String readerId, Failure failure) {
            console.refused(readerId, failure);
            refused.add(failure);
            toAwait.add(failure);
        }
    }
}
