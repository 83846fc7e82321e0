package org.fobstation.klms;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** How a fob is named to the KLMS: the form of {@code fob_uid} in a key request ({@code klms.uid-format}). */
public enum UidFormat {
    /** The NFC UID as the reader gives it: 4, 7 or 10 bytes. */
    RAW,
    /** The NFC UID filled up with zeros in front to 10 bytes. */
    LEFT_PADDED,
    /** The NFC UID filled up with zeros at its end to 10 bytes. */
    RIGHT_PADDED,
    /** The card's key diversification data, 10 bytes, in place of the UID. */
    KDD;

    /** Length in bytes of a padded UID and of the key diversification data. */
    public static final int PADDED_LENGTH = 10;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** The name in the configuration: {@code raw}, {@code left-padded}, {@code right-padded} or {@code kdd}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the card's key diversification data must be read before the key request. */
    public boolean needsKdd() {
        return this == KDD;
    }

    /**
     * The request's {@code fob_uid}, upper-case hex.
     *
     * @param uid the raw NFC UID in hex, 4, 7 or 10 bytes
     * @param kdd the key diversification data, 10 bytes; looked at by {@link #KDD} only, may be null otherwise
     * @throws IllegalArgumentException if either has another length
     */
    public String render(String uid, byte[] kdd) {
        byte[] raw = HEX.parseHex(uid);
        if (raw.length != 4 && raw.length != 7 && raw.length != 10) {
            throw new IllegalArgumentException("an NFC UID has 4, 7 or 10 bytes, not " + raw.length);
        }
        return HEX.formatHex(
                switch (this) {
                    case RAW -> raw;
                    case LEFT_PADDED -> leftPadded(raw);
                    case RIGHT_PADDED -> Arrays.copyOf(raw, PADDED_LENGTH);
                    case KDD -> requireKdd(kdd);
                });
    }

    private static byte[] leftPadded(byte[] raw) {
        byte[] padded = new byte[PADDED_LENGTH];
        System.arraycopy(raw, 0, padded, PADDED_LENGTH - raw.length, raw.length);
        return padded;
    }

    private static byte[] requireKdd(byte[] kdd) {
        if (kdd == null || kdd.length != PADDED_LENGTH) {
            throw new IllegalArgumentException(
                    "key diversification data has 10 bytes, not " + (kdd == null ? "none" : kdd.length));
        }
        return kdd;
    }
}
