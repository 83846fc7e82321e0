package org.fobstation.simulator.fob;

import java.util.Optional;

/**
 * The card's life cycle.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 sections 5.1.1 and 11.10"
 */
public enum LifeCycle {
    OP_READY(0x01),
    INITIALIZED(0x07),
    SECURED(0x0F),
    CARD_LOCKED(0x7F),
    TERMINATED(0xFF);

    private final int coding;

    LifeCycle(int coding) {
        this.coding = coding;
    }

    /** The byte in SET STATUS and GET STATUS. */
    public int coding() {
        return coding;
    }

    static Optional<LifeCycle> of(int coding) {
        for (LifeCycle state : values()) {
            if (state.coding == coding) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    /** Whether SET STATUS may go from here to {@code next}; never to the present state. */
    public boolean mayBecome(LifeCycle next) {
        return switch (next) {
            case OP_READY -> false;
            case INITIALIZED -> this == OP_READY;
            case SECURED -> this == INITIALIZED || this == CARD_LOCKED;
            case CARD_LOCKED -> this == SECURED;
            case TERMINATED -> this != TERMINATED;
        };
    }
}
