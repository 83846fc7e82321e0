package org.fobstation.provisioning;

import java.security.SecureRandom;
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
        return new StaticKeys(
                SecretBytes.random(length, random),
                SecretBytes.random(length, random),
                SecretBytes.random(length, random));
    }
}
