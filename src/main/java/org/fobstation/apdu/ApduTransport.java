package org.fobstation.apdu;

/** The way to one fob: an encoded command in, the encoded answer out. Used by one thread at a time. */
@FunctionalInterface
public interface ApduTransport {

    /**
     * Sends a command and waits for its answer. Blocks as long as the card takes; the caller bounds the wait.
     *
     * @param command an encoded command, 4..65544 bytes, not kept
     * @return the encoded answer with its status word, at least 2 bytes, the caller's to keep
     * @throws TransportException if no answer came; whether the card has carried the command out is then unknown
     */
    byte[] transmit(byte[] command) throws TransportException;
}
