package org.fobstation.audit;

import java.nio.file.Path;

/** Proves a journal without changing it; also one that a running station writes at this moment, or a copy elsewhere. */
public final class JournalVerifier {

    /**
     * What a sound journal adds up to.
     *
     * @param entries lines in all segments
     * @param lastHash of the last line, 64 hex digits; whoever notes it elsewhere can tell later that nothing was cut off
     * @param records audit records, numbered 1 to this
     * @param lastAuditHash of the last record, 64 hex digits
     * @param backlog records without delivery, dead letters included
     * @param tornBytes behind the last line: 0, or a line that is being written or was torn
     */
    public record Sound(
            long entries, String lastHash, long records, String lastAuditHash, int backlog, int tornBytes) {}

    private JournalVerifier() {}

    /** @throws JournalException if the journal is damaged; names segment and line */
    public static Sound verify(Path journalDirectory) throws JournalException {
        JournalLoad load = JournalLoad.whole(new JournalSegments(journalDirectory));
        Ledger ledger = load.ledger();
        JournalReader.Tail tail = load.tail();
        return new Sound(
                tail.n(), tail.hash(), ledger.auditSeq(), ledger.auditHash(), ledger.backlog(), tail.torn().length);
    }
}
