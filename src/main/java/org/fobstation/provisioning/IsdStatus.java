package org.fobstation.provisioning;

import java.util.Optional;

/**
 * Reads the life cycle state out of the answer to GET STATUS for the issuer security domain.
 *
 * <pre>
 * E3 len { 4F len AID | 9F70 01 state | C5 len privileges | ... }
 * </pre>
 *
 * @see "GlobalPlatform Card Specification 2.3.1 section 11.4.3.1, table 11-36"
 */
final class IsdStatus {

    private static final int TEMPLATE = 0xE3;
    private static final int STATE = 0x9F70;

    private final byte[] bytes;
    private int at;
    private int length;

    private IsdStatus(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param answer the joined data of the GET STATUS answers
     * @return the state; empty if the answer does not hold exactly the form above or names an unknown state
     */
    static Optional<LifeCycle> lifeCycle(byte[] answer) {
        return new IsdStatus(answer).read();
    }

    private Optional<LifeCycle> read() {
        if (nextTag(bytes.length) != TEMPLATE) {
            return Optional.empty();
        }
        int end = at + length;
        while (at < end) {
            int tag = nextTag(end);
            if (tag < 0) {
                return Optional.empty();
            }
            if (tag == STATE) {
                return length == 1 ? LifeCycle.of(bytes[at] & 0xFF) : Optional.empty();
            }
            at += length;
        }
        return Optional.empty();
    }

    /** Reads tag and length and stops at the value; -1 if they do not fit before {@code end}. */
    private int nextTag(int end) {
        int tag = octet(end);
        if ((tag & 0x1F) == 0x1F && tag > 0) {
            tag = tag << 8 | octet(end);
        }
        length = octet(end);
        if (length == 0x81) {
            length = octet(end);
        } else if (length == 0x82) {
            length = octet(end) << 8 | octet(end);
        }
        return tag > 0 && length >= 0 && at + length <= end ? tag : -1;
    }

    private int octet(int end) {
        return at < end ? bytes[at++] & 0xFF : -1;
    }
}
