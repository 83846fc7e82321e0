package org.fobstation.scp03;

/**
 * Length of challenges, cryptograms and MACs in a session.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D 1.2 section 4.1.5"
 */
public enum Scp03Mode {
    /** 8 bytes; every SCP03 card of Amendment D 1.1.1, JCOP 4 among them. */
    S8(8),
    /** 16 bytes; Amendment D 1.2, announced by {@code i} bit 01. */
    S16(16);

    private final int length;

    Scp03Mode(int length) {
        this.length = length;
    }

    /** Length in bytes of each challenge, cryptogram and MAC: 8 or 16. */
    public int length() {
        return length;
    }
}
