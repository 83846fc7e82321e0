package org.fobstation.scp03;

import java.util.Objects;

/**
 * How to open a session.
 *
 * @param kvn key version to ask for, 1..255, which the card must then name in its answer; 0 lets the card choose
 * @param mode length of challenges, cryptograms and MACs
 * @param compatibility deviations from the standard this card needs
 * @param extendedLength whether commands too long for a short APDU may go out in extended form; otherwise they are
 *     refused before anything is sent
 */
public record HandshakeParameters(int kvn, Scp03Mode mode, Compatibility compatibility, boolean extendedLength) {

    /** @throws IllegalArgumentException if {@code kvn} is not 0..255 */
    public HandshakeParameters {
        if (kvn < 0 || kvn > 0xFF) {
            throw new IllegalArgumentException("the KVN is 0..255, not " + kvn);
        }
        Objects.requireNonNull(mode);
        Objects.requireNonNull(compatibility);
    }

    /** S8, by the standard, short APDUs: what JCOP 4 does. */
    public static HandshakeParameters of(int kvn) {
        return new HandshakeParameters(kvn, Scp03Mode.S8, Compatibility.STANDARD, false);
    }

    /** The same in another mode. */
    public HandshakeParameters withMode(Scp03Mode newMode) {
        return new HandshakeParameters(kvn, newMode, compatibility, extendedLength);
    }

    /** The same with deviations. */
    public HandshakeParameters withCompatibility(Compatibility newCompatibility) {
        return new HandshakeParameters(kvn, mode, newCompatibility, extendedLength);
    }

    /** The same with extended length allowed or not. */
    public HandshakeParameters withExtendedLength(boolean allowed) {
        return new HandshakeParameters(kvn, mode, compatibility, allowed);
    }
}
