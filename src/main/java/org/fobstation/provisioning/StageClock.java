package org.fobstation.provisioning;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fobstation.audit.StageTime;
import org.fobstation.outcome.Stage;

/** Which stage a run is in, and how long it was in each; monotonic. One thread at a time. */
final class StageClock {

    private final long began = System.nanoTime();
    private final List<StageTime> past = new ArrayList<>();
    private Stage present;
    private long entered = began;

    StageClock(Stage first) {
        present = first;
    }

    /** Moves on; without effect if the run is in that stage already. */
    void enter(Stage stage) {
        if (stage != present) {
            long now = System.nanoTime();
            past.add(new StageTime(present, Duration.ofNanos(now - entered)));
            present = stage;
            entered = now;
        }
    }

    Stage present() {
        return present;
    }

    /** All stages entered, the present one up to now. */
    List<StageTime> times() {
        List<StageTime> times = new ArrayList<>(past);
        times.add(new StageTime(present, Duration.ofNanos(System.nanoTime() - entered)));
        return List.copyOf(times);
    }

    Duration total() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
