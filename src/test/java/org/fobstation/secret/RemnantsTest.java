package org.fobstation.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.Reference;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RemnantsTest {

    @Test
    void areThereUntilTheCollectorHasThem() {
        Object held = new Object();
        Remnants.add(held);
        System.gc();
        assertThat(Remnants.areGone()).isFalse();
        Reference.reachabilityFence(held);
        held = null;
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return Remnants.areGone();
        });
    }
}
