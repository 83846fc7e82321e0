package org.fobstation.audit;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the lines of a journal in repair add up to, and what the archive has behind it. A record that does not continue the
 * chain proves only itself: it counts if it is of the station whose records the journal has. Used by one thread.
 */
final class RepairLedger {

    /**
     * What stands behind a lost line.
     *
     * @param hasLines whether good lines do
     * @param record the first record among them
     */
    record Behind(boolean hasLines, Optional<AuditRecord> record) {

        static final Behind NOTHING = new Behind(false, Optional.empty());

        static Behind lines(Optional<AuditRecord> firstRecord) {
            return new Behind(true, firstRecord);
        }

        private long below() {
            return record.map(AuditRecord::auditSeq).orElse(Long.MAX_VALUE);
        }

        /** Whether the journal could go on behind a record from the archive. */
        private boolean mayFollow(AuditRecord found) {
            return found.auditSeq() < below()
                    && (found.auditSeq() + 1 != below()
                            || record.get().previousHash().equals(found.auditHash()));
        }
    }

    private final Ledger ledger = new Ledger();
    private final ArchiveRecords archive;
    private final Set<Long> refused = new HashSet<>();
    private Optional<String> stationId = Optional.empty();

    RepairLedger(ArchiveRecords archive) {
        this.archive = archive;
    }

    /** As {@link Ledger#take}. */
    void take(JournalEntry entry, long n, long place) {
        ledger.take(entry, n, place);
        if (entry instanceof JournalEntry.Result result) {
            stationId = Optional.of(result.record().envelope().stationId());
        }
    }

    /** To be read; changed only by {@link #take}. */
    Ledger ledger() {
        return ledger;
    }

    /** Whether a repair can take something back behind the last record of all. */
    boolean isArchiveAhead() {
        return inArchive(Long.MAX_VALUE, Behind.NOTHING).isPresent();
    }

    /**
     * The record to come back next: the one that continues the chain, else the first one behind a gap.
     *
     * @param n the last line; before good lines none comes back whose run begins in one of them
     */
    Optional<AuditRecord> inArchive(long n, Behind behind) {
        return archive.continuing(ledger.auditSeq(), ledger.auditHash())
                .filter(record -> behind.mayFollow(record) && !refused.contains(record.auditSeq()))
                .or(() -> archive.beyond(
                        ledger.auditSeq() + (behind.hasLines() ? 1 : 0),
                        behind.below(),
                        record -> isOfThisStation(record)
                                && !refused.contains(record.auditSeq())
                                && behind.mayFollow(record)
                                && (!behind.hasLines() || record.envelope().run() <= n)));
    }

    private boolean isOfThisStation(AuditRecord record) {
        return stationId.filter(record.envelope().stationId()::equals).isPresent();
    }

    boolean isContinuedBy(AuditRecord record) {
        return record.auditSeq() == ledger.auditSeq() + 1
                && record.previousHash().equals(ledger.auditHash());
    }

    /** The ledger did not take it. Behind a lost line nothing is left that a later one could mend. */
    void refused(AuditRecord record) {
        if (ledger.isRepaired()) {
            refused.add(record.auditSeq());
        }
    }

    /** What is missing before a record that does not continue the chain. */
    String gapBefore(AuditRecord record) {
        long first = ledger.auditSeq() + 1;
        long last = record.auditSeq() - 1;
        if (first > last) {
            return "record " + first + " of the archive does not continue record " + last;
        }
        return first == last
                ? "record " + first + " is neither in the journal nor in the archive"
                : "records " + first + " to " + last + " are neither in the journal nor in the archive";
    }

    /** What keeps the station from starting although the repair is done. */
    Optional<String> notTakenBack() {
        return archive.beyond(ledger.auditSeq(), Long.MAX_VALUE, any -> true)
                .map(record -> record.archiveName() + " of station "
                        + record.envelope().stationId()
                        + " is not taken back: it does not continue record " + ledger.auditSeq()
                        + stationId
                                .map(id -> " of station " + id)
                                .orElse(", and no record says which station the journal is of")
                        + "; the station does not start before it is moved out of the archive");
    }
}
