package org.fobstation.simulator.fob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fobstation.simulator.fob.LifeCycle.CARD_LOCKED;
import static org.fobstation.simulator.fob.LifeCycle.INITIALIZED;
import static org.fobstation.simulator.fob.LifeCycle.OP_READY;
import static org.fobstation.simulator.fob.LifeCycle.SECURED;
import static org.fobstation.simulator.fob.LifeCycle.TERMINATED;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LifeCycleTest {

    /** GlobalPlatform Card Specification 2.3.1, figure 5-1. */
    private static final Map<LifeCycle, Set<LifeCycle>> ALLOWED = Map.of(
            OP_READY, EnumSet.of(INITIALIZED, TERMINATED),
            INITIALIZED, EnumSet.of(SECURED, TERMINATED),
            SECURED, EnumSet.of(CARD_LOCKED, TERMINATED),
            CARD_LOCKED, EnumSet.of(SECURED, TERMINATED),
            TERMINATED, EnumSet.noneOf(LifeCycle.class));

    @Test
    void allowsTheTransitionsOfTheSpecificationAndNoOther() {
        for (LifeCycle from : LifeCycle.values()) {
            Set<LifeCycle> allowed =
                    Stream.of(LifeCycle.values()).filter(from::mayBecome).collect(Collectors.toSet());
            assertThat(allowed).as("from " + from).isEqualTo(ALLOWED.get(from));
        }
    }

    @Test
    void isFoundByItsCoding() {
        for (LifeCycle state : LifeCycle.values()) {
            assertThat(LifeCycle.of(state.coding())).contains(state);
        }
        assertThat(LifeCycle.of(0x03)).isEmpty();
    }
}
