package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What this process holds: open handles ({@code /proc/self/fd}) and threads. Those of connections kept for the next use
 * come and go, so the comparison has patience.
 *
 * @param handles open file descriptors
 * @param threads the names of the live threads of station and fobs, sorted; not those of the JVM and of the test
 */
record Footprint(long handles, List<String> threads) {

    private static final Pattern STATIONS = Pattern.compile("pcsc-|Camel|requests|klms-deadline|reader-survey|fob on");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static Footprint now() {
        try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
            return new Footprint(
                    handles.count(),
                    Thread.getAllStackTraces().keySet().stream()
                            .map(Thread::getName)
                            .filter(name -> STATIONS.matcher(name).lookingAt())
                            .sorted()
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until no more is held than at this moment. */
    void awaitNoMore() {
        await("handles and threads back to the number before").atMost(PATIENCE).untilAsserted(() -> {
            Footprint now = now();
            assertThat(now.handles()).as("handles").isLessThanOrEqualTo(handles);
            assertThat(now.threads()).as("threads; before: " + threads).hasSizeLessThanOrEqualTo(threads.size());
        });
    }
}
