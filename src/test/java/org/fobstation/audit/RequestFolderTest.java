package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.fobstation.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestFolderTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    Path data;

    DataFolder folder;
    AuditJournal journal;
    RequestFolder requests;
    final List<Request> carriedOut = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws Exception {
        folder = new DataFolder(data);
        journal = AuditJournal.open(AuditSettings.of(data, Runs.STATION), Runs.CLOCK);
    }

    void watch() throws Exception {
        RequestHandler release = request -> {
            carriedOut.add(request);
            return RequestResult.done("released");
        };
        RequestHandler broken = request -> {
            throw new IllegalStateException("a bug");
        };
        requests = RequestFolder.watch(folder, journal, Map.of("release", release, "break", broken), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        if (requests != null) {
            requests.close();
        }
        journal.close();
    }

    RequestResult submit(String command, String... arguments) throws Exception {
        return RequestClient.submit(folder.requests(), command, List.of(arguments), "smith", LONG);
    }

    List<String> files() throws Exception {
        try (Stream<Path> files = Files.list(folder.requests())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    String journalText() throws Exception {
        return Files.readString(folder.journal().resolve("00000001.journal"));
    }

    @Test
    void carriesACommandOutAndJournalsWhoGaveIt() throws Exception {
        watch();

        assertThat(submit("release", "line 4")).isEqualTo(RequestResult.done("released"));

        String owner = Files.getOwner(folder.requests()).getName();
        assertThat(carriedOut).containsExactly(new Request("release", List.of("line 4"), "smith", owner));
        assertThat(journalText())
                .contains("\"type\":\"REQUEST\"", "\"command\":\"release\"", "\"user\":\"smith\"", "line 4");
        assertThat(files()).isEmpty();
    }

    @Test
    void logsOfItWhatIsSeenAndNoMore() throws Exception {
        watch();
        try (LogCapture log = LogCapture.ofEverything()) {
            RequestClient.submit(folder.requests(), "release", List.of("mended\u001b[2J"), "sm\u202eith", LONG);

            assertThat(log.lines())
                    .anyMatch(line -> line.contains("release [mended\\u001b[2J] for sm\\u202eith"))
                    .noneMatch(line -> line.contains("\u001b") || line.contains("\u202e"));
        }
    }

    @Test
    void refusesACommandItDoesNotKnowAndNamesThoseItKnows() throws Exception {
        watch();

        assertThat(submit("explode"))
                .isEqualTo(RequestResult.refused("The station does not know explode; it knows [break, release]."));
        assertThat(journalText()).doesNotContain("REQUEST");
    }

    @Test
    void answersAlsoWhenACommandFails() throws Exception {
        watch();

        assertThat(submit("break").message())
                .isEqualTo("The station failed to do it: java.lang.IllegalStateException: a bug");
        assertThat(submit("release").done()).isTrue();
    }

    @Test
    void doesNothingItCannotJournal() throws Exception {
        watch();
        journal.close();

        RequestResult result = submit("release");

        assertThat(result.done()).isFalse();
        assertThat(result.message()).startsWith("Nothing was done: The audit journal cannot be written");
        assertThat(carriedOut).isEmpty();
    }

    @Test
    void refusesARequestThatNobodyWaitsForAnyMore() throws Exception {
        Path old = folder.requests().resolve("old.request");
        Files.write(old, RequestJson.request("release", List.of(), "smith"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(60)));
        watch();

        Path result = folder.requests().resolve("old.result");
        await().until(() -> Files.exists(result));
        assertThat(Files.readString(result)).contains("older than 30 s");
        assertThat(carriedOut).isEmpty();
    }

    @Test
    void doesNotTakeUpAgainWhatAStoppedStationHadTaken() throws Exception {
        Files.write(folder.requests().resolve("x.taken"), RequestJson.request("release", List.of(), "smith"));
        watch();

        assertThat(files()).containsExactly("x.result");
        assertThat(carriedOut).isEmpty();
    }

    @Test
    void refusesWhatIsNoRequest() throws Exception {
        watch();
        Files.writeString(folder.requests().resolve(".x.tmp"), "{\"command\":1}", StandardCharsets.UTF_8);
        Files.move(folder.requests().resolve(".x.tmp"), folder.requests().resolve("x.request"));

        Path result = folder.requests().resolve("x.result");
        await().until(() -> Files.exists(result));
        assertThat(Files.readString(result)).contains("This is not a request: the field command is not text");
    }

    @Test
    void isWithdrawnWhenNoStationTakesIt() throws Exception {
        RequestResult result =
                RequestClient.submit(folder.requests(), "release", List.of(), "smith", Duration.ofMillis(100));

        assertThat(result.done()).isFalse();
        assertThat(result.message()).contains("No station took the request", "nothing is done");
        assertThat(files()).isEmpty();
    }

    @Test
    void carriesRequestsOutInTheOrderOfTheirNames() throws Exception {
        List<String> names = new ArrayList<>();
        for (char name = 'a'; name <= 'p'; name++) {
            names.add(String.valueOf(name));
        }
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, new Random(1));
        for (String name : shuffled) {
            byte[] request = RequestJson.request("release", List.of(name), "smith");
            Files.write(folder.requests().resolve(name + ".request"), request);
        }
        watch();
        await().until(() -> carriedOut.size() == names.size());

        assertThat(carriedOut).flatExtracting(Request::arguments).isEqualTo(names);
    }

    @Test
    void removesResultsThatNobodyCollectedWithinAnHour() throws Exception {
        Path old = Files.writeString(folder.requests().resolve("old.result"), "{}");
        Path young = Files.writeString(folder.requests().resolve("young.result"), "{}");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3_700)));
        Files.setLastModifiedTime(young, FileTime.from(Instant.now().minusSeconds(1_800)));
        watch();
        await().until(() -> !Files.exists(old));

        assertThat(submit("release").done()).isTrue();
        assertThat(young).exists();
    }

    @Test
    void takesNothingAnyMoreOnceItIsClosed() throws Exception {
        watch();
        assertThat(submit("release").done()).isTrue();
        requests.close();

        assertThat(RequestClient.submit(folder.requests(), "release", List.of(), "smith", Duration.ofMillis(500))
                        .message())
                .contains("No station took the request within 0 s");
        assertThat(carriedOut).hasSize(1);
    }

    @Test
    void goesOnWhenItsFolderWasAwayForAWhile() throws Exception {
        watch();
        assertThat(submit("release").done()).isTrue();
        Path away = Files.move(folder.requests(), data.resolve("away"));
        await().pollDelay(Duration.ofMillis(500)).until(() -> !Files.exists(folder.requests()));
        Files.move(away, folder.requests());

        assertThat(submit("release").done()).isTrue();
    }

    @Test
    void keepsItsFilesToTheOwner() throws Exception {
        OwnerFile.write(folder.requests().resolve("a.request"), new byte[] {'{'});

        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.requests().resolve("a.request"))))
                .isEqualTo("rw-------");
    }

    @Test
    void saysOfARequestThatIsTooLongThatNothingIsDone() throws Exception {
        watch();

        RequestResult result = submit("release", "x".repeat(64 << 10));

        assertThat(result.done()).isFalse();
        assertThat(result.message())
                .contains("cannot be read")
                .contains("longer than")
                .contains("Nothing was done");
        assertThat(files()).isEmpty();
    }

    @Test
    void leavesFoldersAloneAndStartsInSpiteOfThem() throws Exception {
        Files.createDirectories(folder.requests().resolve("a.request").resolve("b"));
        Files.createDirectories(folder.requests().resolve("a.taken").resolve("b"));
        watch();

        assertThat(submit("release").done()).isTrue();
        assertThat(files()).containsExactly("a.request", "a.taken");
    }
}
