package org.fobstation.provisioning;

import java.util.Arrays;
import java.util.Optional;

/**
 * Life cycle states of a card, kept by its issuer security domain.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 section 5.1.1 and table 11-6"
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

    /** P2 of SET STATUS and the value of tag 9F70, one byte. */
    public int coding() {
        return coding;
    }

    static Optional<LifeCycle> of(int coding) {
        return Arrays.stream(values()).filter(state -> state.coding == coding).findFirst();
    }
}
