package org.fobstation.klms;

import java.io.IOException;

/**
 * What came is not the HTTP that is read here. Stands in for HttpClient's own exceptions, which quote the bytes they
 * could not read: those may be keys, and Camel logs the message of every exception it meets.
 */
final class UnreadableAnswerException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param original gives its class name only */
    UnreadableAnswerException(Exception original) {
        this("the answer is no HTTP: " + original.getClass().getSimpleName());
    }

    private UnreadableAnswerException(String message) {
        super(message);
    }

    /** It is HTTP, but packed, and a small one may be huge once it is unpacked. */
    static UnreadableAnswerException compressed() {
        return new UnreadableAnswerException("the answer is compressed, which nobody asked for");
    }
}
