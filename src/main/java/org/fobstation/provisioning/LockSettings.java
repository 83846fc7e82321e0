package org.fobstation.provisioning;

/**
 * How the issuer security domain is locked.
 *
 * @param rotatedKvn the version that rotate-keys gives the new keys, 01..7F
 * @param otherKeySets what is done with a fob that holds key sets beside the one that is replaced
 */
public record LockSettings(LockPolicy policy, StatusData statusData, int rotatedKvn, OtherKeySets otherKeySets) {

    /** What SET STATUS carries: with data, both known counter rules of cards give the same bytes. */
    public enum StatusData {
        AID,
        NONE
    }

    /** The values of {@code lock.other-key-sets}. */
    public enum OtherKeySets {
        REFUSE,
        ALLOW
    }

    boolean refusesOtherKeySets() {
        return otherKeySets == OtherKeySets.REFUSE;
    }
}
