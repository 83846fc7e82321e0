package org.fobstation.klms;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * What the station asks the KLMS for, and who owns what it brings.
 *
 * @param fobUid the UID in the form {@code klms.uid-format} asks for, upper-case hex
 * @param readerId the configured id of the reader
 * @param custody given the key package the moment it exists, before any further step of a route: so that it is wiped
 *     also if a route fails or loses it on the way
 */
public record KeyRequest(String fobUid, String readerId, Consumer<KeyPackage> custody) {

    public KeyRequest {
        Objects.requireNonNull(fobUid);
        Objects.requireNonNull(readerId);
        Objects.requireNonNull(custody);
    }

    /** For a caller that closes the answer itself, whatever happens. */
    public KeyRequest(String fobUid, String readerId) {
        this(fobUid, readerId, received -> {});
    }

    /** UID and reader only. */
    @Override
    public String toString() {
        return "key request for fob " + fobUid + " on " + readerId;
    }
}
