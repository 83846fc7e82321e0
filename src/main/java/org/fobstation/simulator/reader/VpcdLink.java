package org.fobstation.simulator.reader;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.net.ExtendedSocketOptions;
import org.fobstation.simulator.fob.VirtualCard;

/**
 * The card's end of one connection to vpcd, on a daemon thread of its own. Both ways: length (2 bytes), data.
 *
 * <pre>
 * 00        power off         no answer
 * 01        power on          no answer
 * 02        reset             no answer
 * 04        get ATR           the ATR; comes every 400 ms, also between two commands
 * 2 or more command           the answer
 * </pre>
 *
 * @see "vsmartcard, vpcd.h"
 */
final class VpcdLink {

    private static final int POWER_OFF = 0x00;
    private static final int POWER_ON = 0x01;
    private static final int RESET = 0x02;
    private static final int GET_ATR = 0x04;

    private final Socket socket;
    private final VirtualCard card;
    private final Thread thread;
    private final boolean quickAck;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private volatile boolean breaking;

    VpcdLink(Socket socket, VirtualCard card, String readerName) {
        this.socket = socket;
        this.card = card;
        this.quickAck = socket.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK);
        this.thread = new Thread(this::serve, "fob on " + readerName);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isOpen() {
        return open.get();
    }

    /** Closes the connection and waits until the thread has ended, unless called by it. */
    void end(Duration wait) {
        shut();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(wait.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** After the next answer the connection is reset. */
    void breakOffAfterAnswer() {
        breaking = true;
    }

    /** Closing the connection is the removal; the fob loses power once, whoever closes. */
    private void shut() {
        if (open.getAndSet(false)) {
            card.powerOff();
            closeSocket();
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("the connection to vpcd cannot be closed", e);
        }
    }

    private void serve() {
        try (DataInputStream in = new DataInputStream(socket.getInputStream())) {
            while (open.get()) {
                handle(read(in));
            }
        } catch (EOFException | SocketException ended) {
            // The fob was taken away here, or pcscd stopped: either way the presentation is over.
        } catch (IOException e) {
            throw new IllegalStateException("the connection to vpcd broke", e);
        } finally {
            shut();
        }
    }

    /**
     * vpcd writes length and data apart, and its kernel holds the data back until the length is acknowledged. Without
     * an immediate acknowledgement, which has to be asked for each time, every message takes 44 ms.
     */
    private byte[] read(DataInputStream in) throws IOException {
        int length = in.readUnsignedShort();
        if (quickAck) {
            socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
        byte[] message = new byte[length];
        in.readFully(message);
        return message;
    }

    private void handle(byte[] message) throws IOException {
        if (message.length > 1) {
            answer(card.transmit(message));
        } else if (message.length == 1) {
            control(message[0]);
        }
    }

    private void control(int code) throws IOException {
        switch (code) {
            case POWER_OFF -> card.powerOff();
            case POWER_ON -> card.powerOn();
            case RESET -> card.reset();
            case GET_ATR -> answer(card.atr());
            default -> throw new ProtocolException("vpcd sent control code " + code + ", which nobody knows");
        }
    }

    /** In one write, see {@link #read}. An empty answer means the fob is gone, and vpcd would take it so. */
    private void answer(byte[] answer) throws IOException {
        if (answer.length == 0) {
            shut();
        }
        if (!open.get()) {
            return;
        }
        byte[] message = new byte[answer.length + 2];
        message[0] = (byte) (answer.length >> 8);
        message[1] = (byte) answer.length;
        System.arraycopy(answer, 0, message, 2, answer.length);
        socket.getOutputStream().write(message);
        if (breaking) {
            socket.setSoLinger(true, 0);
            shut();
        }
    }
}
