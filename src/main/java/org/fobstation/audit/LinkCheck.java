package org.fobstation.audit;

import java.util.Optional;

/**
 * Whether the records of a journal, in order, follow the right ones: each link names the fob's record before. What
 * retention removed or a repair lost cannot be compared.
 */
final class LinkCheck {

    private final RunIndex lastOfFob = new RunIndex();
    private final RunIndex identities = new RunIndex();

    /** @return what is wrong with the next record's link, one sentence */
    Optional<String> take(AuditRecord record) {
        Optional<String> wrong =
                record.envelope().follows().flatMap(earlier -> wrong(record.fobUid(), record.auditSeq(), earlier));
        lastOfFob.put(record.fobUid(), record.auditSeq());
        identities.put(Long.toString(record.auditSeq()), identity(record.fobUid(), record.transactionId()));
        return wrong;
    }

    private Optional<String> wrong(String fobUid, long auditSeq, EarlierRecord earlier) {
        long known = identities.get(Long.toString(earlier.auditSeq()));
        if (earlier.auditSeq() >= auditSeq || known != 0 && known != identity(fobUid, earlier.transactionId())) {
            return Optional.of("the record says it follows record " + earlier.auditSeq() + " with transaction "
                    + earlier.transactionId() + ", which is none of this fob before it");
        }
        long last = lastOfFob.get(fobUid);
        return last > earlier.auditSeq()
                ? Optional.of("the record says it follows record " + earlier.auditSeq() + " although record " + last
                        + " of this fob stands between")
                : Optional.empty();
    }

    /** Not 0, which stands for no record. */
    private static long identity(String fobUid, String transactionId) {
        return RunIndex.key(fobUid + " " + transactionId) | 1;
    }
}
