package org.fobstation.klms;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Which headers travel with an audit: its own go out, and nothing else of the exchange; none of the server's comes in.
 * Content-Type travels with the body and needs no leave here.
 */
final class AuditHeaders implements HeaderFilterStrategy {

    private static final Set<String> NAMES = Set.of(
            "idempotency-key",
            "x-audit-sequence",
            "x-audit-hash",
            "x-audit-previous",
            "x-audit-outcome",
            "x-audit-attempt",
            "x-station-version");

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !NAMES.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }
}
