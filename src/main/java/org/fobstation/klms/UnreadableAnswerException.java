package org.fobstation.klms;

import java.io.IOException;

/**
 * What came is no HTTP. Stands in for HttpClient's own exceptions, which quote the bytes they could not read: those may be
 * keys, and Camel logs the message of every exception it meets.
 */
final class UnreadableAnswerException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param original gives its class name only */
    UnreadableAnswerException(Exception original) {
        super("the answer is no HTTP: " + original.getClass().getSimpleName());
    }
}
