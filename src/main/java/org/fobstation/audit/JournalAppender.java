package org.fobstation.audit;

import java.time.Clock;
import java.util.Optional;

/**
 * Writes entries and carries each into the ledger when it is on the disk; begins segments with what they need, and
 * retires old ones. Used under the journal's lock.
 */
final class JournalAppender {

    private final JournalWriter writer;
    private final Ledger ledger;
    private final Retention retention;
    private final Clock clock;

    JournalAppender(JournalWriter writer, Ledger ledger, Retention retention, Clock clock) {
        this.writer = writer;
        this.ledger = ledger;
        this.retention = retention;
        this.clock = clock;
    }

    /** @return the number of the entry's line */
    long append(JournalEntry entry) throws JournalException {
        String json = entry.json();
        writer.makeRoomFor(json);
        if (writer.isAtBegin()) {
            begin();
        }
        return write(entry, json);
    }

    private void begin() throws JournalException {
        write(ledger.begin(clock.instant(), writer.segment(), writer.hash(), Optional.empty()));
        Optional<JournalEntry> configuration = ledger.configuration().map(now -> now.again(clock));
        if (configuration.isPresent()) {
            write(configuration.get());
        }
        retire();
    }

    /** Removes what is older than it must be kept; the journal says so first. */
    void retire() throws JournalException {
        Optional<SegmentEntry.Retired> retired = retention.due(ledger, writer.segment(), clock.instant());
        if (retired.isPresent()) {
            write(retired.get());
        }
        retention.removeRetired(ledger.segments());
    }

    private long write(JournalEntry entry) throws JournalException {
        return write(entry, entry.json());
    }

    private long write(JournalEntry entry, String json) throws JournalException {
        long n = writer.next();
        ledger.take(entry, n, writer.append(json));
        return n;
    }
}
