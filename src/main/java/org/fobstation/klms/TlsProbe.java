package org.fobstation.klms;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.core5.http.HttpHost;

/**
 * Connects to the key server, sends nothing, and waits a moment whether it refuses the station's certificate. A server
 * that accepts it waits for a request meanwhile. One that refuses it sends an alert, or just ends the connection: it may
 * do so before it has read all of the handshake, and then the reset can overtake the alert.
 */
final class TlsProbe {

    private static final int LONGEST_MILLIS = 1000;

    private final Supplier<MutualTls> tls;
    private final String[] protocols;
    private final DnsResolver names;
    private final ScheduledExecutorService timer;

    TlsProbe(Supplier<MutualTls> tls, KlmsSettings settings, DnsResolver names, ScheduledExecutorService timer) {
        this.tls = tls;
        this.protocols = settings.tls().protocols().toArray(String[]::new);
        this.names = names;
        this.timer = timer;
    }

    /**
     * @param millis longest time for it; more than a second is not used, 0 means not at all
     * @return what speaks against the certificates of either side; empty if nothing does
     */
    Optional<SSLException> refusal(HttpHost server, int millis) {
        int limit = Math.min(millis, LONGEST_MILLIS);
        if (limit == 0) {
            return Optional.empty();
        }
        AtomicBoolean timeIsUp = new AtomicBoolean();
        try (Socket plain = new OneFlightSocket()) {
            ScheduledFuture<?> alarm = timer.schedule(() -> cut(plain, timeIsUp), limit, TimeUnit.MILLISECONDS);
            try {
                plain.connect(new InetSocketAddress(names.resolve(server.getHostName())[0], port(server)), limit);
                return afterHandshake(plain, server, timeIsUp);
            } finally {
                alarm.cancel(false);
            }
        } catch (SSLException e) {
            return e.getCause() instanceof IOException ? Optional.empty() : Optional.of(e);
        } catch (IOException e) {
            // No connection or no handshake says nothing of certificates; the call's own exception stands.
            return Optional.empty();
        }
    }

    private Optional<SSLException> afterHandshake(Socket plain, HttpHost server, AtomicBoolean timeIsUp)
            throws IOException {
        try (SSLSocket socket = (SSLSocket) tls.get()
                .newContext()
                .getSocketFactory()
                .createSocket(plain, server.getHostName(), port(server), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setProtocols(protocols);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            try {
                socket.getInputStream().read();
            } catch (IOException e) {
                if (e instanceof SSLException alert && !(e.getCause() instanceof IOException)) {
                    return Optional.of(alert);
                }
                // Any other end is like an orderly one: who ended it is what counts.
            }
            return timeIsUp.get() ? Optional.empty() : Optional.of(endedEarly());
        }
    }

    private static SSLException endedEarly() {
        return new SSLException("the server ends connections right after the TLS handshake; "
                + "most likely it refuses the station's certificate");
    }

    private static void cut(Socket socket, AtomicBoolean timeIsUp) {
        timeIsUp.set(true);
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
