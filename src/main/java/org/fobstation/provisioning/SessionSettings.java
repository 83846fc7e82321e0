package org.fobstation.provisioning;

import java.util.Optional;
import org.fobstation.scp03.Compatibility;
import org.fobstation.scp03.HandshakeParameters;
import org.fobstation.scp03.Scp03Mode;
import org.fobstation.scp03.SecurityLevel;

/**
 * How a session with a fob is opened.
 *
 * @param isdAid AID of the issuer security domain, 5..16 bytes; empty selects the card's default
 * @param level 03, 13 or 33; empty follows the card's {@code i}, which nobody authenticates
 * @param mode length of challenges, cryptograms and MACs
 * @param compatibility deviations from the standard that the cards need
 * @param readData whether the card is asked what it is before anything else
 * @param extendedLength whether commands longer than a short APDU may be sent
 */
public record SessionSettings(
        byte[] isdAid,
        Optional<SecurityLevel> level,
        ModeChoice mode,
        Compatibility compatibility,
        boolean readData,
        boolean extendedLength) {

    /** The values of {@code scp03.mode}. */
    public enum ModeChoice {
        S8,
        S16,
        /** S8, and S16 for a card that answers 6700 to a challenge of 8 bytes. */
        AUTO
    }

    public SessionSettings {
        isdAid = isdAid.clone();
    }

    @Override
    public byte[] isdAid() {
        return isdAid.clone();
    }

    /** The mode that is tried first. */
    Scp03Mode firstMode() {
        return mode == ModeChoice.S16 ? Scp03Mode.S16 : Scp03Mode.S8;
    }

    SecurityLevel levelFor(int i) {
        return level.orElseGet(() -> SecurityLevel.highest(i));
    }

    /**
     * The most bytes of plain data that a short command holds in a mode. All levels of the station encrypt commands, so
     * that it is the same for each.
     */
    static int shortLimit(Scp03Mode mode) {
        return SecurityLevel.LEVEL_33.maxShortData(mode);
    }

    HandshakeParameters parameters(int kvn, Scp03Mode chosen) {
        return new HandshakeParameters(kvn, chosen, compatibility, extendedLength);
    }
}
