package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.fobstation.outcome.OneLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands for the running station, given as files in {@code data/requests}. Who may write there may command the
 * station: the folder is its owner's alone. A request is taken by renaming it, journaled with the name of who gives it,
 * carried out, and answered beside. Looked for five times a second on a thread of its own.
 *
 * <p>Each request is carried out at most once: one that a stopped process had taken is not taken up again, and one that
 * nobody waits for any more is refused.
 */
public final class RequestFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RequestFolder.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration TOO_OLD = Duration.ofSeconds(30);
    private static final Duration RESULT_KEPT = Duration.ofHours(1);
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final int REQUEST_BYTES_MAX = 64 << 10;
    private static final int LOGGED_MOST = 500;

    private final Path folder;
    private final AuditJournal journal;
    private final Map<String, RequestHandler> handlers;
    private final Clock clock;
    private final ScheduledExecutorService thread;
    private String lastFault = "";

    private RequestFolder(Path folder, AuditJournal journal, Map<String, RequestHandler> handlers, Clock clock) {
        this.folder = folder;
        this.journal = journal;
        this.handlers = new TreeMap<>(handlers);
        this.clock = clock;
        thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "requests"));
    }

    /**
     * Begins to look for requests.
     *
     * @param handlers the commands and what carries them out
     */
    public static RequestFolder watch(
            DataFolder folder, AuditJournal journal, Map<String, RequestHandler> handlers, Clock clock)
            throws IOException {
        RequestFolder requests = new RequestFolder(folder.requests(), journal, handlers, clock);
        for (Path leftBehind : requests.list(RequestJson.TAKEN)) {
            requests.answer(leftBehind, RequestResult.refused("The station stopped in the middle; give it again."));
        }
        requests.thread.scheduleWithFixedDelay(requests::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return requests;
    }

    /** An exception here would end the watch without a word, so none gets out. */
    private void look() {
        try {
            for (Path request : list(RequestJson.REQUEST)) {
                take(request);
            }
            removeOldResults();
            lastFault = "";
        } catch (IOException | RuntimeException e) {
            if (!lastFault.equals(e.toString())) {
                lastFault = e.toString();
                LOG.error("Requests in {} cannot be taken", folder, e);
            }
        }
    }

    private void take(Path file) throws IOException {
        String name = file.getFileName().toString();
        Path taken = file.resolveSibling(name.replace(RequestJson.REQUEST, RequestJson.TAKEN));
        try {
            OwnerFile.move(file, taken);
        } catch (NoSuchFileException withdrawn) {
            return;
        }
        answer(taken, carryOut(taken));
    }

    private RequestResult carryOut(Path taken) {
        try {
            Request request = RequestJson.request(
                    OwnerFile.read(taken, REQUEST_BYTES_MAX),
                    Files.getOwner(taken).getName());
            RequestHandler handler = handlers.get(request.command());
            if (handler == null) {
                return RequestResult.refused(
                        "The station does not know " + request.command() + "; it knows " + handlers.keySet() + ".");
            }
            if (age(taken).compareTo(TOO_OLD) > 0) {
                return RequestResult.refused("The request is older than " + TOO_OLD.toSeconds() + " s; give it again.");
            }
            journal.request(request);
            LOG.info(
                    "{} {} for {} ({})",
                    request.command(),
                    OneLine.of(request.arguments().toString(), LOGGED_MOST),
                    OneLine.of(request.user(), LOGGED_MOST),
                    request.fileOwner());
            return handler.handle(request);
        } catch (JournalException e) {
            return RequestResult.refused("Nothing was done: " + e.getMessage());
        } catch (IOException e) {
            return RequestResult.refused("The request cannot be read: " + e.getMessage() + ". Nothing was done.");
        } catch (IllegalArgumentException e) {
            return RequestResult.refused("This is not a request: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A request failed", e);
            return RequestResult.refused("The station failed to do it: " + e);
        }
    }

    private void answer(Path taken, RequestResult result) throws IOException {
        String name = taken.getFileName().toString().replace(RequestJson.TAKEN, RequestJson.RESULT);
        OwnerFile.write(taken.resolveSibling(name), RequestJson.result(result));
        OwnerFile.delete(taken);
    }

    private void removeOldResults() throws IOException {
        for (Path result : list(RequestJson.RESULT)) {
            try {
                if (age(result).compareTo(RESULT_KEPT) > 0) {
                    OwnerFile.delete(result);
                }
            } catch (NoSuchFileException collectedByNow) {
                LOG.trace("{} was collected", result);
            }
        }
    }

    private Duration age(Path file) throws IOException {
        Instant written = Files.getLastModifiedTime(file).toInstant();
        return Duration.between(written, clock.instant());
    }

    /** Oldest name first; hidden files are not finished yet, folders are none of the station's. */
    private List<Path> list(String ending) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "[!.]*" + ending)) {
            for (Path file : all) {
                if (!Files.isDirectory(file)) {
                    files.add(file);
                }
            }
        }
        files.sort(Comparator.comparing(Path::getFileName));
        return files;
    }

    /** Takes no more requests and waits, within a bound, for the one being carried out. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.error("The thread {} is stuck in a request", "requests");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
