package org.fobstation.residue;

import java.util.Arrays;

/**
 * Reads hex digits and Base64 signs one after the other and tells which 8 bytes the last of them make, whatever they
 * began with.
 */
final class TextDecoder {

    private static final int HEX_DIGITS = 2 * KeyPieces.WIDTH;
    private static final byte[] HEX = values("0123456789abcdef", "0123456789ABCDEF");
    private static final byte[] BASE64 = values(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /** Told of every 8 bytes that were written in hex or Base64. */
    interface Pieces {
        void hex(long piece);

        void base64(long piece);
    }

    private int hexRun;
    private long hex;
    private int base64Run;
    private long base64;
    private long base64Before;

    private static byte[] values(String... alphabets) {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        for (String alphabet : alphabets) {
            for (int i = 0; i < alphabet.length(); i++) {
                values[alphabet.charAt(i)] = (byte) i;
            }
        }
        return values;
    }

    void reset() {
        hexRun = 0;
        base64Run = 0;
    }

    void feed(int sign, Pieces pieces) {
        int value = BASE64[sign];
        if (value >= 0) {
            feed(value, HEX[sign], pieces);
        } else {
            reset();
        }
    }

    private void feed(int value, int digit, Pieces pieces) {
        base64Before = base64Before << 6 | base64 >>> 58;
        base64 = base64 << 6 | value;
        // Bytes end with a sign, or 2 or 4 bits before its end.
        if (++base64Run >= 11) {
            pieces.base64(base64);
            pieces.base64(base64 >>> 2 | base64Before << 62);
            if (base64Run >= 12) {
                pieces.base64(base64 >>> 4 | base64Before << 60);
            }
        }
        if (digit < 0) {
            hexRun = 0;
            return;
        }
        hex = hex << 4 | digit;
        if (++hexRun >= HEX_DIGITS) {
            pieces.hex(hex);
        }
    }
}
