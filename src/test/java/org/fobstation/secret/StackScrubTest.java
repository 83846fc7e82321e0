package org.fobstation.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What it overwrites can be seen from outside only: {@code ResidueIT} looks. */
class StackScrubTest {

    @Test
    void needsLessThanAUsualStackInterpretedAndCompiled() throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        Thread small = new Thread(
                null,
                () -> {
                    for (int i = 0; i < 2_000; i++) {
                        StackScrub.run();
                    }
                    ended.set(true);
                },
                "small stack",
                768 << 10);
        small.start();
        small.join();
        assertThat(ended).isTrue();
    }
}
