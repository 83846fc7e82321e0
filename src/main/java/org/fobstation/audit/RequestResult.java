package org.fobstation.audit;

import java.util.Objects;

/**
 * What came of a request.
 *
 * @param done whether it was carried out in full
 * @param message for the one who gave it, one line or a few
 */
public record RequestResult(boolean done, String message) {

    public RequestResult {
        Objects.requireNonNull(message);
    }

    public static RequestResult done(String message) {
        return new RequestResult(true, message);
    }

    public static RequestResult refused(String message) {
        return new RequestResult(false, message);
    }
}
