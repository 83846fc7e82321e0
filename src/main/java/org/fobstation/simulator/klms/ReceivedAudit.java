package org.fobstation.simulator.klms;

import java.util.Map;

/**
 * An audit as the embedded KLMS took it.
 *
 * @param id its Idempotency-Key
 * @param headers those of its first delivery, by name, whatever its case
 * @param body its bytes
 * @param count how often it was delivered, 1 or more
 */
public record ReceivedAudit(String id, Map<String, String> headers, byte[] body, int count) {

    ReceivedAudit again() {
        return new ReceivedAudit(id, headers, body, count + 1);
    }

    @Override
    public String toString() {
        return "audit " + id + ", " + body.length + " bytes, " + count + " times";
    }
}
