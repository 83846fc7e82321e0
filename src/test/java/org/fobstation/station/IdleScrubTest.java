package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IdleScrubTest {

    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final AtomicInteger scrubs = new AtomicInteger();

    private boolean count() {
        scrubs.incrementAndGet();
        return true;
    }

    @Test
    void scrubsOnceAfterAFob() throws Exception {
        try (IdleScrub scrub = IdleScrub.start(this::count, PAUSE, NEVER)) {
            scrub.busy("R1");
            assertThat(scrub.awaitClean(Duration.ofMillis(1))).isFalse();
            scrub.done("R1");
            assertThat(scrub.awaitClean(LONGEST)).isTrue();
            assertThat(scrubs).hasValue(1);
        }
    }

    @Test
    void waitsForThePauseWhileAnotherReaderServesAFob() throws Exception {
        try (IdleScrub scrub = IdleScrub.start(this::count, PAUSE, NEVER)) {
            scrub.busy("R2");
            scrub.busy("R1");
            scrub.done("R1");
            assertThat(scrub.awaitClean(Duration.ofMillis(50))).isFalse();
            assertThat(scrubs).hasValue(0);
            scrub.done("R2");
            assertThat(scrub.awaitClean(LONGEST)).isTrue();
            assertThat(scrubs).hasValue(1);
        }
    }

    @Test
    void doesNotWaitForAPauseForEver() {
        try (IdleScrub scrub = IdleScrub.start(this::count, NEVER, PAUSE)) {
            scrub.busy("R2");
            scrub.busy("R1");
            scrub.done("R1");
            await().atMost(LONGEST).until(() -> scrubs.get() == 1);
        }
    }

    @Test
    void scrubsAgainForAFobThatWasDoneMeanwhile() throws Exception {
        Semaphore begun = new Semaphore(0);
        Semaphore mayEnd = new Semaphore(0);
        IdleScrub.Scrub slow = () -> {
            begun.release();
            mayEnd.acquire();
            return count();
        };
        try (IdleScrub scrub = IdleScrub.start(slow, PAUSE, NEVER)) {
            scrub.done("R1");
            begun.acquire();
            scrub.busy("R1");
            scrub.done("R1");
            mayEnd.release(2);
            assertThat(scrub.awaitClean(LONGEST)).isTrue();
            assertThat(scrubs).hasValue(2);
        }
    }

    @Test
    void triesAScrubThatLeftSomethingOutThreeTimes() throws Exception {
        IdleScrub.Scrub incomplete = () -> !count();
        try (IdleScrub scrub = IdleScrub.start(incomplete, PAUSE, NEVER)) {
            scrub.done("R1");
            assertThat(scrub.awaitClean(LONGEST)).isTrue();
            assertThat(scrubs).hasValue(3);
        }
    }

    @Test
    void goesOnAfterAScrubThatFailed() throws Exception {
        IdleScrub.Scrub failing = () -> {
            count();
            throw new IllegalStateException("no such pool");
        };
        try (IdleScrub scrub = IdleScrub.start(failing, PAUSE, NEVER)) {
            scrub.done("R1");
            assertThat(scrub.awaitClean(LONGEST)).isTrue();
            scrub.done("R1");
            assertThat(scrub.awaitClean(LONGEST)).isTrue();
            assertThat(scrubs).hasValue(6);
        }
    }
}
