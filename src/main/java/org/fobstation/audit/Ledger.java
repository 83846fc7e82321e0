package org.fobstation.audit;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.fobstation.outcome.Stage;

/**
 * What the entries of the journal add up to. Changed only by entries that are on disk, at the start and while running in
 * the same way. Used under one lock, {@link #backlog()} and
 * {@link #line()} by any thread.
 */
final class Ledger {

    private final Map<Long, OpenRun> open = new TreeMap<>();
    private final Backlog backlog = new Backlog();
    private final Map<String, Attempts> attempts = new HashMap<>();
    private final RunIndex writing = new RunIndex();
    private final RunIndex notWriting = new RunIndex();
    private final SegmentTable segments = new SegmentTable();
    private final TransactionIndex transactions = new TransactionIndex(segments::first);
    private LostLines lost = LostLines.NONE;
    private long lastLine;
    private long auditSeq;
    private String auditHash = HashChain.START;
    private Optional<StationConfiguration> configuration = Optional.empty();
    private boolean saysConfiguration;
    private volatile LineState line = LineState.RUNNING;

    /**
     * Takes an entry of the journal.
     *
     * @param n the number of its line
     * @param place where its line begins
     * @throws IllegalArgumentException if it contradicts what came before
     */
    void take(JournalEntry entry, long n, long place) {
        entry.applyTo(this, n, place);
        lastLine = n;
    }

    void begun(OpenRun run) {
        open.put(run.run(), run);
    }

    void intended(long run, Intent intent, Instant at, long place) {
        if (intent instanceof Intent.Open given) {
            transactions.add(given.transactionId(), JournalReader.segmentOf(place));
        }
        if (isBeginningLost(run)) {
            // Nobody knows its fob until its result names it.
            return;
        }
        OpenRun before = openRun(run);
        if (!(intent instanceof Intent.Open) && before.transactionId().isEmpty() && !lost.repaired()) {
            throw new IllegalArgumentException("run " + run + " has " + intent.kind() + " before OPEN");
        }
        open.put(run, before.with(intent, at));
    }

    void resulted(AuditRecord record, long place) {
        OpenRun run = isBeginningLost(record.envelope().run())
                ? lostRun(record.envelope())
                : openRun(record.envelope().run());
        requireChain(record);
        open.remove(run.run());
        auditSeq = record.auditSeq();
        auditHash = record.auditHash();
        lost = lost.beforeRecord();
        backlog.add(record);
        segments.hasRecord(auditSeq, JournalReader.segmentOf(place));
        transactions.add(record.transactionId(), JournalReader.segmentOf(place));
        (run.hasBegunToWrite() ? writing : notWriting).put(record.fobUid(), place);
        if (run.intent().isPresent()) {
            count(record);
        }
        line = line.after(record);
    }

    private void requireChain(AuditRecord record) {
        boolean follows =
                record.auditSeq() == auditSeq + 1 && record.previousHash().equals(auditHash);
        boolean mayFollow = lost.recordsMissing() && record.auditSeq() > auditSeq;
        if (!follows && !mayFollow && record.auditSeq() != auditSeq + 1) {
            throw new IllegalArgumentException("audit " + record.auditSeq() + " follows audit " + auditSeq);
        }
        String expected = HashChain.next(record.previousHash(), record.body());
        if (!follows && !mayFollow || !record.auditHash().equals(expected)) {
            throw new IllegalArgumentException("audit " + record.auditSeq() + " does not continue the audit chain");
        }
    }

    /** Whether a run began in a line that a repair lost, or in a segment that retention removed. */
    private boolean isBeginningLost(long run) {
        return !open.containsKey(run) && lost.mayHoldBeginOf(run);
    }

    /** Its fob is taken for touched. */
    private static OpenRun lostRun(Envelope envelope) {
        return new OpenRun(
                envelope.run(),
                envelope.fobUid(),
                envelope.readerId(),
                new FobHistory(envelope.follows(), envelope.halfDone()),
                Optional.of(envelope.transactionId()),
                Optional.of(new Intent.Payload(List.of())),
                Optional.of(envelope.endedAt()));
    }

    private void count(AuditRecord record) {
        boolean authenticated = record.envelope().stageReached().compareTo(Stage.EXTERNAL_AUTHENTICATE) > 0;
        if (authenticated) {
            attempts.remove(record.fobUid());
        } else {
            attempts.put(
                    record.fobUid(),
                    attempts(record.fobUid()).andOneMore(record.envelope().endedAt()));
        }
    }

    /** Changes nothing if the record is settled already. */
    void settled(long seq, Settlement settlement) {
        if (state(seq) == DeliveryState.ABSENT) {
            throw new IllegalArgumentException("there is no audit " + seq + " to settle");
        }
        backlog.settle(seq, settlement);
    }

    void requested(Request request) {
        if (request.command().equals(Request.CLEAR_ATTEMPTS)) {
            request.arguments().forEach(uid -> attempts.remove(uid.toUpperCase(Locale.ROOT)));
        }
    }

    void configured(StationConfiguration started) {
        configuration = Optional.of(started);
        saysConfiguration = true;
    }

    void held(LineHold hold) {
        if (line.held().isPresent() && !lost.repaired()) {
            throw new IllegalArgumentException("the line is held although it was held before");
        }
        line = line.held(hold);
    }

