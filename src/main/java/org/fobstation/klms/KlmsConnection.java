package org.fobstation.klms;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.fobstation.outcome.Gate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The station's way to its key server: mutual TLS, a pool of connections that are kept alive unless they brought keys,
 * every call bounded in time and size. Routes use it through camel-http with the beans it puts into the registry. The
 * {@code https} component itself stays as it is, so that a call to another server in somebody's route neither shows the
 * station's certificate nor trusts the key server's CA.
 *
 * <p>Stores that are files are looked at every few seconds: what has changed serves new connections, and idle ones are
 * dropped. Safe for use by any thread.
 */
public final class KlmsConnection implements AutoCloseable {

    /** Registry name of the HTTP client for audits: answers are skipped, their status counts. */
    public static final String AUDIT_CLIENT = "klmsAuditClient";

    /** Registry name of the strategy that lets an audit's own headers out and no header in. */
    public static final String AUDIT_HEADERS = "klmsAuditHeaders";

    /** Idle connections older than this are not used again. */
    private static final TimeValue KEEP_ALIVE = TimeValue.ofMinutes(1);

    /** How long a connection lives at most: the next one proves both sides anew. */
    private static final TimeValue LONGEST_LIFE = TimeValue.ofHours(1);

    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(KlmsConnection.class);

    /**
     * A connection that brought keys serves no other request: its buffers, and Java's beneath it, hold the answer until
     * the next one, and its traffic secrets open what somebody recorded. Closed, they are garbage, which is overwritten.
     * The next key request goes out on the connection that the audit opened meanwhile.
     */
    private static final ConnectionReuseStrategy CLOSED_AFTER_USE = (request, answer, context) -> false;

    private final KlmsSettings settings;
    private final CurrentTls tls;
    private final CertificateTerm term;
    private final ScheduledThreadPoolExecutor timer;
    private final ScheduledThreadPoolExecutor watch;
    private final BoundedDnsResolver names;
    private final PoolingHttpClientConnectionManager connections;

    private KlmsConnection(KlmsSettings settings, CurrentTls tls, Clock clock) {
        this.settings = settings;
        this.tls = tls;
        term = new CertificateTerm(this::stationCertificate, clock);
        timer = daemon("klms-deadline");
        // Apart: opening a store takes its time, and a deadline must not wait for it.
        watch = daemon("klms-stores");
        names = new BoundedDnsResolver(settings.connectTimeout());
        connections = connections();
    }

    private static ScheduledThreadPoolExecutor daemon(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** As the other one, by the system's clock. */
    public static KlmsConnection open(KlmsSettings settings) throws KlmsSetupException {
        return open(settings, Clock.systemUTC());
    }

    /**
     * Opens the stores and begins to watch them; connects to nothing yet.
     *
     * @param clock by which the station's certificate is valid or not
     * @throws KlmsSetupException if a store cannot be used
     */
    public static KlmsConnection open(KlmsSettings settings, Clock clock) throws KlmsSetupException {
        KlmsConnection opened = new KlmsConnection(settings, CurrentTls.open(settings.tls(), clock), clock);
        opened.watch.scheduleWithFixedDelay(opened::lookOrSay, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return opened;
    }

    /**
     * Puts the HTTP client for audits into the context's registry and adds {@code direct:klms-keys}, which has a client of
     * its own: its answers are held, for {@link KeyPackageFormat} alone. Call before the routes load. The context does not
     * close this connection.
     */
    public void addTo(CamelContext context) throws Exception {
        Registry registry = context.getRegistry();
        registry.bind(AUDIT_CLIENT, client(BoundedCall.Body.SKIPPED));
        registry.bind(AUDIT_HEADERS, new AuditHeaders());
        context.addRoutes(new KeyRequestRoute(settings.keysUrl(), client(BoundedCall.Body.HELD)));
    }

    /** What the station shows to the key server now. */
    public X509Certificate stationCertificate() {
        return tls.get().stationCertificate();
    }

    /** Closed while the station's certificate is not valid. */
    public Gate gate() {
        return term;
    }

    /** What needs a person soon and stops nothing now: a certificate that will end, a changed store that is not usable. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(tls.problems());
        term.warning().ifPresent(warnings::add);
        return List.copyOf(warnings);
    }

    /** Takes changed stores, drops idle connections of the ones before, and warns in the log. */
    synchronized void look() {
        if (tls.look()) {
            connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
        }
        term.look();
    }

    private void lookOrSay() {
        try {
            look();
        } catch (RuntimeException e) {
            // Thrown on, it would end the watch.
            LOG.error("The stores cannot be looked at", e);
        }
    }

    private CloseableHttpClient client(BoundedCall.Body body) {
        Timeout connect = Timeout.of(settings.connectTimeout());
        BoundedCall call =
                new BoundedCall(body, settings.answerTimeout(), timer, new TlsProbe(tls::get, settings, names, timer));
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setConnectionManagerShared(true)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(connect)
                        .setResponseTimeout(Timeout.of(settings.answerTimeout()))
                        .setConnectionKeepAlive(KEEP_ALIVE)
                        .setAuthenticationEnabled(false)
                        .setRedirectsEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setUserAgent("fob-station")
                // With a client certificate HttpClient ties connections to a user and opens a new one for each request.
                .disableConnectionState()
                // Its own retries repeat a POST after a 503.
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .setConnectionReuseStrategy(
                        body == BoundedCall.Body.HELD
                                ? CLOSED_AFTER_USE
                                : DefaultClientConnectionReuseStrategy.INSTANCE)
                .addExecInterceptorFirst("bounds", call)
                .build();
    }

    private PoolingHttpClientConnectionManager connections() {
        Timeout connect = Timeout.of(settings.connectTimeout());
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(new MutualTlsStrategy(tls::get, settings.tls()))
                .setConnectionFactory(socket -> {
                    MutualTls opening = tls.get();
                    QuietConnection connection = new QuietConnection(() -> tls.get() != opening);
                    if (socket != null) {
                        connection.bind(socket);
                    }
                    return connection;
                })
                .setDnsResolver(names)
                .setDefaultTlsConfig(
                        TlsConfig.custom().setHandshakeTimeout(connect).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(Timeout.of(settings.answerTimeout()))
                        .setTimeToLive(LONGEST_LIFE)
                        // Looked at before every use: one the server has closed must not carry a request.
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setSoKeepAlive(true)
                        .setSoTimeout(connect)
                        .build())
                .setMaxConnTotal(settings.poolSize())
                .setMaxConnPerRoute(settings.poolSize())
                .build();
    }

    /** Closes all connections at once. May be called again. */
    @Override
    public void close() {
        connections.close(CloseMode.IMMEDIATE);
        watch.shutdownNow();
        timer.shutdownNow();
        names.close();
    }
}
