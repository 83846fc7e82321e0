package org.fobstation.klms;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.HttpHost;

/** Connects to the key server, sends nothing, and waits a moment whether it refuses the station's certificate. */
final class TlsProbe {

    private static final int LONGEST_MILLIS = 1000;

    private final MutualTls tls;
    private final String[] protocols;
    private final ScheduledExecutorService timer;

    TlsProbe(MutualTls tls, KlmsSettings settings, ScheduledExecutorService timer) {
        this.tls = tls;
        this.protocols = settings.protocols().toArray(String[]::new);
        this.timer = timer;
    }

    /**
     * @param millis longest time for it; more than a second is not used, 0 means not at all
     * @return what TLS says against the connection; empty if it says nothing
     */
    Optional<SSLException> refusal(HttpHost server, int millis) {
        int limit = Math.min(millis, LONGEST_MILLIS);
        if (limit == 0) {
            return Optional.empty();
        }
        try (Socket plain = new Socket()) {
            ScheduledFuture<?> alarm = timer.schedule(() -> cut(plain), limit, TimeUnit.MILLISECONDS);
            try {
                plain.connect(new InetSocketAddress(server.getHostName(), port(server)), limit);
                listen(plain, server);
            } finally {
                alarm.cancel(false);
            }
            return Optional.empty();
        } catch (SSLException e) {
            return e.getCause() instanceof IOException ? Optional.empty() : Optional.of(e);
        } catch (IOException e) {
            // Any other failure says nothing about certificates; the call's own exception stands.
            return Optional.empty();
        }
    }

    private void listen(Socket plain, HttpHost server) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                tls.context().getSocketFactory().createSocket(plain, server.getHostName(), port(server), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setProtocols(protocols);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getInputStream().read();
        }
    }

    private static void cut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It ends the wait either way.
        }
    }

    private static int port(HttpHost server) {
        return server.getPort() < 0 ? 443 : server.getPort();
    }
}
