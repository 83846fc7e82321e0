package org.fobstation.audit;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the lines of a journal may refer to although no line that is kept says it. Immutable.
 *
 * @param repaired a repair lost lines: runs without a beginning are not damage from here on
 * @param recordsMissing no record came since: the next one may leave numbers out
 * @param begunBefore runs that began in segments which retention removed
 */
record LostLines(boolean repaired, boolean recordsMissing, Set<Long> begunBefore) {

    static final LostLines NONE = new LostLines(false, false, Set.of());

    LostLines {
        begunBefore = Collections.unmodifiableSet(new TreeSet<>(begunBefore));
    }

    LostLines inRepair() {
        return new LostLines(true, true, begunBefore);
    }

    LostLines byRetention(Set<Long> runs) {
        return new LostLines(repaired, recordsMissing, runs);
    }

    LostLines beforeRecord() {
        return recordsMissing ? new LostLines(repaired, false, begunBefore) : this;
    }

    boolean mayHoldBeginOf(long run) {
        return repaired || begunBefore.contains(run);
    }
}
