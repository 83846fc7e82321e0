package org.fobstation.klms;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.fobstation.simulator.klms.EmbeddedKlms;

/** A server that the station must refuse, and that counts what it was sent all the same. */
interface WrongServer extends AutoCloseable {

    URI url();

    /** Bytes of a request, however they came, of connections that have ended. */
    long requestBytes();

    /** Connections that were read to their end. */
    int endedConnections();

    @Override
    void close() throws IOException;

    /** A key server that would answer, with something wrong about its TLS. */
    static WrongServer of(EmbeddedKlms klms) {
        return new WrongServer() {
            @Override
            public URI url() {
                return klms.url();
            }

            @Override
            public long requestBytes() {
                return klms.receivedBytes();
            }

            @Override
            public int endedConnections() {
                return klms.endedConnections();
            }

            @Override
            public void close() {
                klms.close();
            }
        };
    }

    /** Answers in clear whatever it is sent. */
    static WrongServer inClear() throws IOException {
        return new Raw((client, stopped) -> {
            client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
        });
    }

    /** Takes connections and says nothing. */
    static WrongServer mute() throws IOException {
        return new Raw((client, stopped) -> {});
    }

    /** Passes on the first bytes of a good server's handshake, then none. */
    static WrongServer stallingAfter(int bytes, EmbeddedKlms good) throws IOException {
        return new Raw((client, stopped) -> relay(client, good, bytes, 0, stopped));
    }

    /** Passes on a good server's handshake, one byte at a time. */
    static WrongServer dripping(int millis, EmbeddedKlms good) throws IOException {
        return new Raw((client, stopped) -> relay(client, good, Integer.MAX_VALUE, millis, stopped));
    }

    private static void relay(Socket client, EmbeddedKlms good, int bytes, int millis, CountDownLatch stopped)
            throws IOException, InterruptedException {
        try (Socket behind = new Socket(InetAddress.getLoopbackAddress(), good.port())) {
            byte[] hello = client.getInputStream().readNBytes(5);
            OutputStream to = behind.getOutputStream();
            to.write(hello);
            to.write(client.getInputStream().readNBytes(Raw.length(hello)));
            InputStream from = behind.getInputStream();
            for (int i = 0; i < bytes && !stopped.await(millis, TimeUnit.MILLISECONDS); i++) {
                client.getOutputStream().write(from.read());
            }
        }
    }

    /** Speaks for itself on plain sockets, then reads what the client sends to the end. */
    final class Raw implements WrongServer {

        private interface Behaviour {
            void meet(Socket client, CountDownLatch stopped) throws IOException, InterruptedException;
        }

        private static final int RECORD_HEADER = 5;
        private static final int CHANGE_CIPHER_SPEC = 20;
        private static final int HANDSHAKE = 22;
        private static final int APPLICATION_DATA = 23;

        /** An alert under the keys of the handshake looks like data, but has 35 bytes; a key request has some 200. */
        private static final int LONGEST_ALERT = 64;

        private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Behaviour behaviour;
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final List<Socket> open = new CopyOnWriteArrayList<>();
        private final AtomicLong requestBytes = new AtomicLong();
        private final AtomicInteger ended = new AtomicInteger();

        private Raw(Behaviour behaviour) throws IOException {
            this.behaviour = behaviour;
            daemon(this::accept);
        }

        private void accept() {
            while (!listening.isClosed()) {
                try {
                    Socket client = listening.accept();
                    open.add(client);
                    daemon(() -> serve(client));
                } catch (IOException e) {
                    // The test is over.
                }
            }
        }

        private void serve(Socket client) {
            try (client) {
                behaviour.meet(client, stopped);
                countRequest(client.getInputStream());
            } catch (IOException | InterruptedException e) {
                // The station or the test ended it: what was sent until then is counted.
            } finally {
                ended.incrementAndGet();
            }
        }

        /** All that is neither a handshake nor an alert: application data, and what is no TLS at all. */
        private void countRequest(InputStream in) throws IOException {
            byte[] header = in.readNBytes(RECORD_HEADER);
            while (header.length == RECORD_HEADER) {
                boolean tls = header[0] >= CHANGE_CIPHER_SPEC && header[0] <= APPLICATION_DATA && header[1] == 3;
                int length = tls ? in.readNBytes(length(header)).length : 0;
                boolean data = !tls || header[0] > HANDSHAKE && length > LONGEST_ALERT;
                requestBytes.addAndGet(data ? RECORD_HEADER + length : 0);
                header = in.readNBytes(RECORD_HEADER);
            }
        }

        private static int length(byte[] header) {
            return (header[3] & 0xFF) << 8 | header[4] & 0xFF;
        }

        @Override
        public URI url() {
            return URI.create("https://127.0.0.1:" + listening.getLocalPort());
        }

        @Override
        public long requestBytes() {
            return requestBytes.get();
        }

        @Override
        public int endedConnections() {
            return ended.get();
        }

        @Override
        public void close() throws IOException {
            stopped.countDown();
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        }

        private static void daemon(Runnable work) {
            Thread thread = new Thread(work, "wrong-server");
            thread.setDaemon(true);
            thread.start();
        }
    }
}
