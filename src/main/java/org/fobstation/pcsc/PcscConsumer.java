package org.fobstation.pcsc;

import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes the fobs of one reader on a thread of its own, {@code pcsc-<readerId>}. Camel's shutdown suspends the
 * consumer first, so that new fobs are held, waits for the fob in progress up to its timeout, and stops the consumer
 * then. The thread is never interrupted, and a daemon, so that a reader that never answers does not keep the process
 * alive.
 */
public class PcscConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {

    private static final long END_BOUND_MILLIS = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(PcscConsumer.class);

    private final PcscEndpoint endpoint;
    private final LastFob lastFob;
    private volatile WatchedReader watched;
    private volatile ReaderWorker worker;
    private Thread thread;
    private volatile boolean abandoned;

    public PcscConsumer(PcscEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.lastFob = new LastFob(endpoint.debounceTime());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        PcscComponent component = endpoint.getComponent();
        FobSlot slot = new FobSlot(Clock.systemUTC(), System::nanoTime);
        CallClock calls = new CallClock(endpoint.stuckAfterTime(), System::nanoTime);
        ReaderWorker fresh = new ReaderWorker(
                endpoint.getReaderId(),
                slot,
                new FobConnector(
                        new ClockedService(component.getSmartCardService(), calls), endpoint.connectRetryTime()),
                lastFob,
                endpoint.isAllowRandomUid(),
                component.getGate(),
                component.guardedListener(),
                new RouteHandler());
        WatchedReader reader = new WatchedReader(endpoint.getReaderId(), endpoint.pattern(), slot, calls);
        component.watch(reader, this);
        watched = reader;
        worker = fresh;
        abandoned = false;
        thread = new Thread(fresh, "pcsc-" + endpoint.getReaderId());
        thread.setDaemon(true);
        thread.start();
    }

    /** Tells monitor and worker to end and waits for no fob. */
    @Override
    protected void doStop() throws Exception {
        if (watched != null) {
            watched.slot().stop();
            endpoint.getComponent().unwatch(watched, this);
            watched = null;
        }
        super.doStop();
    }

    @Override
    protected void doShutdown() throws Exception {
        if (thread != null && thread != Thread.currentThread()) {
            if (!abandoned) {
                thread.join(END_BOUND_MILLIS);
            }
            if (thread.isAlive()) {
                LOG.warn("Reader {} still waits for its fob; its thread is left behind", endpoint.getReaderId());
            }
        }
        super.doShutdown();
    }

    /** Begins no run any more; the fob in progress goes on. */
    void beginNoMore() {
        worker.suspend(true);
    }

    /** Whether a fob is being served. */
    boolean isServing() {
        return getPendingExchangesSize() > 0;
    }

    /**
     * Sends no further command to the fob being served, so that its run ends; the answer it owes is still taken.
     *
     * @param changed whether also to a fob that is being changed
     */
    void sendNoMore(boolean changed) {
        worker.sendNoMore(changed);
    }

    /**
     * Gives up a fob that is still being served: nothing is sent to it any more, and stopping does not wait for it.
     *
     * @return the reader's id; null if no fob is being served
     */
    String abandon() {
        if (!isServing()) {
            return null;
        }
        abandoned = true;
        worker.abandon();
        return endpoint.getReaderId();
    }

    @Override
    protected void doSuspend() throws Exception {
        worker.suspend(true);
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        worker.suspend(false);
        super.doResume();
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        return false;
    }

    /** 1 while a fob is served: also before its exchange exists, so that Camel does not take the route away from it. */
    @Override
    public int getPendingExchangesSize() {
        ReaderWorker running = worker;
        return running != null && running.isBusy() ? 1 : 0;
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // Nothing to prepare: doStop tells the worker, and a forced shutdown leaves the daemon thread behind.
    }

    /** Sends a fob through the route. */
    private final class RouteHandler implements FobHandler {

        @Override
        public Throwable handle(PresentedFob fob) {
            Exchange exchange = createExchange(false);
            try {
                Message message = exchange.getIn();
                message.setBody(fob);
                message.setHeader(PcscConstants.READER_ID, fob.readerId());
                message.setHeader(PcscConstants.READER_NAME, fob.readerName());
                message.setHeader(PcscConstants.UID, fob.uid());
                message.setHeader(PcscConstants.ATR, fob.atr());
                message.setHeader(PcscConstants.PRESENTED_AT, fob.presentedAt());
                try {
                    getProcessor().process(exchange);
                } catch (Exception e) {
                    exchange.setException(e);
                }
                Throwable failure = exchange.getException();
                if (failure != null) {
                    getExceptionHandler()
                            .handleException(
                                    "The route failed with a fob on reader " + fob.readerId(), exchange, failure);
                }
                return failure;
            } finally {
                releaseExchange(exchange, false);
            }
        }

        @Override
        public void workerFailed(String message, Throwable cause) {
            getExceptionHandler().handleException(message, cause);
        }
    }
}
