package org.fobstation.scp03;

import java.security.Provider;
import java.security.SecureRandomSpi;
import java.util.Arrays;

/** Makes every {@code new SecureRandom()} of this process draw the same bytes. For measurements only. */
final class FixedRandomProvider extends Provider {

    private static final long serialVersionUID = 1L;

    FixedRandomProvider() {
        super("FixedRandom", "1", "always the same bytes");
        put("SecureRandom.Fixed", Fixed.class.getName());
    }

    /** Made by the JCE, through reflection. */
    public static final class Fixed extends SecureRandomSpi {

        private static final long serialVersionUID = 1L;
        private static final byte DRAWN = 0x5C;

        @Override
        protected void engineSetSeed(byte[] seed) {
            // A seed changes nothing.
        }

        @Override
        protected void engineNextBytes(byte[] bytes) {
            Arrays.fill(bytes, DRAWN);
        }

        @Override
        protected byte[] engineGenerateSeed(int numBytes) {
            byte[] seed = new byte[numBytes];
            Arrays.fill(seed, DRAWN);
            return seed;
        }
    }
}
