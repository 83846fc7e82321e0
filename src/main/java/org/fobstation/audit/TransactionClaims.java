package org.fobstation.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Gives every transaction id to one run and no other. Those of runs under way are in memory, as nothing was done under
 * them unless an entry says so; those in the journal are found again after a restart. Used under the journal's lock.
 */
final class TransactionClaims {

    private final JournalSegments segments;
    private final Ledger ledger;
    private final Map<String, Long> underWay = new HashMap<>();

    TransactionClaims(JournalSegments segments, Ledger ledger) {
        this.segments = segments;
        this.ledger = ledger;
    }

    /**
     * @param run an open one
     * @return empty if the id is the run's from here on, else who has it
     */
    Optional<TransactionUse> claim(long run, String transactionId) throws JournalException {
        Long holder = underWay.get(transactionId);
        if (holder != null) {
            return holder == run ? Optional.empty() : Optional.of(goingOn(holder));
        }
        for (int segment : ledger.segmentsOf(transactionId)) {
            Optional<TransactionUse> use = inSegment(segment, transactionId);
            if (use.isPresent()) {
                return use;
            }
        }
        underWay.put(transactionId, run);
        return Optional.empty();
    }

    /** The journal has the run's id now, if it had one. */
    void ended(long run) {
        underWay.values().removeIf(holder -> holder == run);
    }

    private TransactionUse goingOn(long run) {
        return new TransactionUse(Optional.of(ledger.openRun(run).fobUid()), Optional.empty());
    }

    private Optional<TransactionUse> inSegment(int segment, String transactionId) throws JournalException {
        Optional<JournalEntry> result = JournalReader.first(
                segments,
                segment,
                entry -> entry instanceof JournalEntry.Result ended
                        && ended.record().transactionId().equals(transactionId));
        if (result.isPresent()) {
            return result.map(entry -> TransactionUse.of(((JournalEntry.Result) entry).record()));
        }
        return JournalReader.first(
                        segments,
                        segment,
                        entry -> entry instanceof JournalEntry.Intended intended
                                && intended.intent() instanceof Intent.Open open
                                && open.transactionId().equals(transactionId))
                .map(entry -> new TransactionUse(Optional.empty(), Optional.of(entry.at())));
    }
}
