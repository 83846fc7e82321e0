package org.fobstation.audit;

import java.util.Optional;
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
 * <p>While the KLMS is known to be away, records become dead letters without a post, and one post goes now and then: the
 * {@link AwayBacklog}'s oldest, or the outbox's. When it is back, the backlog goes first, in order.
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
    private final AwayBacklog backlog;
    private final Backoff pauses;
    private String lastFailure = "";

    OutboxConsumer(OutboxEndpoint endpoint, Processor processor, AuditDelivery delivery) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.delivery = delivery;
        backlog = new AwayBacklog(delivery, endpoint.getCamelContext());
        pauses = new Backoff(endpoint.getBackoff(), endpoint.getMaximumBackoff());
        delivery.reach().probeAfter(new Backoff(endpoint.getBackoff(), endpoint.getMaximumBackoff()));
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
                stepOrPause(untilStopped);
            }
        } catch (InterruptedException e) {
            // Camel gave up waiting for this thread. Nothing is lost: what is not settled comes again.
            Thread.currentThread().interrupt();
        }
    }

    /** A step, and a pause after one that failed in a way nobody foresaw: only a stop ends the outbox. */
    private void stepOrPause(CountDownLatch untilStopped) throws InterruptedException {
        try {
            step(untilStopped);
        } catch (RuntimeException | Error e) {
            report("The outbox failed and goes on after a pause", e);
            untilStopped.await(pauses.next(), TimeUnit.MILLISECONDS);
        }
    }

    private void step(CountDownLatch untilStopped) throws InterruptedException {
        news.drainPermits();
        // A journal that cannot note a delivery must not cause one again and again.
        if (delivery.journal().fault().isPresent()) {
            await(endpoint.getFallbackPoll());
            return;
        }
        Optional<AuditRecord> oldest =
                delivery.journal().undelivered(1).stream().findFirst();
        KlmsReach reach = delivery.reach();
        if (reach.isDown() && reach.untilProbe() > 0) {
            if (oldest.isPresent()) {
                take(oldest.get(), AuditDelivery.Post.HELD_BACK, untilStopped);
            } else {
                await(Math.min(reach.untilProbe() + 1, endpoint.getFallbackPoll()));
            }
        } else if (!backlog.replayOne() && oldest.isPresent()) {
            take(oldest.get(), reach.isDown() ? AuditDelivery.Post.PROBE : AuditDelivery.Post.NOW, untilStopped);
        } else if (oldest.isEmpty() && backlog.isEmpty()) {
            await(endpoint.getFallbackPoll());
        }
    }

    private void await(long millis) throws InterruptedException {
        news.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    private void take(AuditRecord record, AuditDelivery.Post post, CountDownLatch untilStopped)
            throws InterruptedException {
        if (emit(record, post)) {
            pauses.reset();
            lastFailure = "";
        } else {
            untilStopped.await(pauses.next(), TimeUnit.MILLISECONDS);
        }
    }

    /** Whether the record is settled now. */
    private boolean emit(AuditRecord record, AuditDelivery.Post post) {
        Exchange exchange = createExchange(false);
        try {
            exchange.setProperty(AuditDelivery.RECORD, record);
            exchange.setProperty(AuditDelivery.POST, post);
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
            report(record + " stays in the outbox and comes again", e);
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

    /** Once, and again when it is another failure. */
    private void report(String what, Throwable e) {
        if (stop.getCount() == 0) {
            LOG.info("{}, after the next start: {}", what, e.toString());
        } else if (lastFailure.equals(e.toString())) {
            LOG.debug("{}, failure {}: {}", what, pauses.failures() + 1, lastFailure);
        } else {
            lastFailure = e.toString();
            getExceptionHandler().handleException(what, e);
        }
    }
}
