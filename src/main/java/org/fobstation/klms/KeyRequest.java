package org.fobstation.klms;

import java.util.Objects;

/**
 * What the station asks the KLMS for.
 *
 * @param fobUid the UID in the form {@code klms.uid-format} asks for, upper-case hex
 * @param readerId the configured id of the reader
 */
public record KeyRequest(String fobUid, String readerId) {

    public KeyRequest {
        Objects.requireNonNull(fobUid);
        Objects.requireNonNull(readerId);
    }
}
