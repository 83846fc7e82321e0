package org.fobstation.audit;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultEndpoint;

/** Emits the audit records that the journal holds and nobody has settled, one at a time, in order. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "outbox",
        title = "Audit outbox",
        syntax = "outbox:delivery",
        consumerOnly = true,
        category = Category.MONITORING,
        headersClass = AuditHeaders.class)
public final class OutboxEndpoint extends DefaultEndpoint {

    @UriPath(description = "Name of the AuditDelivery bean")
    @Metadata(required = true)
    private final String delivery;

    @UriParam(
            defaultValue = "5s",
            javaType = "java.time.Duration",
            description = "How often to look although the journal said nothing")
    private long fallbackPoll = 5_000;

    @UriParam(
            defaultValue = "1s",
            javaType = "java.time.Duration",
            description = "Pause after an exchange that failed; doubled with every failure of the same record")
    private long backoff = 1_000;

    @UriParam(defaultValue = "1m", javaType = "java.time.Duration", description = "Longest pause after failures")
    private long maximumBackoff = 60_000;

    OutboxEndpoint(String uri, OutboxComponent component, String delivery) {
        super(uri, component);
        this.delivery = delivery;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("outbox: only emits; records come into it through the journal");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        AuditDelivery bean = CamelContextHelper.mandatoryLookup(getCamelContext(), delivery, AuditDelivery.class);
        OutboxConsumer consumer = new OutboxConsumer(this, processor, bean);
        configureConsumer(consumer);
        return consumer;
    }

    public String getDelivery() {
        return delivery;
    }

    public long getFallbackPoll() {
        return fallbackPoll;
    }

    public void setFallbackPoll(long fallbackPoll) {
        this.fallbackPoll = fallbackPoll;
    }

    public long getBackoff() {
        return backoff;
    }

    public void setBackoff(long backoff) {
        this.backoff = backoff;
    }

    public long getMaximumBackoff() {
        return maximumBackoff;
    }

    public void setMaximumBackoff(long maximumBackoff) {
        this.maximumBackoff = maximumBackoff;
    }
}
