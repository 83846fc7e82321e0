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

    /**
     * Ends the transaction and lets the fob go with a reset, so that no session outlives it; after a command that failed,
     * as this platform bears it best. Never throws.
     */
    @Override
    void close();
}
