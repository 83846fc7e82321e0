package org.fobstation.simulator.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.fobstation.outcome.Outcome;
import org.fobstation.provisioning.RunReport;

/**
 * What came of the demo.
 *
 * @param presented how many fobs were presented
 * @param changed how many of them hold the payload that the key server issued, are locked, and no
 *     longer hold the issued keys
 * @param audits how many records the key server has
 * @param archived how many files the archive has
 */
record DemoSummary(int presented, List<RunReport> reports, int changed, int audits, long archived, Path archive) {

    static long filesIn(Path archive) throws IOException {
        if (!Files.isDirectory(archive)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(archive)) {
            return files.filter(path -> path.toString().endsWith(".json")).count();
        }
    }

    boolean isComplete() {
        return count(Outcome.PASS) == presented && changed == presented && audits == presented && archived == presented;
    }

    void print(PrintStream out) {
        out.println();
        out.printf(
                Locale.ROOT,
                "%d fobs: %d PASS, %d RETRY, %d FAIL, %d HOLD%n",
                presented,
                count(Outcome.PASS),
                count(Outcome.RETRY),
                count(Outcome.FAIL),
                count(Outcome.HOLD));
        out.printf(Locale.ROOT, "%d hold their payload, are locked and have keys that nobody knows%n", changed);
        out.printf(Locale.ROOT, "%d audits at the key server, %d in the archive%n", audits, archived);
        if (!reports.isEmpty()) {
            double[] millis = reports.stream()
                    .mapToDouble(report -> report.total().toNanos() / 1e6)
                    .sorted()
                    .toArray();
            out.printf(
                    Locale.ROOT,
                    "a fob from presentation to record: median %.1f ms, longest %.1f ms%n",
                    millis[millis.length / 2],
                    millis[millis.length - 1]);
        }
        out.println("archive: " + archive);
        out.println(isComplete() ? "The demo is complete." : "The demo is NOT complete: see above.");
    }

    private long count(Outcome outcome) {
        return reports.stream().filter(report -> report.outcome() == outcome).count();
    }
}
