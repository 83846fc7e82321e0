package org.fobstation.klms;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The fingerprint of a key that a server is expected to have: SHA-256 of its SubjectPublicKeyInfo, 32 bytes, written as
 * {@code sha256/} and Base64 (RFC 7469). It survives a renewed certificate for the same key.
 */
public final class KeyPin {

    private static final String PREFIX = "sha256/";
    private static final int LENGTH = 32;

    private final byte[] hash;

    private KeyPin(byte[] hash) {
        this.hash = hash;
    }

    /** The pin of a key. */
    public static KeyPin of(PublicKey key) {
        try {
            return new KeyPin(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Reads pins separated by commas.
     *
     * @return none for an empty text
     * @throws IllegalArgumentException with the reason
     */
    public static List<KeyPin> parse(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(pin -> !pin.isEmpty())
                .map(KeyPin::parseOne)
                .toList();
    }

    private static KeyPin parseOne(String text) {
        if (text.startsWith(PREFIX)) {
            try {
                byte[] hash = Base64.getDecoder().decode(text.substring(PREFIX.length()));
                if (hash.length == LENGTH) {
                    return new KeyPin(hash);
                }
            } catch (IllegalArgumentException e) {
                // Said below.
            }
        }
        // Not repeated: somebody may take KLMS_PIN for the place of a token's PIN.
        throw new IllegalArgumentException("a pin of the server's key is sha256/ and 44 signs of Base64;"
                + " a token's PIN goes into KLMS_KEY_STORE_PASSWORD");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyPin pin && Arrays.equals(hash, pin.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return PREFIX + Base64.getEncoder().encodeToString(hash);
    }
}
