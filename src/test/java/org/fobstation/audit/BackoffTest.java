package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void drawsEachPauseBetweenTheHalfAndTheWholeOfAStepThatDoubles() {
        for (int round = 0; round < 200; round++) {
            Backoff backoff = new Backoff(100, 1_000);
            for (long whole : new long[] {100, 200, 400, 800, 1_000, 1_000}) {
                assertThat(backoff.next()).isBetween(whole / 2, whole);
            }
        }
    }

    @Test
    void usesAllOfTheStepSoThatStationsDoNotComeBackTogether() {
        Set<Long> drawn = new HashSet<>();
        for (int round = 0; round < 1_000; round++) {
            drawn.add(new Backoff(4, 4).next());
        }

        assertThat(drawn).containsExactlyInAnyOrder(2L, 3L, 4L);
    }

    @Test
    void staysAtTheLongestPauseHoweverLongTheKlmsIsAway() {
        Backoff backoff = new Backoff(1_000, 30_000);
        for (int failure = 1; failure <= 200; failure++) {
            assertThat(backoff.next()).isBetween(500L, 30_000L);
            assertThat(backoff.failures()).isEqualTo(failure);
        }
        assertThat(backoff.next()).isGreaterThanOrEqualTo(15_000);
    }

    @Test
    void beginsAnewAfterASuccess() {
        Backoff backoff = new Backoff(1_000, 30_000);
        backoff.next();
        backoff.next();
        backoff.reset();

        assertThat(backoff.failures()).isZero();
        assertThat(backoff.next()).isLessThanOrEqualTo(1_000);
    }

    @Test
    void neverSpinsWithoutAnyPause() {
        Backoff backoff = new Backoff(0, 0);

        assertThat(backoff.next()).isBetween(0L, 1L);
        assertThat(backoff.next()).isBetween(0L, 1L);
    }
}
