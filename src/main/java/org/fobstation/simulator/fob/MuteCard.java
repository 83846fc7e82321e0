package org.fobstation.simulator.fob;

/** A card without an answer to reset: badly placed, broken, or a SAM in its slot. */
public final class MuteCard implements VirtualCard {

    @Override
    public byte[] atr() {
        return new byte[0];
    }

    @Override
    public void powerOn() {}

    @Override
    public void reset() {}

    @Override
    public void powerOff() {}

    @Override
    public byte[] transmit(byte[] command) {
        return new byte[0];
    }
}
