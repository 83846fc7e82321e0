package org.fobstation.scp03;

import org.fobstation.secret.SecretBytes;

/**
 * The static key set of one fob: Key-ENC, Key-MAC and Key-DEK, of one length. Owns them: closing wipes all three.
 *
 * @param enc Key-ENC, 16, 24 or 32 bytes
 * @param mac Key-MAC, as long
 * @param dek Key-DEK, as long
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D section 4.1.2"
 */
public record StaticKeys(SecretBytes enc, SecretBytes mac, SecretBytes dek) implements AutoCloseable {

    /** @throws IllegalArgumentException if the lengths differ or are not 16, 24 or 32; the keys then stay the caller's */
    public StaticKeys {
        int length = enc.length();
        if (length != 16 && length != 24 && length != 32) {
            throw new IllegalArgumentException("static keys have 16, 24 or 32 bytes, not " + length);
        }
        if (mac.length() != length || dek.length() != length) {
            throw new IllegalArgumentException(
                    "static keys differ in length: " + length + ", " + mac.length() + ", " + dek.length());
        }
    }

    /** Length of each key in bytes: 16, 24 or 32. */
    public int keyLength() {
        return enc.length();
    }

    @Override
    public void close() {
        enc.close();
        mac.close();
        dek.close();
    }

    /** The length only. */
    @Override
    public String toString() {
        return "static keys, AES-" + 8 * keyLength();
    }
}
