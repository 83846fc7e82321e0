package org.fobstation.pcsc;

import org.apache.camel.spi.Metadata;

/** The headers of an exchange of {@code pcsc:}. None holds a secret. */
public final class PcscConstants {

    @Metadata(description = "The configured id of the reader", javaType = "String")
    public static final String READER_ID = "CamelPcscReaderId";

    @Metadata(description = "The PC/SC name of the reader", javaType = "String")
    public static final String READER_NAME = "CamelPcscReaderName";

    @Metadata(description = "The UID of the fob in upper-case hex: 8, 14 or 20 digits", javaType = "String")
    public static final String UID = "CamelPcscUid";

    @Metadata(description = "The answer to reset of the fob in upper-case hex", javaType = "String")
    public static final String ATR = "CamelPcscAtr";

    @Metadata(description = "When the fob was presented, in UTC", javaType = "java.time.Instant")
    public static final String PRESENTED_AT = "CamelPcscPresentedAt";

    private PcscConstants() {}
}
