package org.fobstation.provisioning;

import org.fobstation.scp03.InitializeUpdateResponse;
import org.fobstation.scp03.PseudoRandomChallenge;
import org.fobstation.scp03.SecurityLevel;
import org.fobstation.scp03.StaticKeys;

/** Looks at what the card said of itself and notes what is odd. Warnings only: none of it is authenticated. */
final class HandshakeReview {

    private final SecurityLevel level;
    private final byte[] isdAid;

    HandshakeReview(SecurityLevel level, byte[] isdAid) {
        this.level = level;
        this.isdAid = isdAid.clone();
    }

    void review(InitializeUpdateResponse response, StaticKeys keys, ProvisioningRun run) {
        if (!response.announces(level)) {
            run.warn(String.format(
                    "the card's i parameter %02X does not announce security level %02X", response.i(), level.value()));
        }
        // The challenge depends on the AID; the card's default has one that the station was not told.
        if (isdAid.length > 0
                && PseudoRandomChallenge.check(keys.enc(), response, isdAid) == PseudoRandomChallenge.Finding.DIFFERS) {
            run.warn("the card challenge does not follow from the sequence counter the card shows");
        }
    }
}
