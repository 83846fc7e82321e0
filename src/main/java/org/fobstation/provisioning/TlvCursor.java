package org.fobstation.provisioning;

import java.util.Arrays;

/**
 * Goes through BER-TLV objects one after another. Tags of one or two bytes, lengths of one byte, 81 xx or 82 xx xx; no
 * object that reaches beyond the end is ever shown.
 */
final class TlvCursor {

    private final byte[] bytes;
    private final int limit;
    private int at;
    private int tag;
    private int from;

    TlvCursor(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private TlvCursor(byte[] bytes, int at, int limit) {
        this.bytes = bytes;
        this.at = at;
        this.from = at;
        this.limit = limit;
    }

    /** Moves to the next object; false at the end, or where no whole object stands. */
    boolean next() {
        int start = at;
        tag = octet();
        if ((tag & 0x1F) == 0x1F && tag > 0) {
            tag = tag << 8 | octet();
        }
        int length = octet();
        if (length == 0x81) {
            length = octet();
        } else if (length == 0x82) {
            length = octet() << 8 | octet();
        } else if (length > 0x82) {
            length = -1;
        }
        if (tag <= 0 || length < 0 || length > limit - at) {
            at = start;
            return false;
        }
        from = at;
        at += length;
        return true;
    }

    /** After {@link #next()} gave true. */
    int tag() {
        return tag;
    }

    /** A copy of the value. */
    byte[] value() {
        return Arrays.copyOfRange(bytes, from, at);
    }

    /** The index after the object. */
    int end() {
        return at;
    }

    /** Over the objects inside the value. */
    TlvCursor into() {
        return new TlvCursor(bytes, from, at);
    }

    /** Whether everything was gone through; after {@link #next()} gave false, whether all of it was whole objects. */
    boolean isAtEnd() {
        return at == limit;
    }

    private int octet() {
        return at < limit ? bytes[at++] & 0xFF : -1;
    }
}
