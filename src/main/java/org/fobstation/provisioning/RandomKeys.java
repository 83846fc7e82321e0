package org.fobstation.provisioning;

import java.security.SecureRandom;
import java.util.Objects;
import java.util.stream.Stream;
import org.fobstation.scp03.StaticKeys;
import org.fobstation.secret.SecretBytes;

/** Draws key sets that nobody else knows. */
final class RandomKeys implements KeyRotation.KeySource {

    private final SecureRandom random;

    RandomKeys(SecureRandom random) {
        this.random = random;
    }

    @Override
    public StaticKeys draw(int length) {
        SecretBytes[] drawn = new SecretBytes[3];
        boolean complete = false;
        try {
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = SecretBytes.random(length, random);
            }
            StaticKeys keys = new StaticKeys(drawn[0], drawn[1], drawn[2]);
            complete = true;
            return keys;
        } finally {
            if (!complete) {
                Stream.of(drawn).filter(Objects::nonNull).forEach(SecretBytes::close);
            }
        }
    }
}
