package org.fobstation.simulator.reader;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;

/** The reader driver's end of the vpcd protocol, one fob at a time, for tests without pcscd. */
final class MiniVpcd implements AutoCloseable {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int PATIENCE_MILLIS = 10_000;

    private final ServerSocket server;
    private Socket fob;
    private DataInputStream in;

    MiniVpcd() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MILLIS);
    }

    int port() {
        return server.getLocalPort();
    }

    void awaitInsertion() throws IOException {
        fob = server.accept();
        fob.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(fob.getInputStream());
    }

    void powerOff() throws IOException {
        send(new byte[] {0x00});
    }

    void powerOn() throws IOException {
        send(new byte[] {0x01});
    }

    void reset() throws IOException {
        send(new byte[] {0x02});
    }

    void unknownControl() throws IOException {
        send(new byte[] {0x7F});
    }

    String atr() throws IOException {
        send(new byte[] {0x04});
        return answer();
    }

    String transmit(String command) throws IOException {
        send(HEX.parseHex(command));
        return answer();
    }

    /** Sends a command and leaves its answer for {@link #answer}. */
    void send(String command) throws IOException {
        send(HEX.parseHex(command));
    }

    String answer() throws IOException {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return HEX.formatHex(message);
    }

    /** Whether the fob was taken away: nothing more comes. */
    boolean awaitRemoval() throws IOException {
        return in.read() < 0;
    }

    /** As vpcd does, length and data apart. */
    private void send(byte[] message) throws IOException {
        fob.getOutputStream().write(new byte[] {(byte) (message.length >> 8), (byte) message.length});
        fob.getOutputStream().write(message);
    }

    void dropFob() throws IOException {
        fob.close();
    }

    @Override
    public void close() throws IOException {
        if (fob != null) {
            fob.close();
        }
        server.close();
    }
}
