package org.fobstation.scp03;

import java.util.Arrays;
import java.util.OptionalInt;
import org.fobstation.secret.AesCmac;
import org.fobstation.secret.SecretBytes;

/**
 * Whether a card challenge that came with a sequence counter is the one that counter gives. A card is free to draw
 * its challenge at random: another value is worth a warning, not a refusal.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D section 6.2.2.1"
 */
public final class PseudoRandomChallenge {

    /** What the check found. */
    public enum Finding {
        /** The challenge follows from Key-ENC, the counter and the AID. */
        FOLLOWS_COUNTER,
        /** The card showed a counter, but the challenge does not follow from it. */
        DIFFERS,
        /** The card showed no counter: its challenge is random. */
        RANDOM
    }

    private PseudoRandomChallenge() {}

    /**
     * @param keyEnc the static Key-ENC of the session's key set, open
     * @param aid AID of the selected security domain, 5..16 bytes
     */
    public static Finding check(SecretBytes keyEnc, InitializeUpdateResponse response, byte[] aid) {
        OptionalInt counter = response.sequenceCounter();
        if (counter.isEmpty()) {
            return Finding.RANDOM;
        }
        int value = counter.getAsInt();
        byte[] sequence = {(byte) (value >> 16), (byte) (value >> 8), (byte) value};
        byte[] shown = response.cardChallenge();
        byte[] computed = new byte[shown.length];
        try (AesCmac prf = AesCmac.of(keyEnc)) {
            KeyDerivation.derive(prf, KeyDerivation.CARD_CHALLENGE, sequence, aid, computed);
        }
        return Arrays.equals(shown, computed) ? Finding.FOLLOWS_COUNTER : Finding.DIFFERS;
    }
}
