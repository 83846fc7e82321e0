package org.fobstation.provisioning;

import org.fobstation.scp03.Handshake;
import org.fobstation.scp03.InitializeUpdateResponse;
import org.fobstation.scp03.PseudoRandomChallenge;
import org.fobstation.scp03.SecurityLevel;
import org.fobstation.scp03.StaticKeys;

/** Looks at what the card said of itself and notes what is odd. Warnings only: none of it is authenticated. */
final class HandshakeReview {

    private final SessionSettings settings;

    HandshakeReview(SessionSettings settings) {
        this.settings = settings;
    }

    /** @param level the one that the session will have */
    void review(Handshake handshake, SecurityLevel level, StaticKeys keys, ProvisioningRun run) {
        InitializeUpdateResponse response = handshake.response();
        run.note("initialize_update", response.toString());
        run.note("session", String.format("SCP03 %s, level %02X", handshake.mode(), level.value()));
        byte[] isdAid = settings.isdAid();
        if (settings.level().isEmpty() && level != SecurityLevel.LEVEL_33) {
            run.warn(String.format(
                    "security level %02X follows the card's i parameter %02X", level.value(), response.i()));
        }
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
