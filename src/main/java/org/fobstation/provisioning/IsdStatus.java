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

    private IsdStatus() {}

    /**
     * @param answer the joined data of the GET STATUS answers
     * @return the state; empty if the answer does not hold exactly the form above or names an unknown state
     */
    static Optional<LifeCycle> lifeCycle(byte[] answer) {
        TlvCursor cursor = new TlvCursor(answer);
        if (!cursor.next() || cursor.tag() != TEMPLATE) {
            return Optional.empty();
        }
        TlvCursor objects = cursor.into();
        while (objects.next()) {
            if (objects.tag() == STATE) {
                byte[] state = objects.value();
                return state.length == 1 ? LifeCycle.of(state[0] & 0xFF) : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
