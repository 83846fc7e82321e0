package org.fobstation.residue;

/**
 * A key that must not be found.
 *
 * @param kind such as {@code S-ENC}
 * @param fob the fob's number, from 1
 * @param bytes 16, 24 or 32 bytes
 */
public record KnownKey(String kind, int fob, byte[] bytes) {

    @Override
    public String toString() {
        return kind + " of fob " + fob;
    }
}
