package org.fobstation.simulator.reader;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.fobstation.simulator.fob.VirtualCard;

/**
 * A reader of vpcd, the virtual reader driver behind a real pcscd. A fob is laid on it by connecting to its TCP port on
 * this machine, and taken away by closing the connection. pcscd looks every 400 ms, so it sees either a little later;
 * removed and presented again in between are two events all the same.
 */
public final class VpcdSlot implements FobSlot {

    /** Port of vpcd's first reader as installed; the second one's is the next. */
    public static final int DEFAULT_PORT = 35963;

    private static final int CONNECT_MILLIS = 2000;
    private static final Duration END_OF_LINK = Duration.ofSeconds(2);

    private final String readerName;
    private final int port;
    private VpcdLink link;
    private boolean closed;

    /**
     * @param readerName the reader's full name as pcscd shows it
     * @param port the TCP port vpcd listens on for this reader
     */
    public VpcdSlot(String readerName, int port) {
        this.readerName = readerName;
        this.port = port;
    }

    /** One of the two readers vpcd has as installed: 0 or 1. */
    public static VpcdSlot asInstalled(int index) {
        if (index != 0 && index != 1) {
            throw new IllegalArgumentException("vpcd has readers 0 and 1 as installed, not " + index);
        }
        return new VpcdSlot("Virtual PCD 00 0" + index, DEFAULT_PORT + index);
    }

    @Override
    public String readerName() {
        return readerName;
    }

    /** @throws IllegalArgumentException for a mute card, which vpcd cannot show */
    @Override
    public synchronized void present(VirtualCard card) throws IOException {
        if (closed || isOccupied()) {
            throw new IllegalStateException(readerName + (closed ? " is closed" : " has a fob on it"));
        }
        if (card.atr().length == 0) {
            throw new IllegalArgumentException("vpcd takes an empty ATR for a removal: no mute cards here");
        }
        link = new VpcdLink(connect(), card, readerName);
        link.start();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "no virtual reader at port " + port + " for " + readerName
                            + ": start pcscd with the package vsmartcard-vpcd installed",
                    e);
        }
    }

    @Override
    public void remove() {
        VpcdLink ended;
        synchronized (this) {
            ended = link;
            link = null;
        }
        if (ended != null) {
            ended.end(END_OF_LINK);
        }
    }

    /**
     * Takes the fob away as soon as the command under way has its answer, with a reset of the connection: pcscd says of
     * the next command that it was not transacted. After {@link #remove()} in a command it says success with an empty
     * answer. Without effect if no fob is there.
     */
    public synchronized void tearOffAfterAnswer() {
        if (link != null) {
            link.breakOffAfterAnswer();
        }
    }

    /** False too if pcscd closed the connection. */
    @Override
    public synchronized boolean isOccupied() {
        return link != null && link.isOpen();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        remove();
    }

    @Override
    public String toString() {
        return readerName + " at port " + port;
    }
}
