package org.fobstation.audit;

import java.io.IOException;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** One replay of one dead record through the route that posts them. */
final class Replay {

    /** The route that posts one dead record, named by the header {@link AuditHeaders#SEQUENCE}. */
    static final String ROUTE = "direct:audit-replay";

    private Replay() {}

    /** @return why the KLMS does not have it; empty if it has */
    static Optional<Exception> of(AuditRecord record, AuditDelivery delivery, ProducerTemplate template) {
        Exchange exchange =
                template.send(ROUTE, sent -> sent.getMessage().setHeader(AuditHeaders.SEQUENCE, record.auditSeq()));
        if (exchange.getException() != null) {
            return Optional.of(exchange.getException());
        }
        try {
            delivery.deadLetters().remove(record);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(new IOException("delivered, but its file could not be removed: " + e, e));
        }
    }
}
