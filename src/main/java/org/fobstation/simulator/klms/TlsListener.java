package org.fobstation.simulator.klms;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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

    private void accept(SSLServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                SSLSocket client = (SSLSocket) socket.accept();
                client.setTcpNoDelay(true);
                Thread thread = daemon("embedded-klms-connection", () -> serve(client));
                open.put(client, thread);
                thread.start();
            } catch (IOException e) {
                // Closed, or a client that left at once: either way there is nothing to serve.
            }
        }
    }

    private void serve(SSLSocket client) {
        try (client) {
            client.startHandshake();
            connections.incrementAndGet();
            InputStream in = client.getInputStream();
            OutputStream out = new BufferedOutputStream(client.getOutputStream());
            HttpRequest request = HttpRequest.readFrom(in);
            while (request != null && handler.apply(request).send(out)) {
                request = HttpRequest.readFrom(in);
            }
        } catch (IOException | InterruptedException e) {
            // The client or close() ended the connection; the thread ends with it.
        } finally {
            open.remove(client);
        }
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
