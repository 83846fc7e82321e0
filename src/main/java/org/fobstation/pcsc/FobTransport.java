package org.fobstation.pcsc;

import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.TransportException;
import org.fobstation.apdu.TransportException.Fault;

/**
 * The way to the fob of one presentation. A transport that failed once stays failed: whether the fob has carried the
 * command out is then unknown, and nothing is sent to it blindly. Calls from several threads wait for one another.
 */
final class FobTransport implements ApduTransport, AutoCloseable {

    private final CardConnection connection;
    private TransportException failed;
    private boolean closed;
    private volatile boolean silent;
    private volatile boolean abandoned;

    /** @param connection owned from here on */
    FobTransport(CardConnection connection) {
        this.connection = connection;
    }

    byte[] atr() {
        return connection.atr();
    }

    @Override
    public synchronized byte[] transmit(byte[] command) throws TransportException {
        if (closed || abandoned) {
            throw new TransportException(Fault.CLOSED, "the presentation has ended, its transport is closed");
        }
        if (silent) {
            throw new TransportException(Fault.CLOSED, "the station is being stopped, nothing more is sent to the fob");
        }
        if (failed != null) {
            throw new TransportException(
                    failed.fault(), "nothing is sent after an earlier failure: " + failed.getMessage(), failed);
        }
        try {
            return sent(command);
        } catch (TransportException e) {
            failed = e;
            throw e;
        }
    }

    private byte[] sent(byte[] command) throws TransportException {
        byte[] answer;
        try {
            answer = connection.transmit(command);
        } catch (PcscException e) {
            throw PcscFaults.transportException(e);
        }
        if (abandoned) {
            throw new TransportException(Fault.CLOSED, "the answer came after the station had given the fob up");
        }
        if (answer.length == 0) {
            throw new TransportException(Fault.FOB_REMOVED, "SCardTransmit succeeded with an empty answer");
        }
        if (answer.length == 1) {
            throw new TransportException(Fault.ANSWER_UNREADABLE, "the answer has 1 byte, less than a status word");
        }
        return answer;
    }

    /** What broke the link to the fob; null while it works. Waits for a command in progress. */
    synchronized Fault fault() {
        return failed == null ? null : failed.fault();
    }

    /** Sends nothing any more; the answer to a command in progress is still given. Any thread. */
    void sendNoMore() {
        silent = true;
    }

    /** Sends nothing any more. Does not wait for a command in progress; its answer is not given. Any thread. */
    void abandon() {
        abandoned = true;
    }

    /** Lets the fob go. Waits for a command in progress. May be called again. */
    @Override
    public synchronized void close() {
        closed = true;
        connection.close();
    }
}
