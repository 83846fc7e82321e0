package org.fobstation.audit;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongToIntFunction;

/**
 * The records whose files in the archive a power loss may have taken. Nobody forces those: the system brings them to
 * the disk in its own time, Linux within 35 s, Windows sooner. A file is written just before its record is settled, so
 * the last settlements name the files in doubt, however long their records had waited.
 *
 * <p>How far back the last ones reach is told by what the journal has grown since, not by a clock, which may be wrong
 * after a power loss: the segment being written and the one before, that is more than a whole segment. One of 16 MiB
 * holds above a thousand fobs, for which the fastest line takes many minutes.
 */
final class RecentRecords {

    private final JournalSegments segments;
    private final Map<Long, AuditRecord> records = new TreeMap<>();
    private final Set<Long> settled = new HashSet<>();

    private RecentRecords(JournalSegments segments) {
        this.segments = segments;
    }

    /**
     * The records settled or given up last, oldest first.
     *
     * @param last the segment being written
     * @param segmentOf the segment a record is in, 0 if it is in none that is kept
     */
    static List<AuditRecord> of(JournalSegments segments, int last, LongToIntFunction segmentOf)
            throws JournalException {
        return new RecentRecords(segments).settledLast(last, segmentOf);
    }

    private List<AuditRecord> settledLast(int last, LongToIntFunction segmentOf) throws JournalException {
        for (int segment = Math.max(last - 1, segments.span().first()); segment <= last; segment++) {
            JournalReader.entries(segments.segment(segment)).forEach(this::take);
        }
        Set<Integer> older = new TreeSet<>();
        for (long auditSeq : settled) {
            if (!records.containsKey(auditSeq)) {
                older.add(segmentOf.applyAsInt(auditSeq));
            }
        }
        older.remove(0);
        for (int segment : older) {
            JournalReader.entries(segments.segment(segment)).stream()
                    .filter(JournalEntry.Result.class::isInstance)
                    .forEach(this::take);
        }
        records.keySet().retainAll(settled);
        return List.copyOf(records.values());
    }

    private void take(JournalEntry entry) {
        if (entry instanceof JournalEntry.Result result) {
            records.put(result.record().auditSeq(), result.record());
        } else if (entry instanceof JournalEntry.Settled end && isBehindTheFile(end.settlement())) {
            settled.add(end.auditSeq());
        }
    }

    /** A replay archives nothing: the file was written before the record died. */
    private static boolean isBehindTheFile(Settlement settlement) {
        return !(settlement instanceof Settlement.Replayed);
    }
}
