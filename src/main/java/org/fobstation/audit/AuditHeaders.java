package org.fobstation.audit;

import org.apache.camel.Message;
import org.apache.camel.spi.Metadata;

/** The headers that go with a record to the KLMS. */
public final class AuditHeaders {

    @Metadata(description = "The record's id; the KLMS takes a record once under it", javaType = "String")
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    @Metadata(description = "The record's number, 1, 2, 3 and so on without gaps", javaType = "Long")
    public static final String SEQUENCE = "X-Audit-Sequence";

    @Metadata(description = "SHA-256 over the previous hash and the body, in hex", javaType = "String")
    public static final String HASH = "X-Audit-Hash";

    @Metadata(description = "The hash of the record before, in hex", javaType = "String")
    public static final String PREVIOUS = "X-Audit-Previous";

    @Metadata(description = "SUCCESS, FAILURE or UNKNOWN", javaType = "String")
    public static final String OUTCOME = "X-Audit-Outcome";

    @Metadata(description = "How often the record is posted, this time included", javaType = "Integer")
    public static final String ATTEMPT = "X-Audit-Attempt";

    @Metadata(description = "The version of the program that made the record", javaType = "String")
    public static final String STATION_VERSION = "X-Station-Version";

    private AuditHeaders() {}

    /** All but {@link #ATTEMPT}, which changes from post to post. */
    static void set(Message message, AuditRecord record) {
        message.setHeader(IDEMPOTENCY_KEY, record.id().toString());
        message.setHeader(SEQUENCE, record.auditSeq());
        message.setHeader(HASH, record.auditHash());
        message.setHeader(PREVIOUS, record.previousHash());
        message.setHeader(OUTCOME, record.outcome().name());
        message.setHeader(STATION_VERSION, record.envelope().softwareVersion());
    }
}
