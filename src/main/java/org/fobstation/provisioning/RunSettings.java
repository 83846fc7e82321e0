package org.fobstation.provisioning;

import java.time.Duration;
import java.util.Set;
import org.fobstation.scp03.SecurityLevel;

/**
 * What a run does to a fob, from the configuration.
 *
 * @param keyTtl longest time from the key package's arrival to EXTERNAL AUTHENTICATE
 * @param level security level of the session: 03, 13 or 33
 * @param isdAid AID of the issuer security domain, 5..16 bytes; empty selects the card's default
 * @param payloadInstructions the INS bytes a payload may have
 * @param repeatableInstructions of these, the ones that may be sent again after an unanswered one
 * @param extendedLength whether commands longer than a short APDU may be sent
 * @param lockPolicy what locks the ISD
 * @param statusData what SET STATUS carries as data
 * @param postUntouched whether runs that failed before the KLMS named a transaction are posted too
 */
public record RunSettings(
        Duration keyTtl,
        SecurityLevel level,
        byte[] isdAid,
        Set<Integer> payloadInstructions,
        Set<Integer> repeatableInstructions,
        boolean extendedLength,
        LockPolicy lockPolicy,
        StatusData statusData,
        boolean postUntouched) {

    /** What SET STATUS carries: with data, both known counter rules of cards give the same bytes. */
    public enum StatusData {
        AID,
        NONE
    }

    public RunSettings {
        isdAid = isdAid.clone();
        payloadInstructions = Set.copyOf(payloadInstructions);
        repeatableInstructions = Set.copyOf(repeatableInstructions);
    }

    @Override
    public byte[] isdAid() {
        return isdAid.clone();
    }
}
