package org.fobstation.pcsc;

import java.util.Objects;

/**
 * How one configured reader stands.
 *
 * @param readerId the configured id
 * @param readerName the PC/SC name, empty unless attached
 * @param detail for a person: what is missing, or what is ambiguous and how to mend it; empty when attached
 */
public record ReaderStatus(String readerId, Attachment attachment, String readerName, String detail) {

    /** Whether there is a reader for an id. */
    public enum Attachment {
        /** One reader matches, and no other id claims it: its fobs are served. */
        ATTACHED,
        /** No reader matches. */
        MISSING,
        /** Several readers match, or several ids claim the same reader: no fob is served on any of them. */
        AMBIGUOUS
    }

    public ReaderStatus {
        Objects.requireNonNull(readerId);
        Objects.requireNonNull(attachment);
        Objects.requireNonNull(readerName);
        Objects.requireNonNull(detail);
    }

    static ReaderStatus attached(String readerId, String readerName) {
        return new ReaderStatus(readerId, Attachment.ATTACHED, readerName, "");
    }

    static ReaderStatus missing(String readerId, String detail) {
        return new ReaderStatus(readerId, Attachment.MISSING, "", detail);
    }

    static ReaderStatus ambiguous(String readerId, String detail) {
        return new ReaderStatus(readerId, Attachment.AMBIGUOUS, "", detail);
    }

    public boolean isAttached() {
        return attachment == Attachment.ATTACHED;
    }
}
