package org.fobstation.secret;

/**
 * Overwrites what calls that have returned left on the stack of their thread. Compiled code puts words of a key there while
 * it works with them, two of them side by side are eight bytes of the key, and nothing clears them afterwards.
 *
 * <p>A method calls itself and keeps more words over the call than there are registers, so that each of its frames is
 * written from end to end but for a word of padding. A second round begins a little lower and reaches those.
 */
public final class StackScrub {

    /** Some 200 bytes each, compiled, and twice that interpreted: deeper than a route with a call to the key server gets. */
    private static final int FRAMES = 800;

    /** The compiler does not look into arrays, so it has to keep each of these words. */
    private static final long[] ZEROS = new long[24];

    private StackScrub() {}

    /** Below the caller's own frame; takes about a tenth of a millisecond once compiled, and less than half of a usual stack of 1 MB. */
    public static void run() {
        overwrite(FRAMES, ZEROS);
        lower(ZEROS[0], ZEROS[1], ZEROS[2]);
    }

    /** Its own frame is what makes the difference. */
    private static long lower(long first, long second, long third) {
        return overwrite(FRAMES, ZEROS) ^ first ^ second ^ third;
    }

    private static long overwrite(int frames, long[] zeros) {
        long w0 = zeros[0];
        long w1 = zeros[1];
        long w2 = zeros[2];
        long w3 = zeros[3];
        long w4 = zeros[4];
        long w5 = zeros[5];
        long w6 = zeros[6];
        long w7 = zeros[7];
        long w8 = zeros[8];
        long w9 = zeros[9];
        long w10 = zeros[10];
        long w11 = zeros[11];
        long w12 = zeros[12];
        long w13 = zeros[13];
        long w14 = zeros[14];
        long w15 = zeros[15];
        long w16 = zeros[16];
        long w17 = zeros[17];
        long w18 = zeros[18];
        long w19 = zeros[19];
        long w20 = zeros[20];
        long w21 = zeros[21];
        long w22 = zeros[22];
        long w23 = zeros[23];
        long below = frames == 0 ? 0 : overwrite(frames - 1, zeros);
        return below ^ w0 ^ w1 ^ w2 ^ w3 ^ w4 ^ w5 ^ w6 ^ w7 ^ w8 ^ w9 ^ w10 ^ w11 ^ w12 ^ w13 ^ w14 ^ w15 ^ w16 ^ w17
                ^ w18 ^ w19 ^ w20 ^ w21 ^ w22 ^ w23;
    }
}
