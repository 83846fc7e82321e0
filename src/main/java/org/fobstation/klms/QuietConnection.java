package org.fobstation.klms;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.fobstation.secret.Remnants;

/**
 * A connection to the key server. HttpClient's own writes every byte to the log as soon as somebody turns its wire log
 * on, keys included; this one has no log. It also takes no answer that nobody asked for.
 */
final class QuietConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {

    /** Bounds what a server can send before the body: 8 KB a line, 100 headers. */
    private static final Http1Config LIMITS =
            Http1Config.custom().setMaxLineLength(8192).setMaxHeaderCount(100).build();

    private static final Timeout SHORTEST = Timeout.ofMilliseconds(1);

    private final BooleanSupplier outdated;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Timeout socketTimeout = Timeout.DISABLED;

    /** @param outdated whether it must not carry another request; asked before each */
    QuietConnection(BooleanSupplier outdated) {
        super(LIMITS, null, null, null, null, null, new DefaultHttpResponseParserFactory(LIMITS));
        this.outdated = outdated;
    }

    @Override
    public void bind(Socket socket) throws IOException {
        bindOpen(new SocketHolder(socket));
    }

    @Override
    public void bind(SSLSocket sslSocket, Socket socket) throws IOException {
        bindOpen(new SocketHolder(sslSocket, socket));
    }

    private void bindOpen(SocketHolder holder) throws IOException {
        super.bind(holder);
        // Closed by the deadline while it was being opened: then nobody else will close this socket.
        if (closed.get()) {
            super.close(CloseMode.IMMEDIATE);
            throw new InterruptedIOException("this connection was closed while it was being opened");
        }
        socketTimeout = Timeout.ofMilliseconds(holder.getSocket().getSoTimeout());
    }

    /**
     * Whether this idle connection is of no more use: outdated, closed by the server, or holding bytes that arrived
     * unasked. Those would otherwise be taken for the answer to the next request, which is about another fob.
     */
    @Override
    public boolean isStale() throws IOException {
        return outdated.getAsBoolean() || super.isStale() || isDataAvailable(SHORTEST);
    }

    @Override
    public Socket getSocket() {
        SocketHolder holder = getSocketHolder();
        return holder == null ? null : holder.getSocket();
    }

    @Override
    public SSLSession getSSLSession() {
        return getSocket() instanceof SSLSocket ssl ? ssl.getSession() : null;
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {
        super.setSocketTimeout(timeout);
        socketTimeout = timeout;
    }

    @Override
    public void passivate() {
        super.setSocketTimeout(Timeout.ZERO_MILLISECONDS);
    }

    @Override
    public void activate() {
        super.setSocketTimeout(socketTimeout);
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            Socket socket = getSocket();
            try {
                super.close();
            } finally {
                leave(socket);
            }
        }
    }

    @Override
    public void close(CloseMode mode) {
        if (closed.compareAndSet(false, true)) {
            Socket socket = getSocket();
            super.close(mode);
            leave(socket);
        }
    }

    /** Java's TLS socket keeps the last answer in buffers that nobody can reach. */
    private static void leave(Socket socket) {
        if (socket != null) {
            Remnants.add(socket);
        }
    }
}
