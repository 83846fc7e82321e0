package org.fobstation.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the station's process holds.
 *
 * @param seconds since the first presentation
 * @param handles open file descriptors
 * @param heap live objects, in KB
 */
record SoakSample(long seconds, int presented, long threads, long handles, long heap) {

    static final String HEADER =
            """
            | s | presented | threads | handles | heap after GC, KB |
            |---|---|---|---|---|""";

    private static final int FEWEST = 3;

    static SoakSample of(long pid, long seconds, int presented) throws IOException {
        return new SoakSample(seconds, presented, entries(pid, "task"), entries(pid, "fd"), heap(pid));
    }

    private static long entries(long pid, String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid), what))) {
            return entries.count();
        }
    }

    /** The histogram collects garbage first. */
    private static long heap(long pid) throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = jcmd.inputReader()) {
            return out.lines()
                    .filter(line -> line.startsWith("Total"))
                    .map(line -> Long.parseLong(line.strip().split("\\s+")[2]) / 1024)
                    .findFirst()
                    .orElseThrow(() -> new IOException("jcmd gave no histogram of process " + pid));
        }
    }

    /** Whether the last one is at most a tenth, and a little, above the one at a third of the time; tells it. */
    static boolean isFlat(List<SoakSample> samples) {
        if (samples.size() < FEWEST) {
            System.out.println("too short to say whether it grows");
            return true;
        }
        SoakSample settled = samples.get(samples.size() / 3);
        SoakSample last = samples.get(samples.size() - 1);
        boolean flat = last.threads <= settled.threads + 2
                && last.handles <= settled.handles + 5
                && last.heap <= settled.heap * 11 / 10 + 512;
        System.out.println((flat ? "flat" : "GROWING") + ": threads " + settled.threads + " -> " + last.threads
                + ", handles " + settled.handles + " -> " + last.handles + ", heap " + settled.heap + " KB -> "
                + last.heap + " KB");
        return flat;
    }

    @Override
    public String toString() {
        return "| " + seconds + " | " + presented + " | " + threads + " | " + handles + " | " + heap + " |";
    }
}
