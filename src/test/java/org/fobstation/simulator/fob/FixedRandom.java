package org.fobstation.simulator.fob;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Draws the same bytes every time. */
final class FixedRandom implements RandomGenerator {

    private final byte[] drawn;

    FixedRandom(String hex) {
        drawn = HexFormat.of().parseHex(hex);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = drawn[i % drawn.length];
        }
    }

    @Override
    public long nextLong() {
        throw new UnsupportedOperationException("the fob draws bytes only");
    }
}
