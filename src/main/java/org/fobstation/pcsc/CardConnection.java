package org.fobstation.pcsc;

/** An exclusive connection to one fob. Used by one thread. */
public interface CardConnection extends AutoCloseable {

    /** The fob's answer to reset, 2..36 bytes, a copy. */
    byte[] atr();

    /**
     * Sends one command and waits for its answer; PC/SC knows no time limit here.
     *
     * @param command 4..65544 bytes
     * @return at least 2 bytes
     * @throws PcscException as the service says; a success without data is {@code W_REMOVED_CARD}
     */
    byte[] transmit(byte[] command) throws PcscException;

    /** Ends the transaction and lets the fob go; its session ends with that, or when the service takes its power away. Never throws. */
    @Override
    void close();
}
