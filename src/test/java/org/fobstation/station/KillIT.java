package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The station is killed (SIGKILL) at every {@link Failpoint}, in a process of its own whose unforced writes are lost with
 * it, and started again. {@code -Dledger.kills=N} kills at each point, {@code -Dledger.points=A,B} at these points only.
 */
class KillIT {

    private static final int KILLS = Integer.getInteger("ledger.kills", 3);
    private static final int LANES = 2;
    private static final int KILLS_OF_A_FOLDER = 40;

    @TempDir
    Path temp;

    private volatile StationProgram program;
    private final KillCounts counts = new KillCounts();
    private final ConcurrentLinkedQueue<Failpoint> queue = new ConcurrentLinkedQueue<>();

    @Test
    void losesNothingCountsNothingTwiceAndChangesNothingUnnoticed() throws Exception {
        List<Failpoint> points = points();
        for (int kill = 0; kill < KILLS; kill++) {
            queue.addAll(points);
        }
        program = StationProgram.in(temp);
        if (program.isPacked()) {
            try (KillLane first = new KillLane(temp.resolve("first"), 0, program.sharing(), new KillCounts())) {
                first.runOnce();
            }
            program = program.shared();
        }
        ExecutorService lanes = Executors.newFixedThreadPool(LANES);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int lane = 1; lane <= LANES; lane++) {
                int number = lane;
                ends.add(lanes.submit(() -> work(number)));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            lanes.shutdownNow();
            System.out.println(counts.describe());
        }
        assertThat(counts.violations).isEmpty();
        assertThat(points).allSatisfy(point -> assertThat(counts.killsAt(point)).isEqualTo(KILLS));
        assertThat(counts.lost).hasValue(0);
        assertThat(counts.acceptedTwice).hasValue(0);
        assertThat(counts.passesWithoutResult).hasValue(0);
        assertThat(counts.changesWithoutIntent).hasValue(0);
        assertThat(counts.stuck).hasValue(0);
        assertThat(counts.unlinked).hasValue(0);
    }

    private static List<Failpoint> points() {
        List<Failpoint> points = new ArrayList<>(List.of(Failpoint.values()));
        String chosen = System.getProperty("ledger.points", "");
        points.removeIf(
                point -> !chosen.isEmpty() && !List.of(chosen.split(",")).contains(point.name()));
        points.removeIf(point -> point.needsARotation() && !KillLane.rotatesKeys());
        return points;
    }

    private Void work(int lane) throws Exception {
        for (int folder = 1; !queue.isEmpty(); folder++) {
            try (KillLane killed = new KillLane(temp.resolve("lane-" + lane + "-" + folder), lane, program, counts)) {
                for (int kill = 0; kill < KILLS_OF_A_FOLDER; kill++) {
                    Failpoint point = queue.poll();
                    if (point == null) {
                        return null;
                    }
                    killed.killAt(point);
                }
            }
        }
        return null;
    }
}
