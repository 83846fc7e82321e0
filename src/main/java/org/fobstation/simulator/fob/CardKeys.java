package org.fobstation.simulator.fob;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The three static keys of a virtual fob, of one length. Test keys, kept openly; immutable.
 *
 * @param enc Key-ENC, 16, 24 or 32 bytes
 * @param mac Key-MAC, as long
 * @param dek Key-DEK, as long
 */
public record CardKeys(byte[] enc, byte[] mac, byte[] dek) {

    /** The well-known test key 40 41 … 4F three times, as JCOP samples have it. */
    public static final CardKeys TEST = of("404142434445464748494A4B4C4D4E4F");

    /** @throws IllegalArgumentException if the lengths differ or are not 16, 24 or 32 */
    public CardKeys {
        int length = enc.length;
        if (length != 16 && length != 24 && length != 32 || mac.length != length || dek.length != length) {
            throw new IllegalArgumentException(
                    "three keys of 16, 24 or 32 bytes each, not " + enc.length + ", " + mac.length + ", " + dek.length);
        }
        enc = enc.clone();
        mac = mac.clone();
        dek = dek.clone();
    }

    /** One key, in hex, for all three. */
    public static CardKeys of(String hex) {
        return of(hex, hex, hex);
    }

    /** The three keys in hex. */
    public static CardKeys of(String enc, String mac, String dek) {
        HexFormat hex = HexFormat.of();
        return new CardKeys(hex.parseHex(enc), hex.parseHex(mac), hex.parseHex(dek));
    }

    /** Three different keys of {@code length} bytes each. */
    public static CardKeys random(RandomGenerator random, int length) {
        byte[][] drawn = new byte[3][length];
        for (byte[] key : drawn) {
            random.nextBytes(key);
        }
        return new CardKeys(drawn[0], drawn[1], drawn[2]);
    }

    @Override
    public byte[] enc() {
        return enc.clone();
    }

    @Override
    public byte[] mac() {
        return mac.clone();
    }

    @Override
    public byte[] dek() {
        return dek.clone();
    }

    /** Length of each key in bytes. */
    public int length() {
        return enc.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CardKeys that
                && MessageDigest.isEqual(enc, that.enc)
                && MessageDigest.isEqual(mac, that.mac)
                && MessageDigest.isEqual(dek, that.dek);
    }

    @Override
    public int hashCode() {
        return enc.length;
    }

    /** The length only. */
    @Override
    public String toString() {
        return "test keys, AES-" + 8 * enc.length;
    }
}
