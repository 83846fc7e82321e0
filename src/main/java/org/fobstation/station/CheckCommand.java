package org.fobstation.station;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fobstation.pcsc.FobProbe;
import org.fobstation.pcsc.NativeSmartCardService;
import org.fobstation.pcsc.PcscException;
import org.fobstation.pcsc.ReaderStatus;
import org.fobstation.pcsc.ReaderSurvey;
import org.fobstation.pcsc.SmartCardContext;
import org.fobstation.pcsc.SmartCardService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code check}: what an engineer wants to know of the readers before the first fob. Changes nothing. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the PC/SC readers and says which configured reader each is, then waits for a fob and reads its UID.",
            "The fob is not changed. Stop the station first: it holds the fobs on its readers.",
            "Exit code 0 only if every configured reader is there and, unless --wait is 0, a UID was read."
        })
final class CheckCommand implements Callable<Integer> {

    private static final int WAIT_MOST = 600;

    /** What the fob itself may take beyond the wait for it; PC/SC sets no limit. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final SmartCardService cards;

    @Spec
    private CommandSpec spec;

    @Mixin
    private StationFiles files;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for a fob, 0 to 600; 0 only lists. Without it: ${DEFAULT-VALUE}.")
    private int wait;

    /** For picocli. */
    CheckCommand() {
        this(new NativeSmartCardService());
    }

    CheckCommand(SmartCardService cards) {
        this.cards = cards;
    }

    @Override
    public Integer call() throws Exception {
        if (wait < 0 || wait > WAIT_MOST) {
            throw new ParameterException(spec.commandLine(), "--wait is 0 to " + WAIT_MOST + ", not " + wait);
        }
        List<ReaderSettings> readers = files.readers();
        Optional<ReaderSurvey> survey =
                within(ANSWER, () -> ReaderSurvey.take(cards, ReaderClaims.patterns(readers)), "the PC/SC service");
        if (survey.isEmpty()) {
            return StationMain.FAILED;
        }
        boolean complete = list(survey.get());
        List<String> attached = survey.get().statuses().stream()
                .filter(ReaderStatus::isAttached)
                .map(ReaderStatus::readerName)
                .limit(SmartCardContext.MAX_WAIT_ENTRIES)
                .toList();
        boolean read = wait == 0 || !attached.isEmpty() && readFob(attached);
        return complete && read ? StationMain.DONE : StationMain.FAILED;
    }

    private boolean list(ReaderSurvey survey) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("PC/SC readers through " + cards.description() + ":");
        if (survey.readerNames().isEmpty()) {
            out.println("  none. Plug a reader in; on Windows use the driver that comes with Windows.");
        }
        for (String name : survey.readerNames()) {
            String owner = survey.owner(name);
            out.println("  " + name + "  ->  " + (owner.isEmpty() ? "not used" : owner));
        }
        out.println("Configured readers:");
        for (ReaderStatus status : survey.statuses()) {
            out.println("  " + status.readerId() + "  "
                    + (status.isAttached()
                            ? "ok, " + status.readerName()
                            : status.attachment() + ", " + status.detail()));
        }
        out.flush();
        return survey.statuses().stream().allMatch(ReaderStatus::isAttached);
    }

    private boolean readFob(List<String> readers) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Present a fob within " + wait + " s.");
        out.flush();
        Duration limit = Duration.ofSeconds(wait);
        Optional<Optional<FobProbe.Reading>> probed =
                within(limit.plus(ANSWER), () -> FobProbe.await(cards, readers, limit), "the fob");
        if (probed.isEmpty()) {
            return false;
        }
        if (probed.get().isEmpty()) {
            out.println("No fob came. Check that the fob is of the kind the reader takes, and hold it still.");
            return false;
        }
        FobProbe.Reading reading = probed.get().get();
        out.println("Reader " + reading.readerName() + (reading.atr().isEmpty() ? "" : ", ATR " + reading.atr()));
        reading.failure().ifPresent(failure -> {
            out.println(failure.code() + ": " + failure.describe());
            out.println("-> " + failure.code().remedy());
        });
        if (reading.failure().isEmpty()) {
            out.println("UID " + reading.uid()
                    + (reading.random() ? ", which is random and no identity: see reader.allow-random-uid" : ""));
        }
        out.flush();
        return reading.failure().isEmpty();
    }

    /** Bounds what PC/SC does not; empty, and told, if it did not come to an end or the service is not there. */
    private <T> Optional<T> within(Duration limit, Callable<T> look, String who) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(look);
        Thread thread = new Thread(task, "check");
        thread.setDaemon(true);
        thread.start();
        PrintWriter err = spec.commandLine().getErr();
        try {
            return Optional.of(task.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            err.println("No answer from " + who + " within " + limit.toSeconds() + " s. Unplug and plug the reader.");
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof PcscException)) {
                throw new IllegalStateException(e.getCause());
            }
            err.println("The PC/SC service or a reader is gone: " + e.getCause().getMessage()
                    + ". Plug the reader in, and start the smart card service (Windows) or pcscd (Linux).");
        }
        err.flush();
        return Optional.empty();
    }
}
