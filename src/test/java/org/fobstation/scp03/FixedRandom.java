package org.fobstation.scp03;

import java.security.SecureRandom;

/** Draws the bytes it was given, again and again. */
final class FixedRandom extends SecureRandom {

    private static final long serialVersionUID = 1L;

    private final byte[] bytes;

    FixedRandom(byte... bytes) {
        this.bytes = bytes;
    }

    @Override
    public void nextBytes(byte[] drawn) {
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = bytes[i % bytes.length];
        }
    }
}
