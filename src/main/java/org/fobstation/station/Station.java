package org.fobstation.station;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.fobstation.audit.AuditDelivery;
import org.fobstation.audit.AuditGate;
import org.fobstation.audit.AuditJournal;
import org.fobstation.audit.AuditSettings;
import org.fobstation.audit.ClearAttemptsHandler;
import org.fobstation.audit.JournalException;
import org.fobstation.audit.JournalFile;
import org.fobstation.audit.LineStop;
import org.fobstation.audit.ReplayHandler;
import org.fobstation.audit.Request;
import org.fobstation.audit.RequestFolder;
import org.fobstation.audit.StationIdentity;
import org.fobstation.klms.KlmsConnection;
import org.fobstation.klms.KlmsSetupException;
import org.fobstation.pcsc.PcscComponent;
import org.fobstation.pcsc.SmartCardService;
import org.fobstation.provisioning.KeyPackageIntoRun;
import org.fobstation.provisioning.OperatorDisplay;
import org.fobstation.provisioning.Provisioning;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running station: journal, key server connection, routes and readers, put together in this order and taken apart in
 * the reverse one. Started once; {@link #close()} may come from any thread.
 */
public final class Station implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Station.class);

    /** For a route that is stopped by itself: its fob is brought to its end. */
    private static final Duration LONGEST_ROUTE_STOP = Duration.ofSeconds(30);

    /** For exchanges that were given up. */
    private static final int STOP_WITHOUT_FOB_SECONDS = 1;

    private final Parts parts;
    private final Main main;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Station(Parts parts, Main main) {
        this.parts = parts;
        this.main = main;
    }

    /**
     * Starts everything and begins to watch the readers.
     *
     * @param cards this machine's PC/SC service, or a stand-in for it
     * @param display shown outcomes; {@link OperatorDisplay#watching()} tells when the readers are watched
     * @throws StationStartException naming what keeps the station from starting; nothing is left running then
     */
    public static Station start(StationSettings settings, SmartCardService cards, OperatorDisplay display)
            throws StationStartException {
        return start(settings, cards, display, StationSeams.NONE);
    }

    /** As the other one, with something in place of parts of it: for the proofs, which are of this package. */
    static Station start(StationSettings settings, SmartCardService cards, OperatorDisplay display, StationSeams seams)
            throws StationStartException {
        RouteFiles routes = RouteFiles.read(settings.routesDirectory());
        RoutePolicy policy = RoutePolicy.of(settings);
        RouteText.requireAllowed(routes, policy, settings.placeholders());
        Parts parts = new Parts();
        Main main = new Main();
        boolean started = false;
        try {
            parts.open(settings, routes, seams.disk());
            new StopNotice(display, parts.line).tell();
            configure(main, settings);
            main.addMainListener(new KlmsRoutes(parts.klms, policy));
            bind(main, settings, parts, cards, display);
            seams.beans().forEach(main::bind);
            main.start();
            RouteCheck.requireWhole(main.getCamelContext());
            routes.requireUnchanged();
            ReaderClaims.requireUncontested(settings.readers(), cards);
            parts.watchRequests(main.getCamelContext(), display);
            main.getCamelContext().getRouteController().startAllRoutes();
            started = true;
            return new Station(parts, main);
        } catch (StationStartException e) {
            throw e;
        } catch (KlmsSetupException | JournalException e) {
            throw new StationStartException(StationMain.UNUSABLE, e.getMessage(), e);
        } catch (IOException e) {
            throw new StationStartException(
                    StationMain.UNUSABLE,
                    "the data folder " + settings.dataDirectory() + " cannot be used: " + e
                            + ". Check that the station's user may read and write there.",
                    e);
        } catch (Exception e) {
            throw new StationStartException(StationMain.UNUSABLE, RouteProblem.describe(e, main.getCamelContext()), e);
        } finally {
            if (!started) {
                stop(main, parts);
            }
        }
    }

    private static void configure(Main main, StationSettings settings) {
        // The default one has a shutdown hook that waits for a context which this class stops in its own order.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        // The settings are read, checked and overridden by the environment already.
        main.setPropertyPlaceholderLocations("false");
        settings.placeholders().forEach(main::addInitialProperty);
        main.configure()
                .withName("station")
                .withRoutesIncludePattern("file:" + settings.routesDirectory() + "/*.yaml")
                .withRoutesReloadEnabled(false)
                // Everything is checked before the first reader is opened.
                .withAutoStartup(false)
                // So that what Camel says of a broken route names file and line.
                .withSourceLocationEnabled(true)
                // It prints values, and knows by name only which to mask.
                .withAutoConfigurationLogSummary(false)
                // They would come in past the checks and the hash of the configuration.
                .withAutoConfigurationEnvironmentVariablesEnabled(false)
                .withAutoConfigurationSystemPropertiesEnabled(false)
                .withStreamCachingEnabled(false)
                .withShutdownTimeout(Math.toIntExact(LONGEST_ROUTE_STOP.toSeconds()));
        main.configure().addRoutesBuilder(new ReaderRoutes(settings.readers()));
    }

    private static void bind(
            Main main, StationSettings settings, Parts parts, SmartCardService cards, OperatorDisplay display) {
        main.bind("smartCardService", cards);
        Readiness readiness = new Readiness(
                List.of(parts.gate, parts.klms.gate(), parts.line),
                () -> readers(main.getCamelContext()).status(),
                parts.klms::warnings);
        main.bind("readiness", readiness);
        main.bind("readinessCheck", new ReadinessCheck(readiness));
        main.bind("readerListener", new ReaderConsole(display, settings.readers()));
        main.bind("audit", parts.delivery);
        main.bind("keyPackageIntoRun", new KeyPackageIntoRun());
        main.bind(
                "provisioning",
                new Provisioning(
                        settings.run(),
                        settings.klms().uidFormat(),
                        parts.journal,
                        new ScrubbingDisplay(new StopNotice(display, parts.line), parts.scrub),
                        Clock.systemUTC()));
    }

    /** Waits until {@link #close()}, or until the process is told to end; the station is then stopped in order. */
    public void awaitStop() throws InterruptedException {
        Thread hook = new Thread(this::close, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        stopped.await();
    }

    /** Waits until nothing of the fobs so far is left in memory; false if that takes longer than the limit. */
    boolean awaitClean(Duration limit) throws InterruptedException {
        return parts.scrub.awaitClean(limit);
    }

    /** Where the routes run; for a caller that wants to look. */
    public CamelContext camel() {
        return main.getCamelContext();
    }

    /**
     * Lets fobs in progress come to their end if they do so soon, then stops. Takes less than 5 s whatever fobs do; an
     * audit post or a replay by command that waits for the KLMS may make it longer. May be called again.
     */
    @Override
    public synchronized void close() {
        if (stopped.getCount() > 0) {
            try {
                stop(main, parts);
            } finally {
                stopped.countDown();
            }
        }
    }

    private static PcscComponent readers(CamelContext context) {
        return context.getComponent("pcsc", PcscComponent.class);
    }

    /** A fob that does not answer is left behind: PC/SC would wait for it for ever. */
    private static void finishFobs(CamelContext context) {
        if (context == null || !context.isStarted()) {
            return;
        }
        if (!readers(context).finishFobs().isEmpty()) {
            context.getShutdownStrategy().setTimeout(STOP_WITHOUT_FOB_SECONDS);
        }
    }

    private static void stop(Main main, Parts parts) {
        parts.stopRequests();
        finishFobs(main.getCamelContext());
        try {
            main.stop();
        } catch (RuntimeException e) {
            LOG.error("The routes did not stop in order", e);
        }
        parts.close();
    }

    /** What lives outside of Camel. */
    private static final class Parts {
        private AuditSettings auditSettings;
        private AuditJournal journal;
        private AuditGate gate;
        private LineStop line;
        private AuditDelivery delivery;
        private KlmsConnection klms;
        private RequestFolder requests;
        private IdleScrub scrub;

        void open(StationSettings settings, RouteFiles routes, JournalFile.Opener disk)
                throws JournalException, KlmsSetupException, IOException {
            klms = KlmsConnection.open(settings.klms(), Clock.systemUTC());
            auditSettings = new AuditSettings(
                    settings.dataDirectory(),
                    new StationIdentity(
                            settings.stationId(),
                            StationVersion.text(),
                            Optional.of(ConfigurationHashes.of(
                                    settings.placeholders(), routes, Surroundings.ofThisProcess()))),
                    AuditSettings.SEGMENT_BYTES,
                    settings.maxBacklog(),
                    settings.minFreeBytes(),
                    settings.retention());
            journal = AuditJournal.open(auditSettings, Clock.systemUTC(), disk);
            gate = new AuditGate(journal, auditSettings);
            line = LineStop.watch(journal, settings.holdAfterFailures(), Clock.systemUTC());
            delivery = AuditDelivery.of(journal, auditSettings.folder());
            scrub = MemoryScrub.start();
        }

        void watchRequests(CamelContext context, OperatorDisplay display) throws IOException {
            requests = RequestFolder.watch(
                    auditSettings.folder(),
                    journal,
                    Map.of(
                            Request.REPLAY, new ReplayHandler(delivery, context.createProducerTemplate()),
                            Request.CLEAR_ATTEMPTS, new ClearAttemptsHandler(),
                            Request.RELEASE,
                                    new ReleaseHandler(line, () -> gate.hold().or(klms.gate()::hold), display)),
                    Clock.systemUTC());
        }

        void stopRequests() {
            if (requests != null) {
                requests.close();
            }
        }

        void close() {
            if (scrub != null) {
                scrub.close();
            }
            if (klms != null) {
                klms.close();
            }
            if (journal != null) {
                journal.close();
            }
        }
    }
}
