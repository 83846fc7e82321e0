package org.fobstation.pcsc;

import java.util.Objects;

/**
 * How one configured reader stands.
 *
 * @param readerId the configured id
 * @param readerName the PC/SC name, empty unless attached
 * @param detail for a person: what is missing, what is ambiguous and how to mend it, or what hangs; empty otherwise
 * @param stuck whether a fob on it has not answered for longer than the option stuckAfter
 */
public record ReaderStatus(String readerId, Attachment attachment, String readerName, String detail, boolean stuck) {

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
        return new ReaderStatus(readerId, Attachment.ATTACHED, readerName, "", false);
    }

    static ReaderStatus missing(String readerId, String detail) {
        return new ReaderStatus(readerId, Attachment.MISSING, "", detail, false);
    }

    static ReaderStatus ambiguous(String readerId, String detail) {
        return new ReaderStatus(readerId, Attachment.AMBIGUOUS, "", detail, false);
    }

    /** The same reader while its fob does not answer. */
    ReaderStatus stuckIn(String call) {
        return new ReaderStatus(readerId, attachment, readerName, call, true);
    }

    public boolean isAttached() {
        return attachment == Attachment.ATTACHED;
    }

    /** Whether fobs are served there: it is attached, and not stuck. */
    public boolean isServing() {
        return isAttached() && !stuck;
    }
}
