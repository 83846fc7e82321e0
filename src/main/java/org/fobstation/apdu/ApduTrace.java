package org.fobstation.apdu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What went over the air in one run, in order: wrapped bytes as sent and received. Used by one thread at a time.
 *
 * <p>A stretch of a command can be masked before it is sent ({@link #maskNext(int, int)}): it goes to the fob as it is
 * and into the trace as zeros.
 */
public final class ApduTrace {

    /** Which way an entry went, as the audit body names it. */
    public enum Direction {
        /** From the station to the fob. */
        TX,
        /** From the fob to the station. */
        RX
    }

    /**
     * One entry of the trace.
     *
     * @param hex the bytes in upper-case hex; for RX with the status word at its end
     * @param nanos when, on the monotonic clock of {@link System#nanoTime()}
     */
    public record Entry(Direction direction, String hex, long nanos) {}

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final List<Entry> entries = new ArrayList<>();
    private int maskFrom;
    private int maskTo;

    /** Wraps {@code transport} so that every command and every answer is noted here. */
    public ApduTransport recording(ApduTransport transport) {
        return command -> {
            int from = maskFrom;
            int to = maskTo;
            add(Direction.TX, masked(command));
            byte[] answer = transport.transmit(command);
            add(Direction.RX, answer);
            if (asksAgain(answer)) {
                maskNext(from, to);
            }
            return answer;
        };
    }

    /**
     * Notes bytes {@code from} (inclusive) to {@code to} (exclusive) of the next command as zeros, whatever they are.
     * Holds for one command, and for its repetition if the fob answers 6Cxx (wrong Le). Bytes beyond its end are ignored.
     */
    public void maskNext(int from, int to) {
        maskFrom = from;
        maskTo = to;
    }

    /** 6Cxx, alone: the same command comes again with another Le, and its data are as secret as before. */
    private static boolean asksAgain(byte[] answer) {
        return answer.length == 2 && answer[0] == 0x6C;
    }

    private byte[] masked(byte[] command) {
        byte[] noted = command.clone();
        int to = Math.min(maskTo, noted.length);
        if (maskFrom < to) {
            Arrays.fill(noted, maskFrom, to, (byte) 0);
        }
        maskFrom = 0;
        maskTo = 0;
        return noted;
    }

    private void add(Direction direction, byte[] bytes) {
        entries.add(new Entry(direction, HEX.formatHex(bytes), System.nanoTime()));
    }

    /** The entries so far, oldest first; a copy. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }
}
