package org.fobstation.audit;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.UUID;

/**
 * One audit record, final when it is made. It is chained to the one before it: {@code auditHash} is SHA-256 over the
 * previous audit hash and the body's bytes.
 *
 * @param auditSeq 1, 2, 3 and so on without gaps
 * @param id the Idempotency-Key under which it is posted, always the same
 * @param previousHash the audit hash of the record before, 64 lower-case hex digits
 * @param auditHash 64 lower-case hex digits
 * @param bodyText the audit body; its UTF-8 bytes are hashed, archived and posted
 */
public record AuditRecord(
        long auditSeq, UUID id, String previousHash, String auditHash, String bodyText, Envelope envelope) {

    private static final int NAME_LENGTH_MAX = 64;

    public AuditRecord {
        Objects.requireNonNull(id);
        Objects.requireNonNull(previousHash);
        Objects.requireNonNull(auditHash);
        Objects.requireNonNull(bodyText);
        Objects.requireNonNull(envelope);
    }

    /** Makes the record that follows the one with {@code previousHash}. */
    static AuditRecord make(long auditSeq, String previousHash, RunResult result, Envelope envelope) {
        String body = AuditBody.text(result, envelope.stationId());
        return new AuditRecord(
                auditSeq,
                UUID.randomUUID(),
                previousHash,
                HashChain.next(previousHash, body.getBytes(StandardCharsets.UTF_8)),
                body,
                envelope);
    }

    /** The body's exact bytes; a new array each time. */
    public byte[] body() {
        return bodyText.getBytes(StandardCharsets.UTF_8);
    }

    public AuditOutcome outcome() {
        return envelope.outcome();
    }

    public String transactionId() {
        return envelope.transactionId();
    }

    public String fobUid() {
        return envelope.fobUid();
    }

    /** Whether the KLMS is to get it. */
    public boolean post() {
        return envelope.post();
    }

    /** {@code <auditSeq>-<transaction>.json}; what no file system should see in a name is written as {@code _}. */
    public String fileName() {
        String name = transactionId().replaceAll("[^A-Za-z0-9._-]", "_");
        return auditSeq + "-" + name.substring(0, Math.min(name.length(), NAME_LENGTH_MAX)) + ".json";
    }

    /** Its place in the archive: {@code YYYY-MM-DD/<auditSeq>-<transaction>.json}. */
    public String archiveName() {
        return day() + "/" + fileName();
    }

    /** The UTC day its run ended on, by which the archive is divided. */
    public LocalDate day() {
        return LocalDate.ofInstant(envelope.endedAt(), ZoneOffset.UTC);
    }

    /** Nothing of the body. */
    @Override
    public String toString() {
        return "audit " + auditSeq + ", " + outcome() + ", transaction " + transactionId() + ", fob " + fobUid();
    }
}
