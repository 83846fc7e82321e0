package org.fobstation.audit;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes segments that are old enough and hold nothing that is needed on. A {@link SegmentEntry.Retired} is forced to
 * disk before the first file goes, so that a journal without its first segments is proved to be one that was shortened in
 * order. The archive is not touched. Used under the journal's lock.
 */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final JournalSegments segments;
    private final Duration kept;

    Retention(JournalSegments segments, Duration kept) {
        this.segments = segments;
        this.kept = kept;
    }

    /** The entry to write before segments may be removed; empty if none may. */
    Optional<SegmentEntry.Retired> due(Ledger ledger, int lastSegment, Instant now) {
        int segment = ledger.segments().removable(now, kept, ledger.neededSegment(lastSegment));
        if (segment == 0) {
            return Optional.empty();
        }
        SegmentTable.Start next = ledger.segments().start(segment + 1);
        return Optional.of(
                new SegmentEntry.Retired(now, segment, next.n() - 1, next.previousHash(), ledger.attempts()));
    }

    /** The oldest first, so that no gap comes about; what cannot be removed now is tried at the next occasion. */
    void removeRetired(SegmentTable table) {
        for (int segment = table.first(); segment <= table.retired(); segment++) {
            try {
                OwnerFile.delete(segments.segment(segment));
                LOG.info("{} is older than audit.retention and was removed", segments.segment(segment));
            } catch (IOException e) {
                LOG.warn("{} could not be removed and stays for now: {}", segments.segment(segment), e.toString());
                return;
            }
        }
        table.forgetRetired();
    }
}
