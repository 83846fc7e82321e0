package org.fobstation.audit;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.fobstation.outcome.Stage;

/**
 * How long one stage of a run took.
 *
 * @param duration kept in whole microseconds
 */
public record StageTime(Stage stage, Duration duration) {

    public StageTime {
        Objects.requireNonNull(stage);
        duration = duration.truncatedTo(ChronoUnit.MICROS);
    }
}
