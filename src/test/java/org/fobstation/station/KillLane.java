package org.fobstation.station;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fobstation.FolderFiles;
import org.fobstation.audit.AuditHead;
import org.fobstation.audit.AuditRange;
import org.fobstation.audit.AuditVerifier;
import org.fobstation.audit.DataFolder;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Kdf3;
import org.fobstation.simulator.klms.ReceivedAudit;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;

/**
 * One data folder whose station is killed again and again, and started again. Key server and fobs live here, so they
 * remember what a killed station did. What must not be is looked for at the moment it would be.
 */
final class KillLane implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int RETRIES_MAX = 2;
    private static final Pattern SETTLED = Pattern.compile("\"type\":\"(DELIVERED|LOCAL|REPLAYED)\"");
    private static final Pattern RESULT =
            Pattern.compile("\"type\":\"RESULT\".*?\"id\":\"([0-9a-f-]{36})\".*?\"post\":(true|false)");

    private static final Pattern LINK =
            Pattern.compile("\"type\":\"RESULT\".*?\"fob_uid\":\"([0-9A-F]+)\".*?\"post\":");

    private final Path folder;
    private final Path config;
    private final Map<String, String> environment;
    private final EmbeddedKlms klms;
    private final KillCounts counts;
    private final StationProgram program;
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private KilledStation station;
    private VirtualFob fob;
    private int fobs;
    private boolean isUnderWay;

    KillLane(Path folder, int lane, StationProgram program, KillCounts counts) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.counts = counts;
        this.program = program;
        fobs = lane << 16;
        TestPki pki = TestPki.create();
        klms = EmbeddedKlms.start(pki);
        StationStores stores = pki.writeStationStores(Files.createDirectories(folder.resolve("stores")));
        environment = Map.of(
                "KLMS_KEY_STORE_PASSWORD", new String(stores.keyStorePassword()),
                "KLMS_TRUST_STORE_PASSWORD", new String(stores.trustStorePassword()));
        config = Files.writeString(folder.resolve("station.properties"), settings(stores));
        station = start();
    }

    private String settings(StationStores stores) {
        return """
                station.id = LINE-04-PC-12
                data.dir = %s
                routes.dir = %s
                klms.url = %s
                klms.keys-path = /keys
                klms.audit-path = /audit
                klms.key-store = %s
                klms.trust-store = %s
                klms.key-ttl = 60 s
                reader.1.id = LINE_04_READER_01
                reader.1.name = %s
                reader.debounce = 0 ms
                hold.after-failures = 1000
                card.attempt-pause = 1 ms
                audit.retries = 1
                audit.backoff = 20 ms
                audit.backoff-max = 100 ms
                audit.min-free = 1 MB
                audit.replay-first = 100 ms
                audit.replay-interval = 100 ms
                """
                .formatted(
                        data().root(),
                        Path.of("routes").toAbsolutePath(),
                        klms.url(),
                        stores.keyStore(),
                        stores.trustStore(),
                        KillableStation.READER);
    }

    private DataFolder data() {
        return new DataFolder(folder.resolve("data"));
    }

    private KilledStation start() throws Exception {
        KilledStation started = new KilledStation(folder, config, environment, program, this::shown, this::command);
        started.await("READY");
        return started;
    }

    /** One fob, and no kill: the process ends by itself. */
    void runOnce() throws Exception {
        fob = newFob();
        station.present(fob);
        station.await("SHOWN PASS");
        await().atMost(LONGEST).until(this::isDelivered);
        station.end();
    }

    /** Whether the station as it is shipped replaces the fob's keys. */
    static boolean rotatesKeys() {
        try {
            return Files.readString(Path.of("config/station.properties"))
                    .matches("(?s).*\nlock.policy *=[^\n]*rotate-keys.*");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Presents a fob, kills the station at the point, starts it again and presents the fob until it is done. */
    void killAt(Failpoint point) throws Exception {
        isUnderWay = true;
        fob = newFob();
        klms.auditAnswer(point.needsARefusal() ? 422 : 200);
        station.arm(point);
        station.present(fob);
        if (point.needsAReplay()) {
            await().atMost(LONGEST).until(() -> !files(data().deadLetters()).isEmpty());
            klms.auditAnswer(200);
        }
        station.await("AT " + point);
        station.kill();
        klms.auditAnswer(200);
        station = start();
        String end = presentUntilDone();
        station.remove();
        await().atMost(LONGEST).until(this::isDelivered);
        if (!end.startsWith("DONE") && !end.contains(" PASS ") && !end.contains(" FAIL ")) {
            violations.add("the fob ended in: " + end);
            counts.stuck.incrementAndGet();
        }
        counts.killedAt(point, end);
        violations.forEach(violation -> counts.violations.add(point + ": " + violation));
        violations.clear();
        isUnderWay = false;
    }

    private String presentUntilDone() throws Exception {
        station.present(fob);
        String end = station.await("SHOWN", "DONE");
        for (int retry = 0; end.startsWith("SHOWN RETRY") && retry < RETRIES_MAX; retry++) {
            station.remove();
            station.present(fob);
            end = station.await("SHOWN", "DONE");
        }
        return end;
    }

    private VirtualFob newFob() {
        String uid = "04%012X".formatted(++fobs).toUpperCase(Locale.ROOT);
        Kdf3.Keys keys = klms.fobKeys().keysOf(uid);
        return VirtualFob.builder()
                .uid(uid)
                .keySet(klms.keyVersion(), new CardKeys(keys.enc(), keys.mac(), keys.dek()))
                .build();
    }

    // What must not be

    /** A PASS that is shown must have its result on the disk. */
    private void shown(String line) {
        if (line.startsWith("#SHOWN PASS")) {
            String uid = line.split(" ")[2];
            boolean isForced = journal()
                    .lines()
                    .anyMatch(entry -> entry.contains("\"type\":\"RESULT\"")
                            && entry.contains("\"fob_uid\":\"" + uid + "\"")
                            && entry.contains("\"outcome\":\"SUCCESS\""));
            if (!isForced) {
                counts.passesWithoutResult.incrementAndGet();
                violations.add("PASS was shown without a forced RESULT");
            }
        }
    }

    /** A command that changes the fob must have its intent on the disk. */
    private void command(byte[] command) {
        int ins = command[1] & 0xFF;
        String kind = ins == 0xE2 ? "PAYLOAD" : ins == 0xF0 || ins == 0xD8 ? "LOCK:" : null;
        if (kind != null && !hasIntent(kind)) {
            counts.changesWithoutIntent.incrementAndGet();
            violations.add(kind + " was sent without a forced INTENT");
        }
    }

    private boolean hasIntent(String kind) {
        String journal = journal();
        int begin = journal.lastIndexOf("\"type\":\"BEGIN\"");
        boolean isThisFob = journal.indexOf("\"fob_uid\":\"" + fob.uid().toUpperCase(Locale.ROOT) + "\"", begin) >= 0;
        return isThisFob && journal.indexOf("\"kind\":\"" + kind, begin) >= 0;
    }

    /** Whether the KLMS and the archive have every record, and each once, and the journal says so. */
    private boolean isDelivered() {
        String journal = journal();
        List<MatchResult> results = RESULT.matcher(journal).results().toList();
        Set<String> posted = new HashSet<>();
        for (MatchResult result : results) {
            if (result.group(2).equals("true")) {
                posted.add(result.group(1));
            }
        }
        Set<String> taken = new HashSet<>();
        klms.audits().forEach(audit -> taken.add(audit.id()));
        return taken.equals(posted)
                && SETTLED.matcher(journal).results().count() >= results.size()
                && files(data().archive()).size() == results.size()
                && files(data().deadLetters()).isEmpty();
    }

    /** Records of a fob that has an earlier one and that do not say so; verify proves what those say that do. */
    private int unlinked() {
        Set<String> fobsSeen = new HashSet<>();
        int unlinked = 0;
        for (MatchResult result : LINK.matcher(journal()).results().toList()) {
            boolean isFirst = fobsSeen.add(result.group(1));
            if (isFirst == result.group().contains("\"follows\":")) {
                unlinked++;
            }
        }
        return unlinked;
    }

    private String journal() {
        try (Stream<Path> segments = Files.list(data().journal())) {
            StringBuilder text = new StringBuilder();
            for (Path segment : segments.filter(file -> file.toString().endsWith(".journal"))
                    .sorted()
                    .toList()) {
                text.append(Files.readString(segment, StandardCharsets.UTF_8));
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path folder) {
        return FolderFiles.in(folder).stream()
                .filter(file -> file.getFileName().toString().matches("[^.].*\\.json"))
                .toList();
    }

    /** Stops for good, and proves what is left against the key server's last head. */
    @Override
    public void close() throws IOException {
        station.kill();
        long results = RESULT.matcher(journal()).results().count();
        counts.records.addAndGet(results);
        Set<String> transactions = new HashSet<>();
        AuditHead head = null;
        for (ReceivedAudit audit : klms.audits()) {
            String body = new String(audit.body(), StandardCharsets.UTF_8);
            if (!transactions.add(body.substring(0, body.indexOf("\"fob_uid\"")))) {
                counts.acceptedTwice.incrementAndGet();
            }
            long seq = Long.parseLong(audit.headers().get("X-Audit-Sequence"));
            head = head == null || seq >= head.auditSeq()
                    ? new AuditHead(seq, audit.headers().get("X-Audit-Hash"))
                    : head;
            counts.posts.addAndGet(audit.count());
        }
        AuditVerifier.Report report = AuditVerifier.verify(data(), AuditRange.ALL, Optional.ofNullable(head));
        // A kill that was given up, by a wait that ended, leaves records that nobody waited for.
        (isUnderWay ? counts.givenUp : counts.lost).addAndGet(report.backlog());
        counts.unlinked.addAndGet(unlinked());
        if (!report.isSound()) {
            counts.violations.add("the folder is not sound: " + report.findings());
        }
        klms.close();
    }
}
