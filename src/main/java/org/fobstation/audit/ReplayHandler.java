package org.fobstation.audit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * The command {@code replay}: puts dead letters through now, all of them or those named by their numbers. Uses the same
 * route as the replay on an interval. Stops in time to answer; what is left then is left to the interval.
 */
public final class ReplayHandler implements RequestHandler {

    /** The route that posts one dead record, named by the header {@link AuditHeaders#SEQUENCE}. */
    public static final String ROUTE = "direct:audit-replay";

    private static final Duration TIME = Duration.ofSeconds(7);

    private final AuditDelivery delivery;
    private final ProducerTemplate template;

    public ReplayHandler(AuditDelivery delivery, ProducerTemplate template) {
        this.delivery = delivery;
        this.template = template;
    }

    @Override
    public RequestResult handle(Request request) {
        List<DeadRecord> chosen = new ArrayList<>();
        for (String argument : request.arguments()) {
            try {
                chosen.add(dead(argument));
            } catch (IllegalArgumentException e) {
                return RequestResult.refused(e.getMessage());
            }
        }
        return replay(request.arguments().isEmpty() ? delivery.journal().dead() : chosen);
    }

    private DeadRecord dead(String number) {
        if (!number.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("An audit has a number; " + number + " is none.");
        }
        return delivery.journal()
                .dead(Long.parseLong(number))
                .orElseThrow(() -> new IllegalArgumentException("Audit " + number + " is not a dead letter."));
    }

    private RequestResult replay(List<DeadRecord> records) {
        long end = System.nanoTime() + TIME.toNanos();
        int delivered = 0;
        int left = records.size();
        StringJoiner failures = new StringJoiner("\n");
        for (DeadRecord dead : records) {
            if (System.nanoTime() - end > 0) {
                failures.add(left + " were not tried in the time there is; the next replay tries them.");
                break;
            }
            left--;
            Exception failure = replay(dead.record());
            if (failure == null) {
                delivered++;
            } else {
                failures.add("Audit " + dead.record().auditSeq() + ": " + AuditDelivery.reason(failure));
            }
        }
        String message = delivered + " of " + records.size() + " delivered.";
        return failures.length() == 0 ? RequestResult.done(message) : RequestResult.refused(message + "\n" + failures);
    }

    /** Null if it was delivered. */
    private Exception replay(AuditRecord record) {
        Exchange exchange =
                template.send(ROUTE, sent -> sent.getMessage().setHeader(AuditHeaders.SEQUENCE, record.auditSeq()));
        if (exchange.getException() != null) {
            return exchange.getException();
        }
        try {
            delivery.deadLetters().remove(record);
            return null;
        } catch (IOException e) {
            return new IOException("delivered, but its file could not be removed: " + e, e);
        }
    }
}
