package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private final BackOff backOff = new BackOff(Duration.ofMillis(50), Duration.ofSeconds(2));

    private List<Long> next(int count) {
        return Stream.generate(backOff::next)
                .limit(count)
                .map(Duration::toMillis)
                .toList();
    }

    @Test
    void doublesUpToTheLongestAndStaysThereForEver() {
        assertThat(next(8)).containsExactly(50L, 100L, 200L, 400L, 800L, 1600L, 2000L, 2000L);
        assertThat(next(10_000)).containsOnly(2000L);
    }

    @Test
    void beginsAnewAfterAReset() {
        next(5);
        backOff.reset();
        assertThat(next(2)).containsExactly(50L, 100L);
    }
}
