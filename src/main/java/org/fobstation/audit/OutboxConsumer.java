package org.fobstation.audit;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the oldest record of the outbox through the route, settles it, takes the next. A record whose exchange fails is
 * not settled and comes again after a pause; those behind it wait, so the order is kept. Runs on a thread of its own.
 *
 * <p>A stop lets the exchange under way end and begins no other. What is not settled then is emitted at the next start.
 */
final class OutboxConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxConsumer.class);
    private static final long SHUTDOWN_MILLIS = 10_000;

    private final OutboxEndpoint endpoint;
    private final AuditDelivery delivery;
    private final Semaphore news = new Semaphore(0);
    private final Runnable onNews = news::release;
    private volatile CountDownLatch stop = new CountDownLatch(1);
    private ExecutorService thread;
    private long failures;
    private String lastFailure = "";

    OutboxConsumer(OutboxEndpoint endpoint, Processor processor, AuditDelivery delivery) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.delivery = delivery;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        CountDownLatch untilStopped = new CountDownLatch(1);
        stop = untilStopped;
        delivery.journal().addListener(onNews);
        if (thread == null) {
            thread = endpoint.getCamelContext()
                    .getExecutorServiceManager()
                    .newSingleThreadExecutor(this, endpoint.getEndpointUri());
        }
        thread.execute(() -> run(untilStopped));
    }

    /** Only tells the thread: an exchange under way is not interrupted, Camel waits for it. */
    @Override
    protected void doStop() throws Exception {
        delivery.journal().removeListener(onNews);
        stop.countDown();
        news.release();
        super.doStop();
    }

    @Override
    protected void doShutdown() throws Exception {
        if (thread != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(thread, SHUTDOWN_MILLIS);
            thread = null;
        }
        super.doShutdown();
    }

    private void run(CountDownLatch untilStopped) {
        try {
            while (untilStopped.getCount() > 0) {
                step(untilStopped);
            }
        } catch (InterruptedException e) {
            // Camel gave up waiting for this thread. Nothing is lost: what is not settled comes again.
            Thread.currentThread().interrupt();
        }
    }

    private void step(CountDownLatch untilStopped) throws InterruptedException {
        news.drainPermits();
        List<AuditRecord> oldest = delivery.journal().undelivered(1);
        // A journal that cannot note a delivery must not cause one again and again.
        if (oldest.isEmpty() || delivery.journal().fault().isPresent()) {
            news.tryAcquire(endpoint.getFallbackPoll(), TimeUnit.MILLISECONDS);
        } else if (emit(oldest.get(0))) {
            failures = 0;
            lastFailure = "";
        } else {
            untilStopped.await(pause(), TimeUnit.MILLISECONDS);
        }
    }

    private long pause() {
        long doubled = endpoint.getBackoff() << Math.min(failures, 20);
        failures++;
        return Math.min(doubled, endpoint.getMaximumBackoff());
    }

    /** Whether the record is settled now. */
    private boolean emit(AuditRecord record) {
        Exchange exchange = createExchange(false);
        try {
            exchange.setProperty(AuditDelivery.RECORD, record);
            exchange.getMessage().setBody(record.body());
            AuditHeaders.set(exchange.getMessage(), record);
            getProcessor().process(exchange);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            delivery.journal().settle(record.auditSeq(), settlement(exchange, record));
            delivery.settled(record);
            return true;
        } catch (Exception e) {
            report(record, e);
            return false;
        } finally {
            releaseExchange(exchange, false);
        }
    }

    private static Settlement settlement(Exchange exchange, AuditRecord record) {
        Settlement settlement = exchange.getProperty(AuditDelivery.SETTLEMENT, Settlement.class);
        if (settlement == null && record.post()) {
            throw new IllegalStateException("the route ended without calling delivered or died for " + record
                    + "; nobody knows whether the KLMS has it");
        }
        return settlement == null ? new Settlement.Local() : settlement;
    }

    private void report(AuditRecord record, Exception e) {
        if (stop.getCount() == 0) {
            LOG.info("{} stays in the outbox until the next start: {}", record, e.toString());
        } else if (lastFailure.equals(e.toString())) {
            LOG.debug("{} stays in the outbox, failure {}: {}", record, failures + 1, lastFailure);
        } else {
            lastFailure = e.toString();
            getExceptionHandler().handleException(record + " stays in the outbox and comes again", e);
        }
    }
}
