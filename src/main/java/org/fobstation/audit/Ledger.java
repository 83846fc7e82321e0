package org.fobstation.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.fobstation.outcome.Stage;

/**
 * What the entries of the journal add up to. Changed only by entries that are on disk, at the start and while running in
 * the same way. Used under one lock, {@link #backlog()} by any thread.
 */
final class Ledger {

    private final Map<Long, OpenRun> open = new TreeMap<>();
    private final NavigableMap<Long, AuditRecord> waiting = new TreeMap<>();
    private final NavigableMap<Long, DeadRecord> dead = new TreeMap<>();
    private final NavigableMap<Long, Integer> segmentByFirstRecord = new TreeMap<>();
    private final Map<String, Attempts> attempts = new HashMap<>();
    private final RunIndex writing = new RunIndex();
    private final RunIndex notWriting = new RunIndex();
    private long auditSeq;
    private String auditHash = HashChain.START;
    private volatile int backlog;

    void begun(long run, String fobUid, String readerId) {
        open.put(run, new OpenRun(run, fobUid, readerId, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    void intended(long run, Intent intent, Instant at) {
        OpenRun before = openRun(run);
        if (!(intent instanceof Intent.Open) && before.transactionId().isEmpty()) {
            throw new IllegalArgumentException("run " + run + " has " + intent.kind() + " before OPEN");
        }
        open.put(run, before.with(intent, at));
    }

    void resulted(AuditRecord record, long place) {
        OpenRun run = openRun(record.envelope().run());
        if (record.auditSeq() != auditSeq + 1) {
            throw new IllegalArgumentException("audit " + record.auditSeq() + " follows audit " + auditSeq);
        }
        String expected = HashChain.next(auditHash, record.bodyText().getBytes(StandardCharsets.UTF_8));
        if (!record.previousHash().equals(auditHash) || !record.auditHash().equals(expected)) {
            throw new IllegalArgumentException("audit " + record.auditSeq() + " does not continue the audit chain");
        }
        open.remove(run.run());
        auditSeq = record.auditSeq();
        auditHash = record.auditHash();
        waiting.put(auditSeq, record);
        segmentByFirstRecord.computeIfAbsent(
                auditSeq, seq -> isNewSegment(place) ? Integer.valueOf(JournalReader.segmentOf(place)) : null);
        (run.hasBegunToWrite() ? writing : notWriting).put(record.fobUid(), place);
        if (run.intent().isPresent()) {
            count(record);
        }
        backlog = waiting.size() + dead.size();
    }

    private boolean isNewSegment(long place) {
        return segmentByFirstRecord.isEmpty()
                || segmentByFirstRecord.lastEntry().getValue() != JournalReader.segmentOf(place);
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
        AuditRecord record = waiting.remove(seq);
        if (!(settlement instanceof Settlement.Dead given)) {
            dead.remove(seq);
        } else if (record != null) {
            dead.put(seq, new DeadRecord(record, given));
        }
        backlog = waiting.size() + dead.size();
    }

    void requested(Request request) {
        if (request.command().equals(Request.CLEAR_ATTEMPTS)) {
            request.arguments().forEach(uid -> attempts.remove(uid.toUpperCase(Locale.ROOT)));
        }
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
        if (waiting.containsKey(seq)) {
            return DeliveryState.WAITING;
        }
        return dead.containsKey(seq) ? DeliveryState.DEAD : DeliveryState.SETTLED;
    }

    List<AuditRecord> waiting(int max) {
        return waiting.values().stream().limit(max).toList();
    }

    List<DeadRecord> dead() {
        return List.copyOf(dead.values());
    }

    Optional<DeadRecord> dead(long seq) {
        return Optional.ofNullable(dead.get(seq));
    }

    /** A record that waits or is dead. */
    Optional<AuditRecord> unsettled(long seq) {
        return Optional.ofNullable(waiting.get(seq)).or(() -> dead(seq).map(DeadRecord::record));
    }

    /** The segment a record is in, 0 if there is no such record. */
    int segmentOf(long seq) {
        Map.Entry<Long, Integer> first = seq > auditSeq ? null : segmentByFirstRecord.floorEntry(seq);
        return first == null ? 0 : first.getValue();
    }

    /** Records without an end: waiting and dead. */
    int backlog() {
        return backlog;
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

    /** The place of the UID's last result, 0 if none. Later lines have greater places. */
    long lastRun(String fobUid) {
        return Math.max(writing.get(fobUid), notWriting.get(fobUid));
    }

    /** As {@link #lastRun(String)}, among runs that began to write to the fob. */
    long lastWriting(String fobUid) {
        return writing.get(fobUid);
    }
}
