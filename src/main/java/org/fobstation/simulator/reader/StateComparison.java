package org.fobstation.simulator.reader;

import static org.fobstation.pcsc.ReaderState.CHANGED;
import static org.fobstation.pcsc.ReaderState.EMPTY;
import static org.fobstation.pcsc.ReaderState.EXCLUSIVE;
import static org.fobstation.pcsc.ReaderState.IGNORE;
import static org.fobstation.pcsc.ReaderState.IN_USE;
import static org.fobstation.pcsc.ReaderState.MUTE;
import static org.fobstation.pcsc.ReaderState.PRESENT;
import static org.fobstation.pcsc.ReaderState.UNAVAILABLE;
import static org.fobstation.pcsc.ReaderState.UNKNOWN;

import org.fobstation.pcsc.ReaderState;

/**
 * When a reader counts as changed, by the rules of pcsc-lite: not every difference of two state words is a change.
 *
 * @see "pcsc-lite 1.9.9, SCardGetStatusChange"
 */
final class StateComparison {

    private StateComparison() {}

    /**
     * @param known what the caller knows
     * @param present what is, without CHANGED; null if there is no such reader any more
     * @return what is, with CHANGED if that is news to the caller
     */
    static ReaderState compare(ReaderState known, ReaderState present) {
        if (known.has(IGNORE)) {
            return known;
        }
        if (present == null) {
            int gone = UNKNOWN | UNAVAILABLE;
            return new ReaderState(known.reader(), gone | (known.has(UNKNOWN) ? 0 : CHANGED), new byte[0]);
        }
        return isNews(known, present)
                ? new ReaderState(present.reader(), present.state() | CHANGED, present.atr())
                : present;
    }

    private static boolean isNews(ReaderState known, ReaderState present) {
        boolean unaware = known.state() == 0;
        boolean wasAway = known.has(UNKNOWN) || known.has(UNAVAILABLE);
        boolean counted = known.eventCount() != 0 && known.eventCount() != present.eventCount();
        boolean came = known.has(EMPTY) && present.has(PRESENT);
        boolean left = known.has(PRESENT) && present.has(EMPTY);
        boolean muted = present.has(PRESENT) && known.has(MUTE) != present.has(MUTE);
        return unaware || wasAway || counted || came || left || muted || isSharingNews(known, present);
    }

    /** That somebody takes a free fob is no news; that he lets go, or takes it for himself alone, is. */
    private static boolean isSharingNews(ReaderState known, ReaderState present) {
        return present.has(EXCLUSIVE) ? known.has(IN_USE) : known.has(IN_USE) || known.has(EXCLUSIVE);
    }
}
