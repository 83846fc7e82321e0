package org.fobstation.audit;

import java.util.Optional;

/** Whether the chain of records goes through the head that somebody noted outside. Used by one thread. */
final class HeadProof {

    private final Optional<AuditHead> head;
    private Optional<String> hashThere = Optional.empty();
    private Optional<String> hashInArchive = Optional.empty();
    private long firstKnown = Long.MAX_VALUE;

    HeadProof(Optional<AuditHead> head) {
        this.head = head;
    }

    /** The journal says where the chain stood at a record: the record itself, or the first line of a segment behind it. */
    void note(long auditSeq, String auditHash) {
        if (auditSeq > 0) {
            firstKnown = Math.min(firstKnown, auditSeq);
            hashThere = isAt(auditSeq) ? Optional.of(auditHash) : hashThere;
        }
    }

    /** A file of the archive that is older than the journal says it. */
    void noteInArchive(AuditRecord record) {
        hashInArchive = isAt(record.auditSeq()) ? Optional.of(record.auditHash()) : hashInArchive;
    }

    private boolean isAt(long auditSeq) {
        return head.isPresent() && head.get().auditSeq() == auditSeq;
    }

    AuditVerifier.Anchor anchor(boolean journalIsWhole) {
        if (head.isEmpty()) {
            return AuditVerifier.Anchor.NONE;
        }
        if (hashThere.filter(this::isTheHeads).isPresent()) {
            return AuditVerifier.Anchor.HOLDS;
        }
        boolean isOlder = hashThere.isEmpty() && head.get().auditSeq() < firstKnown;
        return journalIsWhole
                        && isOlder
                        && hashInArchive.filter(hash -> !isTheHeads(hash)).isEmpty()
                ? AuditVerifier.Anchor.OLDER
                : AuditVerifier.Anchor.BROKEN;
    }

    private boolean isTheHeads(String hash) {
        return hash.equals(head.orElseThrow().auditHash());
    }

    /**
     * What to say of a head that does not hold.
     *
     * @param lastRecord of the journal
     */
    AuditVerifier.Finding finding(long lastRecord) {
        long seq = head.orElseThrow().auditSeq();
        Optional<String> other = hashThere.or(() -> hashInArchive);
        if (other.isPresent()) {
            return new AuditVerifier.Finding(
                    seq,
                    "the chain has another hash at the given head: " + other.get()
                            + "; records up to it were replaced");
        }
        if (seq > lastRecord) {
            return new AuditVerifier.Finding(
                    lastRecord + 1,
                    "the journal ends at record " + lastRecord + " and the given head is " + seq
                            + ": its end was cut off or it is an older copy");
        }
        return new AuditVerifier.Finding(
                seq, "the record of the given head was lost in a repair: give the head of another record");
    }
}
