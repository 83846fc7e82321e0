package org.fobstation.scp03;

import org.fobstation.secret.Aes;

/**
 * 80 00..00 up to the next whole block, always at least the 80.
 *
 * @see "ISO/IEC 9797-1 padding method 2"
 */
final class Padding {

    private Padding() {}

    /** Length of {@code length} bytes after padding: 16 bytes become 32. */
    static int paddedLength(int length) {
        return (length / Aes.BLOCK + 1) * Aes.BLOCK;
    }

    /**
     * Length without the padding, or -1 if the padding is wrong. One block of padding more than needed is let pass:
     * card code is known that pads once more what is padded already with whole blocks of 00.
     *
     * @param length bytes of {@code padded} that count, whole blocks
     */
    static int plainLength(byte[] padded, int length) {
        int marker = length - 1;
        while (marker >= 0 && padded[marker] == 0) {
            marker--;
        }
        if (marker < 0 || padded[marker] != (byte) 0x80) {
            return -1;
        }
        int needed = marker == 0 ? 0 : paddedLength(marker);
        return length - needed <= Aes.BLOCK ? marker : -1;
    }
}
