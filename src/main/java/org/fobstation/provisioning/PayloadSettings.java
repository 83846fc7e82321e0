package org.fobstation.provisioning;

import java.util.OptionalInt;
import java.util.Set;

/**
 * How the payload is written.
 *
 * @param instructions the INS bytes a payload may have
 * @param repeatable of these, the ones that may be sent again after an unanswered one
 * @param blockSize most bytes of a STORE DATA block; empty for as many as a short command holds
 * @param appletAid the applet STORE DATA is for, 5..16 bytes; empty for the issuer security domain
 */
public record PayloadSettings(
        Set<Integer> instructions, Set<Integer> repeatable, OptionalInt blockSize, byte[] appletAid) {

    public PayloadSettings {
        instructions = Set.copyOf(instructions);
        repeatable = Set.copyOf(repeatable);
        appletAid = appletAid.clone();
    }

    @Override
    public byte[] appletAid() {
        return appletAid.clone();
    }
}
