package org.fobstation.klms;

import java.security.cert.X509Certificate;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The station's way to its key server: mutual TLS, a pool of kept-alive connections, every call bounded in time and
 * size. Routes use it through camel-http with the beans it puts into the registry. The {@code https} component itself
 * stays as it is, so that a call to another server in somebody's route neither shows the station's certificate nor trusts
 * the key server's CA.
 *
 * <p>Stores are read once; a new certificate needs a restart. Safe for use by any thread.
 */
public final class KlmsConnection implements AutoCloseable {

    /** Registry name of the HTTP client for key requests: answers are held, for {@link KeyPackageFormat} alone. */
    public static final String KEYS_CLIENT = "klmsKeysClient";

    /** Registry name of the HTTP client for audits: answers are skipped, their status counts. */
    public static final String AUDIT_CLIENT = "klmsAuditClient";

    /** Registry name of the strategy that lets an audit's own headers out and no header in. */
    public static final String AUDIT_HEADERS = "klmsAuditHeaders";

    /** Idle connections older than this are not used again. */
    private static final TimeValue KEEP_ALIVE = TimeValue.ofMinutes(1);

    private final KlmsSettings settings;
    private final MutualTls tls;
    private final ScheduledThreadPoolExecutor timer;
    private final BoundedDnsResolver names;
    private final PoolingHttpClientConnectionManager connections;

    private KlmsConnection(KlmsSettings settings, MutualTls tls) {
        this.settings = settings;
        this.tls = tls;
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "klms-deadline");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        names = new BoundedDnsResolver(settings.connectTimeout());
        connections = connections();
    }

    /**
     * Opens the stores; connects to nothing yet.
     *
     * @throws KlmsSetupException if a store cannot be used
     */
    public static KlmsConnection open(KlmsSettings settings) throws KlmsSetupException {
        return new KlmsConnection(settings, MutualTls.open(settings));
    }

    /**
     * Puts the HTTP clients into the context's registry and adds {@code direct:klms-keys}. Call before the routes load.
     * The context does not close this connection.
     */
    public void addTo(CamelContext context) throws Exception {
        Registry registry = context.getRegistry();
        registry.bind(KEYS_CLIENT, client(BoundedCall.Body.HELD));
        registry.bind(AUDIT_CLIENT, client(BoundedCall.Body.SKIPPED));
        registry.bind(AUDIT_HEADERS, new AuditHeaders());
        context.addRoutes(new KeyRequestRoute(settings.keysUrl()));
    }

    /** What the station shows to the key server, for a check of its dates. */
    public X509Certificate stationCertificate() {
        return tls.stationCertificate();
    }

    private CloseableHttpClient client(BoundedCall.Body body) {
        Timeout connect = Timeout.of(settings.connectTimeout());
        BoundedCall call =
                new BoundedCall(body, settings.answerTimeout(), timer, new TlsProbe(tls, settings, names, timer));
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
                .addExecInterceptorFirst("bounds", call)
                .build();
    }

    private PoolingHttpClientConnectionManager connections() {
        Timeout connect = Timeout.of(settings.connectTimeout());
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                        tls.context(),
                        settings.protocols().toArray(String[]::new),
                        null,
                        null,
                        HostnameVerificationPolicy.BUILTIN,
                        null))
                .setConnectionFactory(socket -> {
                    QuietConnection connection = new QuietConnection();
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
        timer.shutdownNow();
        names.close();
    }
}
