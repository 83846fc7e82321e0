package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Example;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.fobstation.FolderFiles;
import org.fobstation.klms.AgreedAnswer;
import org.fobstation.klms.ArbitraryHttpAnswer;
import org.fobstation.klms.KeyCall;
import org.fobstation.klms.KeyRequest;
import org.fobstation.outcome.FailureCode;
import org.fobstation.scp03.SecurityLevel;
import org.fobstation.secret.SecretBytes;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Reply;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.fobstation.station.KeySearch;

/**
 * A key server behind real TLS that sends anything at all, among it answers of 10 MB and ones that never end: every run
 * ends in time in a code of the key server's, nothing is sent to the fob, and nothing stays behind.
 *
 * <p>{@code -Dklms.answers=N} for another number, {@code -Dklms.seed=S} for the same ones again.
 */
class HostileKlmsPropertyTest {

    private static final int ANSWERS = Integer.getInteger("klms.answers", 100);
    private static final long SEED = Long.getLong("klms.seed", new Random().nextLong());

    /** Of so many answers one has 10 MB, and one never ends. */
    private static final int ROUND = 40;

    private static final int BIG = 10 << 20;
    private static final String FOB = "04A1B2C3D4E5F6";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration IMPATIENCE = Duration.ofMillis(300);
    private static final Duration DRIP = Duration.ofMillis(20);

    private static final Set<FailureCode> LISTED = EnumSet.of(
            FailureCode.KLMS_ANSWER_INVALID,
            FailureCode.KLMS_REFUSED,
            FailureCode.KLMS_UNAUTHORIZED,
            FailureCode.KLMS_BUSY,
            FailureCode.KLMS_TIMEOUT,
            FailureCode.KLMS_UNREACHABLE);

    private static final List<String> DRIPPED = List.of(
            "",
            "HTTP/1.1 200 OK",
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n");

    private final Map<FailureCode, Integer> codes = new EnumMap<>(FailureCode.class);
    /** Of tests that ran before in this JVM. */
    private final long openBefore = SecretBytes.bytesOpen();

    private Path folder;
    private FuzzedStation station;
    private EmbeddedKlms klms;
    private int tries;
    private long longestMillis;

    @BeforeTry
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("hostile");
    }

    @AfterTry
    void removeFolder() throws IOException {
        for (Path file : FolderFiles.in(folder)) {
            Files.delete(file);
        }
        Files.delete(folder);
    }

    /** Answers that nobody could fall for would prove nothing. */
    @Example
    void wouldFoolAClientThatLooksForABodyAndNothingElse() {
        RandomGenerator<ArbitraryHttpAnswer> generator =
                ArbitraryHttpAnswer.to(FOB).generator(1_000);
        Random random = new Random(SEED);
        assertThat(Stream.generate(() -> generator.next(random).value().bytes()).limit(2_000))
                .anyMatch(answer ->
                        AgreedAnswer.of(behindTheFirstEmptyLine(answer), FOB).isPresent());
    }

