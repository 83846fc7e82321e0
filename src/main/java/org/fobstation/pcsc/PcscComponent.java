package org.fobstation.pcsc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Endpoint;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.fobstation.outcome.Gate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Camel component {@code pcsc:}. Its consumers share one {@link ReaderMonitor}, which runs from the start of the
 * first to the stop of the last.
 */
@Component("pcsc")
public class PcscComponent extends DefaultComponent {

    private static final Duration STOP_BOUND = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(PcscComponent.class);

    @Metadata(autowired = true, description = "The PC/SC service. The one of this machine if none is in the registry.")
    private SmartCardService smartCardService;

    @Metadata(autowired = true, description = "Asked before each fob. Always open if none is in the registry.")
    private Gate gate;

    @Metadata(autowired = true, description = "Hears of readers and of fobs that get no run.")
    private ReaderListener listener;

    private final Object monitorLock = new Object();
    private final List<PcscConsumer> consumers = new CopyOnWriteArrayList<>();
    private final ReadersHealthCheck health = new ReadersHealthCheck(this);
    private volatile ReaderMonitor monitor;
    private ReaderWatchdog watchdog;
    private ReaderListener guarded;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        PcscEndpoint endpoint = new PcscEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /**
     * Takes from the registry what was not set. Not left to autowiring alone: that takes none where there are two, and
     * a station with two gates must not run without any.
     */
    @Override
    protected void doInit() throws Exception {
        super.doInit();
        smartCardService = smartCardService != null ? smartCardService : only(SmartCardService.class, null);
        gate = gate != null ? gate : only(Gate.class, Gate.OPEN);
        listener = listener != null ? listener : only(ReaderListener.class, ReaderListener.NONE);
        if (smartCardService == null) {
            smartCardService = new NativeSmartCardService();
        }
        guarded = new GuardedListener(listener);
    }

    private <T> T only(Class<T> type, T otherwise) {
        Set<T> found = getCamelContext().getRegistry().findByType(type);
        if (found.size() > 1) {
            throw new IllegalArgumentException("The registry holds " + found.size() + " beans of type " + type.getName()
                    + ", the component pcsc takes one. Remove the others, or set the component's option.");
        }
        return found.isEmpty() ? otherwise : found.iterator().next();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        HealthCheckRegistry registry = HealthCheckRegistry.get(getCamelContext());
        if (registry != null) {
            registry.register(health);
        }
    }

    @Override
    protected void doStop() throws Exception {
        HealthCheckRegistry registry = HealthCheckRegistry.get(getCamelContext());
        if (registry != null) {
            registry.unregister(health);
        }
        super.doStop();
    }

    /**
     * For the stop of a station, before its routes are stopped: serves no other fob and ends those being served, within
     * 3 s whatever they do. One that goes on and needs no longer is finished; otherwise its run ends between two commands.
     * One that owes an answer is given up: nothing is sent to it any more, and the answer it may still give is dropped.
     *
     * @return the ids of the readers whose fob was given up; their exchanges are still in flight
     */
    public List<String> finishFobs() {
        return new FobFinish(consumers).await();
    }

    void watch(WatchedReader reader, PcscConsumer consumer) {
        synchronized (monitorLock) {
            if (monitor != null) {
                monitor.add(reader);
                consumers.add(consumer);
                return;
            }
            ReaderMonitor first = new ReaderMonitor(smartCardService, guarded);
            first.add(reader);
            consumers.add(consumer);
            monitor = first;
            watchdog = new ReaderWatchdog(first::readers, guarded);
            watchdog.start();
            LOG.info("Watching readers through {}", smartCardService.description());
            first.start();
        }
    }

    void unwatch(WatchedReader reader, PcscConsumer consumer) {
        synchronized (monitorLock) {
            consumers.remove(consumer);
            if (monitor == null) {
                return;
            }
            monitor.remove(reader);
            if (monitor.isEmpty()) {
                ReaderMonitor last = monitor;
                monitor = null;
                watchdog.stop();
                if (!last.stop(STOP_BOUND)) {
                    LOG.warn("The reader monitor did not end within {} s; it is left behind", STOP_BOUND.toSeconds());
                }
            }
        }
    }

    ReaderListener guardedListener() {
        return guarded;
    }

    /** What is watched now. Any thread; answers at once. */
    public WatchStatus status() {
        ReaderMonitor running = monitor;
        return running == null ? new WatchStatus(WatchStatus.Service.IDLE, "", List.of()) : running.status();
    }

    /**
     * Whether the readers are watched: the service is up and the monitor has looked for every configured reader once.
     * Which of them are there is in {@link #status()}. Any thread.
     */
    public boolean isWatching() {
        return status().service() == WatchStatus.Service.UP;
    }

    public SmartCardService getSmartCardService() {
        return smartCardService;
    }

    public void setSmartCardService(SmartCardService smartCardService) {
        this.smartCardService = smartCardService;
    }

    public Gate getGate() {
        return gate;
    }

    public void setGate(Gate gate) {
        this.gate = gate;
    }

    public ReaderListener getListener() {
        return listener;
    }

    public void setListener(ReaderListener listener) {
        this.listener = listener;
    }
}
