package org.fobstation.audit;

import java.util.Objects;

/**
 * The link from a record to the one before of the same fob: from a run that takes up what a crash left to the record of
 * that crash, and so on back. Part of the envelope, where it is named {@code follows}.
 *
 * @param auditSeq of the earlier record
 * @param transactionId of the earlier record
 */
public record EarlierRecord(long auditSeq, String transactionId) {

    public EarlierRecord {
        Objects.requireNonNull(transactionId);
    }
}
