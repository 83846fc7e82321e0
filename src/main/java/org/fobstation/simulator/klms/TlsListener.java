package org.fobstation.simulator.klms;

import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A small HTTPS server on 127.0.0.1, one daemon thread for each connection. Own code, because the JDK's HttpsServer drops
 * a client it refuses without the TLS alert that real servers send.
 */
final class TlsListener {

    private final SSLContext tls;
    private final String[] protocols;
    private final boolean requireClientCertificate;
    private final Function<HttpRequest, Reply> handler;
    private final Map<Socket, Thread> open = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private final List<X509Certificate> clients = new CopyOnWriteArrayList<>();
    private SSLServerSocket listening;

    TlsListener(
            SSLContext tls,
            List<String> protocols,
            boolean requireClientCertificate,
            Function<HttpRequest, Reply> handler) {
        this.tls = tls;
        this.protocols = protocols.toArray(String[]::new);
        this.requireClientCertificate = requireClientCertificate;
        this.handler = handler;
    }

    /**
     * Starts to listen.
     *
     * @param port 0 for any free one
     * @return the port
     */
    synchronized int open(int port) {
        try {
            SSLServerSocket socket =
                    (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
            socket.setReuseAddress(true);
            socket.setEnabledProtocols(protocols);
            socket.setNeedClientAuth(requireClientCertificate);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            listening = socket;
            daemon("embedded-klms", () -> accept(socket)).start();
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("the embedded KLMS cannot listen on port " + port, e);
        }
    }

    /** Stops listening and cuts all connections. Without effect if it does not listen. */
    synchronized void close() {
        if (listening != null) {
            cut(listening);
            listening = null;
        }
        cutConnections();
    }

    /** Ends all connections as a server does that does not want to keep idle ones. */
    void cutConnections() {
        open.forEach((socket, thread) -> {
            cut(socket);
            thread.interrupt();
        });
    }

    /** How many clients came through the TLS handshake so far. */
    int connections() {
        return connections.get();
    }

    /** How many connections were read to their end so far, those without a handshake included. */
    int ended() {
        return ended.get();
    }

    /** How many bytes came out of TLS so far: of requests, whole or not. */
    long received() {
        return received.get();
    }

    /** The certificates that clients have shown, in the order of their connections. */
    List<X509Certificate> clients() {
        return List.copyOf(clients);
    }

    /** How many clients are connected now. */
    int openConnections() {
        return open.size();
    }

    private void accept(SSLServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                SSLSocket client = (SSLSocket) socket.accept();
                client.setTcpNoDelay(true);
                Thread thread = daemon("embedded-klms-connection", () -> serve(client));
                open.put(client, thread);
                thread.start();
                if (socket.isClosed()) {
                    // It came just as close() had cut all that were there: nobody else would cut this one.
                    cut(client);
                    thread.interrupt();
                }
            } catch (IOException e) {
                // Closed, or a client that left at once: either way there is nothing to serve.
            }
        }
    }

    private void serve(SSLSocket client) {
        try (client) {
            client.startHandshake();
            connections.incrementAndGet();
            noteCertificate(client);
            InputStream in = counted(client.getInputStream());
            OutputStream out = new BufferedOutputStream(client.getOutputStream());
            HttpRequest request = HttpRequest.readFrom(in);
            while (request != null && handler.apply(request).send(out)) {
                request = HttpRequest.readFrom(in);
            }
        } catch (IOException | InterruptedException e) {
            // The client or close() ended the connection; the thread ends with it.
        } finally {
            open.remove(client);
            ended.incrementAndGet();
        }
    }

    private void noteCertificate(SSLSocket client) throws IOException {
        if (requireClientCertificate
                && client.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate) {
            clients.add(certificate);
        }
    }

    private InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int next = super.read();
                received.addAndGet(next < 0 ? 0 : 1);
                return next;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                received.addAndGet(Math.max(read, 0));
                return read;
            }
        };
    }

    private static void cut(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // It is gone either way.
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
