package org.fobstation.audit;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The records without an end: those that wait in the outbox and the dead ones. Part of the {@link Ledger}, used under
 * the same lock, {@link #size()} by any thread.
 */
final class Backlog {

    private final NavigableMap<Long, AuditRecord> waiting = new TreeMap<>();
    private final NavigableMap<Long, DeadRecord> dead = new TreeMap<>();
    private volatile int size;

    void add(AuditRecord record) {
        waiting.put(record.auditSeq(), record);
        size = waiting.size() + dead.size();
    }

    void add(DeadRecord record) {
        dead.put(record.record().auditSeq(), record);
        size = waiting.size() + dead.size();
    }

    /** Changes nothing if the record is settled already. */
    void settle(long seq, Settlement settlement) {
        AuditRecord record = waiting.remove(seq);
        if (!(settlement instanceof Settlement.Dead given)) {
            dead.remove(seq);
        } else if (record != null) {
            dead.put(seq, new DeadRecord(record, given));
        }
        size = waiting.size() + dead.size();
    }

    /** Settled, if it is not here. */
    DeliveryState state(long seq) {
        if (waiting.containsKey(seq)) {
            return DeliveryState.WAITING;
        }
        return dead.containsKey(seq) ? DeliveryState.DEAD : DeliveryState.SETTLED;
    }

    /** The number of the oldest one. */
    Optional<Long> oldest() {
        return Stream.of(waiting, dead)
                .filter(records -> !records.isEmpty())
                .map(NavigableMap::firstKey)
                .min(Long::compare);
    }

    /** The oldest ones that wait, oldest first. */
    List<AuditRecord> waiting(int max) {
        return waiting.values().stream().limit(max).toList();
    }

    /** Oldest first. */
    List<DeadRecord> dead() {
        return List.copyOf(dead.values());
    }

    /** The dead ones that the KLMS did not refuse, oldest first. */
    List<AuditRecord> deadWhileAway() {
        return dead.values().stream()
                .filter(record -> !record.dead().refused())
                .map(DeadRecord::record)
                .toList();
    }

    Optional<DeadRecord> dead(long seq) {
        return Optional.ofNullable(dead.get(seq));
    }

    Optional<AuditRecord> record(long seq) {
        return Optional.ofNullable(waiting.get(seq)).or(() -> dead(seq).map(DeadRecord::record));
    }

    int size() {
        return size;
    }
}
