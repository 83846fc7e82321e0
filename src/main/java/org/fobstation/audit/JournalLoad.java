package org.fobstation.audit;

import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal read to its end.
 *
 * @param unproved where the segments end that a checkpoint stood for; empty if every line was read
 */
record JournalLoad(Ledger ledger, JournalReader.Tail tail, Optional<JournalReader.Position> unproved) {

    private static final Logger LOG = LoggerFactory.getLogger(JournalLoad.class);

    /** Reads what no checkpoint stands for, and leaves a newer checkpoint for the next time. */
    static JournalLoad of(JournalSegments segments) throws JournalException {
        Optional<Checkpoint> checkpoint = Checkpoint.load(segments);
        if (checkpoint.isPresent()) {
            try {
                return from(segments, checkpoint.get().ledger(), checkpoint.map(Checkpoint::position));
            } catch (JournalException e) {
                // A cache is no evidence: whether the journal is damaged is for its lines to say.
                LOG.warn("The checkpoint of the journal is not used, all of it is read: {}", e.getMessage());
            }
        }
        return from(segments, new Ledger(), Optional.empty());
    }

    private static JournalLoad from(JournalSegments segments, Ledger ledger, Optional<JournalReader.Position> known)
            throws JournalException {
        int last = segments.range().last();
        JournalReader.Tail tail =
                read(segments, known.orElse(JournalReader.Position.START), ledger, keeper(segments, last, ledger));
        return new JournalLoad(ledger, tail, known);
    }

    /** Reads every line and writes nothing. */
    static JournalLoad whole(JournalSegments segments) throws JournalException {
        Ledger ledger = new Ledger();
        JournalReader.Tail tail = read(segments, ledger, (entry, n, place) -> {});
        return new JournalLoad(ledger, tail, Optional.empty());
    }

    /**
     * Reads every line into a ledger and gives every entry to {@code reader} afterwards. At an exception the ledger has
     * what was good.
     */
    static JournalReader.Tail read(JournalSegments segments, Ledger ledger, JournalReader.Sink reader)
            throws JournalException {
        // Before they are read: a running station may retire segments, and say so behind what is read.
        int first = segments.span().first();
        JournalReader.Tail tail = JournalReader.read(segments, (entry, n, place) -> {
            ledger.take(entry, n, place);
            reader.accept(entry, n, place);
        });
        requireAnchor(segments, first, ledger);
        return tail;
    }

    private static JournalReader.Tail read(
            JournalSegments segments,
            JournalReader.Position from,
            Ledger ledger,
            Consumer<JournalReader.Position> sealed)
            throws JournalException {
        JournalReader.Tail tail = JournalReader.read(segments, from, ledger::take, sealed);
        requireAnchor(segments, segments.range().first(), ledger);
        return tail;
    }

    private static void requireAnchor(JournalSegments segments, int first, Ledger ledger) throws JournalException {
        if (first > 1
                && (ledger.segments().first() > first || !ledger.segments().isAnchored(first))) {
            throw segments.missing(first - 1);
        }
    }

    /**
     * No record is in the archive before it is in the journal. Where the archive has more, the journal was cut off or put
     * back from an older copy, and the next record would bear a number that is taken. That holds for every later number:
     * the file of the next one may be lost too.
     */
    void requireNothingBehind(JournalSegments segments, ArchiveRecords archive) throws JournalException {
        Optional<AuditRecord> more = archive.after(ledger.auditSeq(), ledger.auditHash());
        if (more.isPresent()) {
            boolean comesNext = more.get().auditSeq() == ledger.auditSeq() + 1
                    && more.get().previousHash().equals(ledger.auditHash());
            throw new JournalException(
                    "The audit journal is damaged",
                    segments.segment(Math.max(tail.segment(), 1)).toString(),
                    "it ends at record " + ledger.auditSeq() + " although the archive holds "
                            + more.get().archiveName() + (comesNext ? ", which comes next" : ""),
                    "Call the engineer: put the newest copy of the journal back, or run: station repair."
                            + (comesNext ? "" : " If that file is not of this station, move it away."));
        }
    }

    /** Keeps a checkpoint at the end of the last segment that is not written any more. */
    private static Consumer<JournalReader.Position> keeper(JournalSegments segments, int last, Ledger ledger) {
        return end -> {
            if (end.segment() == last - 1) {
                Checkpoint.save(segments, end, ledger);
            }
        };
    }
}