    /** What was held may have been lost in a repair, or removed by retention, which keeps only holds that last. */
    void released() {
        line = line.released();
    }

    void segmentBegun(SegmentEntry.Begun begun, long n) {
        boolean isFirstLine = lastLine == 0 && n > 1;
        if (isFirstLine) {
            segments.startsWith(begun.segment());
            auditSeq = begun.auditSeq();
            auditHash = begun.auditHash();
            lost = lost.byRetention(begun.openRuns());
        } else if (lost.recordsMissing() && begun.auditSeq() > auditSeq) {
            // The numbers of lost records are not given again.
            auditSeq = begun.auditSeq();
            auditHash = begun.auditHash();
        } else if (!lost.repaired()
                && (begun.auditSeq() != auditSeq || !begun.auditHash().equals(auditHash))) {
            throw new IllegalArgumentException("the segment begins at audit " + begun.auditSeq()
                    + " although the one before ends at audit " + auditSeq);
        }
        segments.begun(begun, n);
        saysConfiguration = false;
    }

    /**
     * The first line of the segment that comes next.
     *
     * @param hash of the last line
     * @param instead of a line that was lost
     */
    SegmentEntry.Begun begin(Instant at, int segment, String hash, Optional<SegmentEntry.Repaired> instead) {
        return new SegmentEntry.Begun(at, segment, hash, auditSeq, auditHash, openRuns(), instead);
    }

    void retired(SegmentEntry.Retired entry) {
        segments.retired(entry);
        attempts.clear();
        attempts.putAll(entry.attempts());
    }

    void repaired() {
        lost = lost.inRepair();
    }

    /** The first segment that holds something still under way: a record without delivery, an open run, a stop. */
    int neededSegment(int lastSegment) {
        int needed = lastSegment;
        for (OpenRun run : open.values()) {
            needed = Math.min(needed, segments.ofLine(run.run()));
        }
        for (Optional<Long> record : List.of(backlog.oldest(), line.oldestRecord())) {
            // Where it is lost the segment is 0, and all are kept.
            needed = Math.min(needed, record.map(segments::ofRecord).orElse(needed));
        }
        return needed;
    }

    // For LedgerSnapshot

    LostLines lost() {
        return lost;
    }

    /** Whether a repair lost lines. */
    boolean isRepaired() {
        return lost.repaired();
    }

    List<RunIndex> indexes() {
        return List.of(writing, notWriting);
    }

    TransactionIndex transactions() {
        return transactions;
    }

    List<OpenRun> open() {
        return List.copyOf(open.values());
    }

    Set<Long> openRuns() {
        return open.keySet();
    }

    void restore(OpenRun run) {
        open.put(run.run(), run);
    }

    void restore(long seq, String hash, LostLines lines) {
        auditSeq = seq;
        auditHash = hash;
        lost = lines;
    }

    void restore(LineState state) {
        line = state;
    }

    /** The next entry is the one after line {@code n}. */
    void resumeAfter(long n) {
        lastLine = n;
    }

    SegmentTable segments() {
        return segments;
    }

    Map<String, Attempts> attempts() {
        return attempts;
    }

    OpenRun openRun(long run) {
        OpenRun found = open.get(run);
        if (found == null) {
            throw new IllegalArgumentException("run " + run + " is not open");
        }
        return found;
    }

    /** Open runs whose fob was touched; the others leave the ledger: nothing happened in them. */
    List<OpenRun> leftBehind() {
        open.values().removeIf(run -> run.intent().isEmpty());
        return List.copyOf(open.values());
    }

    DeliveryState state(long seq) {
        if (seq < 1 || seq > auditSeq) {
            return DeliveryState.ABSENT;
        }
        return backlog.state(seq);
    }

    Backlog backlog() {
        return backlog;
    }

    /** The segment a record is in, 0 if there is no such record or retention removed it. */
    int segmentOf(long seq) {
        return seq > auditSeq ? 0 : segments.ofRecord(seq);
    }

    /** What the station was started with last; empty if no entry says so. */
    Optional<StationConfiguration> configuration() {
        return configuration;
    }

    /** Whether the segment being written says it: the process may have been killed behind the first line. */
    boolean saysConfiguration() {
        return saysConfiguration;
    }

    /** Whether the line stands still, and what has failed. */
    LineState line() {
        return line;
    }

    long auditSeq() {
        return auditSeq;
    }

    String auditHash() {
        return auditHash;
    }

    Attempts attempts(String fobUid) {
        return attempts.getOrDefault(fobUid, Attempts.NONE);
    }

    /** The segments a transaction id may stand in, the latest first. */
    List<Integer> segmentsOf(String transactionId) {
        return transactions.segmentsOf(transactionId);
    }

    /** The place of the UID's last result, 0 if none. Later lines have greater places. */
    long lastRun(String fobUid) {
        return kept(Math.max(writing.get(fobUid), notWriting.get(fobUid)));
    }

    /** As {@link #lastRun(String)}, among runs that began to write to the fob. */
    long lastWriting(String fobUid) {
        return kept(writing.get(fobUid));
    }

    /** What retention removed is as if it had not been. */
    private long kept(long place) {
        return JournalReader.segmentOf(place) < segments.first() ? 0 : place;
    }
}
