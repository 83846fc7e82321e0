package org.fobstation.simulator.fob;

/** A key set on the card: its version, its keys, and what the card remembers about its use. Guarded by the fob. */
final class CardKeySet {

    private static final int COUNTER_MAX = 0xFFFFFF;

    private final int kvn;
    private final CardKeys keys;
    private int sequenceCounter;
    private int failures;

    /** @param sequenceCounter the value last used, 0 for a new key set */
    CardKeySet(int kvn, CardKeys keys, int sequenceCounter) {
        this.kvn = kvn;
        this.keys = keys;
        this.sequenceCounter = sequenceCounter;
    }

    int kvn() {
        return kvn;
    }

    CardKeys keys() {
        return keys;
    }

    int sequenceCounter() {
        return sequenceCounter;
    }

    /** The counter in 3 bytes. */
    byte[] sequenceCounterBytes() {
        return new byte[] {(byte) (sequenceCounter >> 16), (byte) (sequenceCounter >> 8), (byte) sequenceCounter};
    }

    /** Advances the counter; 6985 at its maximum (Amendment D section 6.2.2.1). */
    void advanceCounter() {
        CardRefusal.unless(sequenceCounter < COUNTER_MAX, 0x6985);
        sequenceCounter++;
    }

    int failures() {
        return failures;
    }

    void countFailure() {
        failures++;
    }

    void forgetFailures() {
        failures = 0;
    }
}
