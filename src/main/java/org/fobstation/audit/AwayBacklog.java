package org.fobstation.audit;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;

/**
 * The dead letters that came about because the KLMS was away. The outbox posts them again by itself, before anything
 * newer, so that the records of one fob arrive in order. What the KLMS refused is not in it. Used by one thread.
 */
final class AwayBacklog {

    private final AuditDelivery delivery;
    private final CamelContext context;
    private final Set<Long> passedOver = new HashSet<>();
    private ProducerTemplate template;
    private int probes;

    AwayBacklog(AuditDelivery delivery, CamelContext context) {
        this.delivery = delivery;
        this.context = context;
    }

    boolean isEmpty() {
        return next().isEmpty();
    }

    /** Posts one of them. @return whether there was one to post */
    boolean replayOne() {
        Optional<AuditRecord> next = next();
        next.ifPresent(this::replay);
        return next.isPresent();
    }

    private void replay(AuditRecord record) {
        if (template == null) {
            template = context.createProducerTemplate();
        }
        boolean wasDown = delivery.reach().isDown();
        Optional<Exception> failure = Replay.of(record, delivery, template);
        if (failure.isPresent()) {
            // A record that fails while others do not must not stop them: the replay on an interval has it.
            passedOver.add(record.auditSeq());
            probes++;
        }
        if (wasDown != delivery.reach().isDown()) {
            passedOver.clear();
        }
    }

    /** The oldest one; while the KLMS is away, the oldest of one fob after another. */
    private Optional<AuditRecord> next() {
        List<AuditRecord> away = delivery.journal().deadWhileAway();
        if (delivery.reach().isDown()) {
            List<AuditRecord> first = firstOfEachFob(away, Set.of());
            return first.isEmpty() ? Optional.empty() : Optional.of(first.get(probes % first.size()));
        }
        return firstOfEachFob(away, passedOver).stream().findFirst();
    }

    private static List<AuditRecord> firstOfEachFob(List<AuditRecord> records, Set<Long> without) {
        Set<String> seen = new HashSet<>();
        return records.stream()
                .filter(record -> seen.add(record.fobUid()))
                .filter(record -> !without.contains(record.auditSeq()))
                .toList();
    }
}
