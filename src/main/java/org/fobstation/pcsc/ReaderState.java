package org.fobstation.pcsc;

import java.util.HexFormat;

/**
 * A reader's name and its state word as PC/SC gives it: flags in the low 16 bits, a count of insertions and removals in
 * the high 16 bits.
 *
 * @param reader the reader's full name
 * @param state the state word, 0 if nothing is known yet
 * @param atr the ATR of the fob that is there, empty without one; copied by the maker, not changed by anyone
 */
public record ReaderState(String reader, int state, byte[] atr) {

    public static final int IGNORE = 0x0001;
    public static final int CHANGED = 0x0002;
    public static final int UNKNOWN = 0x0004;
    public static final int UNAVAILABLE = 0x0008;
    public static final int EMPTY = 0x0010;
    public static final int PRESENT = 0x0020;
    public static final int EXCLUSIVE = 0x0080;
    public static final int IN_USE = 0x0100;
    public static final int MUTE = 0x0200;

    /** Nothing known yet: the next wait answers at once. */
    public static ReaderState unaware(String reader) {
        return new ReaderState(reader, 0, new byte[0]);
    }

    public boolean has(int flag) {
        return (state & flag) != 0;
    }

    /** Insertions and removals so far, 0..65535, wrapping. */
    public int eventCount() {
        return state >>> 16;
    }

    @Override
    public String toString() {
        return reader + " " + HexFormat.of().toHexDigits(state);
    }
}