    private static byte[] behindTheFirstEmptyLine(byte[] answer) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        return end < 0 ? new byte[0] : text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Example
    void getsNoKeyUsedNothingThroughAndNothingLeftBehind() throws Exception {
        System.out.printf("%d answers of a hostile key server, seed %d%n", ANSWERS, SEED);
        TestPki pki = TestPki.create();
        StationStores stores = pki.writeStationStores(folder);
        // Loads what is loaded once, and leaves its files open.
        carryOut(pki, stores, 1);
        codes.clear();
        Holdings before = Holdings.now();

        carryOut(pki, stores, ANSWERS);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Holdings.now().files()).isLessThanOrEqualTo(before.files()));
        System.out.printf(
                "ended in %s; longest %d ms; before %s, after %s%n", codes, longestMillis, before, Holdings.now());
        assertThat(SecretBytes.bytesOpen()).isLessThanOrEqualTo(openBefore);
        assertThat(codes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(ANSWERS);
    }

    private void carryOut(TestPki pki, StationStores stores, int answers) throws Exception {
        RandomGenerator<ArbitraryHttpAnswer> generator =
                ArbitraryHttpAnswer.to(FOB).generator(1_000);
        Random random = new Random(SEED);
        try (EmbeddedKlms server =
                        EmbeddedKlms.builder(pki).keyVersion(FuzzedStation.KVN).start();
                FuzzedStation provisioner = new FuzzedStation(SecurityLevel.LEVEL_33, "secured, rotate-keys");
                KeyCall patient = KeyCall.to(server.url(), stores, PATIENCE);
                KeyCall impatient = KeyCall.to(server.url(), stores, IMPATIENCE)) {
            klms = server;
            station = provisioner;
            for (tries = 1; tries <= answers; tries++) {
                switch (tries % ROUND) {
                    case 7 ->
                        run(patient, "10 MB, kind " + tries / ROUND % 8, Reply.raw(big(tries / ROUND % 8)), LISTED);
                    case 23 -> run(impatient, "a drip", drip(), EnumSet.of(FailureCode.KLMS_TIMEOUT));
                    default -> {
                        ArbitraryHttpAnswer answer = generator.next(random).value();
                        run(patient, answer.toString(), Reply.raw(answer.bytes()), LISTED);
                    }
                }
            }
            assertThat(server.keyRequests())
                    .as("asked once for each, and nowhere else")
                    .hasSizeLessThanOrEqualTo(answers);
            assertStillServes(patient);
            await().atMost(PATIENCE).until(() -> server.openConnections() <= 2 * KeyCall.POOL);
        }
    }

    private void run(KeyCall call, String what, Reply reply, Set<FailureCode> expected) throws IOException {
        klms.answerKeys(right -> reply);
        VirtualFob fob = FuzzedStation.fob();
        long start = System.nanoTime();
        FuzzedStation.Ended ended = station.run(fob::transmit, request -> call.ask(asked(request)));
        longestMillis = Math.max(longestMillis, (System.nanoTime() - start) / 1_000_000);
        FailureCode code = ended.report().failure().orElseThrow().code();
        assertThat(expected)
                .as("answer %d: %s ended in %s", tries, what, ended.report())
                .contains(code);
        assertThat(fob.received()).as("answer %d: %s", tries, what).isEmpty();
        assertThat(SecretBytes.bytesOpen()).as("answer %d: %s", tries, what).isLessThanOrEqualTo(openBefore);
        codes.merge(code, 1, Integer::sum);
    }

    /** More often than there are connections: none of them is lost. */
    private void assertStillServes(KeyCall call) throws IOException {
        klms.answerKeys();
        for (int i = 0; i <= KeyCall.POOL; i++) {
            VirtualFob fob = FuzzedStation.fob();
            FuzzedStation.Ended ended = station.run(fob::transmit, request -> call.ask(asked(request)));
            // The keys are this server's own and not the fob's: it is the fob that says so.
            assertThat(ended.report().failure().orElseThrow().code()).isEqualTo(FailureCode.CARD_CRYPTOGRAM_MISMATCH);
            assertThat(ended.wiped()).isTrue();
        }
        KeySearch.forKeysOf(klms);
    }

    private static KeyRequest asked(KeyRequest request) {
        return new KeyRequest(FOB, request.readerId(), request.custody());
    }

    private Reply drip() {
        String head = DRIPPED.get(tries / ROUND % DRIPPED.size());
        byte[] endless = (head + "1".repeat(10_000)).getBytes(StandardCharsets.US_ASCII);
        return tries / ROUND % 2 == 0
                ? Reply.drippingRaw(endless, DRIP)
                : Reply.rawThenSilence(head.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] big(int kind) throws IOException {
        String much = "x".repeat(BIG);
        return switch (kind) {
            case 0 -> ascii("HTTP/1.1 200 OK\r\nContent-Length: " + BIG + "\r\n\r\n" + much);
            case 1 ->
                ascii("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(BIG) + "\r\n"
                        + much);
            case 2 -> ascii("HTTP/1.1 200 OK\r\n\r\n{\"a\":\"" + much);
            case 3 -> ascii("HTTP/1.1 200 OK\r\n" + "X-More: x\r\n".repeat(BIG / 11) + "\r\n");
            case 4 -> ascii("HTTP/1.1 200 " + much + "\r\n\r\n");
            case 5 -> ascii("HTTP/1.1 100 Continue\r\n\r\n".repeat(BIG / 25));
            case 6 -> ascii("HTTP/1.1 500 No\r\nContent-Length: " + BIG + "\r\n\r\n" + much);
            default -> bomb();
        };
    }

    /** 10 MB of spaces around nothing, in 10 KB. */
    private static byte[] bomb() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(ascii(" ".repeat(BIG)));
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(
                ascii("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n"));
        answer.writeBytes(packed.toByteArray());
        return answer.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * What this process holds.
     *
     * @param files open files and sockets, 0 where the system does not say
     * @param directMegabytes memory outside the heap that awaits its collection too
     */
    private record Holdings(long files, int threads, long directMegabytes) {

        static Holdings now() {
            long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                    ? system.getOpenFileDescriptorCount()
                    : 0;
            long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            return new Holdings(files, ManagementFactory.getThreadMXBean().getThreadCount(), direct >> 20);
        }
    }
}
