package org.fobstation.residue;

/** Pieces of 8 bytes and what each is a piece of. Made for look-ups that almost all fail: one bit tells most of them. */
final class PieceTable {

    private final long[] filter;
    private final int filterShift;
    private final long[] pieces;
    private final int[] codes;
    private final int mask;

    /** @param most how many pieces will be put in at most */
    PieceTable(int most) {
        int slots = 2 * Integer.highestOneBit(Math.max(most, 1) * 2 - 1);
        pieces = new long[slots];
        codes = new int[slots];
        mask = slots - 1;
        // 16 bits for each slot: few of them are set.
        filter = new long[Math.max(1, slots / 4)];
        filterShift = Long.SIZE - Integer.numberOfTrailingZeros(filter.length) - 6;
    }

    /**
     * The first of two equal pieces stays.
     *
     * @param code not 0
     */
    void put(long piece, int code) {
        long hash = hash(piece);
        int slot = (int) hash & mask;
        while (codes[slot] != 0 && pieces[slot] != piece) {
            slot = slot + 1 & mask;
        }
        if (codes[slot] == 0) {
            pieces[slot] = piece;
            codes[slot] = code;
            long bit = hash >>> filterShift;
            filter[(int) (bit >>> 6)] |= 1L << bit;
        }
    }

    /** The piece's code, 0 if it is not here. */
    int find(long piece) {
        long hash = hash(piece);
        long bit = hash >>> filterShift;
        return (filter[(int) (bit >>> 6)] & 1L << bit) == 0 ? 0 : find(piece, hash);
    }

    private int find(long piece, long hash) {
        int slot = (int) hash & mask;
        while (codes[slot] != 0 && pieces[slot] != piece) {
            slot = slot + 1 & mask;
        }
        return codes[slot];
    }

    private static long hash(long piece) {
        long product = piece * 0x9E3779B97F4A7C15L;
        return product ^ product >>> 32;
    }
}
