package org.fobstation.simulator.fob;

/**
 * A card as a reader sees it. Power and reset clear the volatile state (selected application, secure session), nothing
 * else. Safe for any thread; a transmit may run while another thread powers the card off.
 */
public interface VirtualCard {

    /** The answer to reset, 2..33 bytes, a new array; empty if the card is mute. */
    byte[] atr();

    void powerOn();

    void reset();

    void powerOff();

    /**
     * Handles one command.
     *
     * @param command an encoded command, not kept
     * @return the encoded answer, at least 2 bytes, a new array; empty if the card was taken away before it could answer
     */
    byte[] transmit(byte[] command);
}
