package org.fobstation.provisioning;

/**
 * What the journal is told before each lock step: the step, and what it was part of. A later run completes a fob by such
 * an intent only if it reads what it would write itself: under another policy or with other key versions the fob lacks
 * something else.
 *
 * @param issuedKvn the version of the keys the KLMS issued
 */
record LockIntents(LockSettings settings, int issuedKvn) {

    String of(LockStep step) {
        return step instanceof LockStep.RotateKeys ? rotation() : step.name() + policy();
    }

    /** Before PUT KEY. */
    String rotation() {
        return LockStep.RotateKeys.NAME + kvns() + policy();
    }

    /** After its answer, before the session that proves the new keys. */
    String rotationProof() {
        return LockStep.RotateKeys.NAME + " proof" + kvns() + policy();
    }

    String cardLock() {
        return LockStep.SetStatus.CARD_LOCKED + policy();
    }

    private String kvns() {
        return String.format(" from KVN %02X to %02X", issuedKvn, settings.rotatedKvn());
    }

    private String policy() {
        return " in the policy " + settings.policy();
    }
}
