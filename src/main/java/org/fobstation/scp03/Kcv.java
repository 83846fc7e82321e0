package org.fobstation.scp03;

import java.util.Arrays;
import org.fobstation.secret.Aes;
import org.fobstation.secret.SecretBytes;

/**
 * The key check value of an AES key: 3 bytes that tell whether two hold the same key.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D, key check values of AES keys"
 */
public final class Kcv {

    /** Length in bytes. */
    public static final int LENGTH = 3;

    private Kcv() {}

    /** The first 3 bytes of the block 01 x 16 encrypted under {@code key}, which stays the caller's. */
    public static byte[] of(SecretBytes key) {
        try (Aes aes = Aes.of(key)) {
            byte[] block = new byte[Aes.BLOCK];
            Arrays.fill(block, (byte) 1);
            aes.encryptBlock(block, 0, block, 0);
            return Arrays.copyOf(block, LENGTH);
        }
    }
}
