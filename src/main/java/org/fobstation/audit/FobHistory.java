package org.fobstation.audit;

import java.util.Objects;
import java.util.Optional;

/**
 * What the journal knows of a fob when a run of it begins.
 *
 * @param last its last record; empty if it has none here
 * @param halfDone how often in a row it was left half-done and was to be presented again; runs that wrote nothing in
 *     between do not count and end no row
 */
record FobHistory(Optional<EarlierRecord> last, int halfDone) {

    static final FobHistory NONE = new FobHistory(Optional.empty(), 0);

    FobHistory {
        Objects.requireNonNull(last);
    }

    /** @param lastWriting the last run that began to write to the fob */
    static FobHistory of(Optional<PastRun> lastRun, Optional<PastRun> lastWriting) {
        return new FobHistory(
                lastRun.map(past -> new EarlierRecord(past.auditSeq(), past.transactionId())),
                lastWriting.map(PastRun::halfDone).orElse(0));
    }
}
