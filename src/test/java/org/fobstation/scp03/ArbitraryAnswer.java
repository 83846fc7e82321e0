package org.fobstation.scp03;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * An answer that no card thought of: arbitrary bytes and an arbitrary status word, or the card's own with one bit
 * turned.
 *
 * @param length of the data in bytes, 0..300
 * @param status 0..FFFF
 * @param content what the data are made of
 * @param cut bytes missing at the end: 0, or 1 or 2 of the status word
 * @param bent whether it is the card's own answer with one bit turned, where the card can still be asked
 */
public record ArbitraryAnswer(int length, int status, long content, int cut, boolean bent) {

    /** Lengths at which something ends: MACs, blocks, answers to INITIALIZE UPDATE, a short APDU. */
    private static final Integer[] EDGES = {0, 1, 7, 8, 9, 15, 16, 17, 24, 28, 29, 32, 40, 45, 48, 255, 256, 300};

    /** Answers of any length and status word; those that mean something to a host come more often than others. */
    public static Arbitrary<ArbitraryAnswer> any() {
        Arbitrary<Integer> lengths =
                Arbitraries.oneOf(Arbitraries.integers().between(0, 300), Arbitraries.of(EDGES), Arbitraries.just(0));
        Arbitrary<Integer> statuses = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(0x9000)),
                Tuple.of(2, Arbitraries.integers().between(0x6200, 0x63FF)),
                Tuple.of(2, Arbitraries.integers().between(0x6100, 0x61FF)),
                Tuple.of(1, Arbitraries.integers().between(0x6C00, 0x6CFF)),
                Tuple.of(1, Arbitraries.of(0x6310, 0x6283, 0x6700, 0x6982, 0x6988, 0x6A80, 0x6A88)),
                Tuple.of(3, Arbitraries.integers().between(0, 0xFFFF)));
        Arbitrary<Integer> cuts = Arbitraries.frequency(Tuple.of(40, 0), Tuple.of(1, 1), Tuple.of(1, 2));
        Arbitrary<Boolean> bents = Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true));
        return Combinators.combine(lengths, statuses, Arbitraries.longs(), cuts, bents)
                .as(ArbitraryAnswer::new);
    }

    /** As it goes over the air. */
    public byte[] bytes() {
        byte[] bytes = new byte[length + 2];
        new SplittableRandom(content).nextBytes(bytes);
        bytes[length] = (byte) (status >> 8);
        bytes[length + 1] = (byte) status;
        return Arrays.copyOf(bytes, bytes.length - cut);
    }

    /** {@code genuine} with one bit turned, between these indexes. */
    byte[] bend(byte[] genuine, int from, int to) {
        byte[] bytes = genuine.clone();
        int bit = Math.floorMod(content, 8 * (to - from));
        bytes[from + bit / 8] ^= (byte) (1 << bit % 8);
        return bytes;
    }

    @Override
    public String toString() {
        if (bent) {
            return "bent by bit " + content;
        }
        return String.format("%04X after %d bytes of seed %d, cut by %d", status, length, content, cut);
    }
}
