package org.fobstation.station;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.Gate;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.provisioning.OperatorDisplay;
import org.fobstation.provisioning.RunReport;
import picocli.CommandLine;

/** One line a fob on standard output, with colours where a person looks at it. Safe for several readers at once. */
public final class OperatorConsole implements OperatorDisplay {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final PrintStream out;
    private final boolean coloured;

    /** Colours only on a terminal that can show them. */
    public OperatorConsole(PrintStream out) {
        this(out, CommandLine.Help.Ansi.AUTO.enabled());
    }

    OperatorConsole(PrintStream out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    @Override
    public void watching() {
        print("READY");
    }

    @Override
    public void ended(RunReport report) {
        String stages = report.stageTimes().stream()
                .map(time -> String.format(
                        Locale.ROOT,
                        "%s %.1f",
                        shortName(time.stage()),
                        time.duration().toNanos() / 1e6))
                .collect(Collectors.joining("  "));
        print(String.format(
                Locale.ROOT,
                "%s  %s  %-20s  %s  %6.1f ms   %s",
                now(),
                word(report.outcome()),
                report.uid(),
                report.readerId(),
                report.total().toNanos() / 1e6,
                stages));
        report.failure().ifPresent(this::explain);
    }

    @Override
    public void alreadyDone(String readerId, String uid, String transactionId) {
        print(String.format(
                Locale.ROOT,
                "%s  %s  %-20s  %s  was provisioned before (%s), not touched",
                now(),
                word(Outcome.PASS),
                uid,
                readerId,
                transactionId));
    }

    @Override
    public void refused(String readerId, Failure failure) {
        print(String.format(Locale.ROOT, "%s  %s  %-20s  %s", now(), word(failure.outcome()), "no run", readerId));
        explain(failure);
    }

    @Override
    public void readerReady(String readerId, String readerName) {
        print(now() + "  reader " + readerId + " is " + readerName);
    }

    @Override
    public void held(String readerId, Gate.Hold hold) {
        print(String.format(
                Locale.ROOT,
                "%s  %s  %-20s  %s  the station is stopped",
                now(),
                word(Outcome.HOLD),
                "not touched",
                readerId));
        explain(hold);
    }

    @Override
    public void stopped(Gate.Hold hold) {
        print(now() + "  " + word(Outcome.HOLD) + "  the station is stopped");
        explain(hold);
    }

    @Override
    public void released(String user, String reason) {
        print(now() + "  the station is released by " + user + ": " + reason);
    }

    private void explain(Gate.Hold hold) {
        print("          " + hold.code() + ": " + hold.code().sentence() + " " + hold.detail());
        print("          -> " + hold.remedy());
    }

    private void explain(Failure failure) {
        print("          " + failure.code() + ": " + failure.describe());
        print("          -> " + failure.code().remedy());
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }

    private String word(Outcome outcome) {
        String padded = String.format(Locale.ROOT, "%-5s", outcome);
        int colour =
                switch (outcome) {
                    case PASS -> 32;
                    case RETRY -> 33;
                    case FAIL -> 31;
                    case HOLD -> 34;
                };
        return coloured ? "\u001B[1;" + colour + "m" + padded + "\u001B[0m" : padded;
    }

    private static String shortName(Stage stage) {
        return switch (stage) {
            case UID_READ -> "uid";
            case KEY_REQUEST -> "keys";
            case INITIALIZE_UPDATE -> "init";
            case EXTERNAL_AUTHENTICATE -> "auth";
            case PAYLOAD_DELIVERY -> "payload";
            case ISD_LOCK -> "lock";
        };
    }

    private static String now() {
        return LocalTime.now().format(TIME);
    }
}
