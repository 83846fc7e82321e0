package org.fobstation.simulator.klms;

import java.util.Map;

/**
 * A key request as the embedded KLMS took it.
 *
 * @param headers by name, whatever its case
 * @param body its bytes
 */
public record ReceivedKeyRequest(String fobUid, String readerId, Map<String, String> headers, byte[] body) {

    @Override
    public String toString() {
        return "key request for " + fobUid + " from " + readerId;
    }
}
