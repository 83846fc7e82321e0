package org.fobstation.provisioning;

import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Predicate;
import org.fobstation.audit.PastRun;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;

/**
 * A fob whose last step may be done already: its answer never came, and the station has forgotten the new keys, so that
 * no session can tell. The journal says what was asked, the card says what came of it; only where both agree the run is
 * complete. Nothing is ever sent a second time on a guess.
 *
 * <table>
 * <caption>After rotate-keys</caption>
 * <tr><th>card lists</th><th>journal: PUT KEY unanswered or unproved</th><th>journal: anything else</th></tr>
 * <tr><td>issued KVN</td><td>not done: provision</td><td>provision</td></tr>
 * <tr><td>rotated KVN</td><td>done: PASS</td><td>ROTATION_UNKNOWN_HERE</td></tr>
 * <tr><td>both</td><td>ROTATION_UNCLEAR</td><td>provision; other key sets are refused there</td></tr>
 * <tr><td>nothing</td><td>provision; without the issued KVN ROTATION_UNCLEAR</td><td>provision</td></tr>
 * </table>
 */
final class HalfDone {

    private static final String LOCK = "LOCK:";

    private final Optional<PastRun> past;
    private final LockSettings settings;
    private final LockIntents intents;

    /**
     * @param past the last run that began to write to this fob
     * @param issuedKvn the version of the keys the KLMS issued
     */
    HalfDone(Optional<PastRun> past, LockSettings settings, int issuedKvn) {
        this.past = past;
        this.settings = settings;
        this.intents = new LockIntents(settings, issuedKvn);
    }

    /** Whether it is not known if the fob took its new keys. */
    boolean isRotationInDoubt() {
        return wasUnanswered(intent -> intent.startsWith(LOCK + LockStep.RotateKeys.NAME));
    }

    /**
     * Whether it is the last step of today's policy with today's key versions that got no answer: after anything else,
     * what is missing on the fob is not known. A proof that was under way when the process died may have failed.
     */
    private boolean isRotationOfToday() {
        boolean proofCutOff = past.flatMap(PastRun::failureCode)
                        .filter(FailureCode.RESULT_UNKNOWN.name()::equals)
                        .isPresent()
                && wasUnanswered((LOCK + intents.rotationProof())::equals);
        return !proofCutOff
                && wasUnanswered(intent ->
                        intent.equals(LOCK + intents.rotation()) || intent.equals(LOCK + intents.rotationProof()));
    }

    /** Whether a card that is CARD_LOCKED is so by the last step of an earlier run. */
    boolean isCompletedByCardLock() {
        return settings.policy().endsWithCardLocked() && wasUnanswered((LOCK + intents.cardLock())::equals);
    }

    /**
     * Whether the card's key sets show that the rotation was done and nothing is left to do.
     *
     * @throws RunFailedException if the fob can neither be passed nor provisioned
     */
    boolean isCompletedByRotation(KeyInformation keys) throws RunFailedException {
        if (!keys.holds(settings.rotatedKvn())) {
            return false;
        }
        if (keys.holds(intents.issuedKvn())) {
            if (isRotationInDoubt()) {
                throw failed(FailureCode.ROTATION_UNCLEAR, "the card lists " + keys + after());
            }
            return false;
        }
        if (!isRotationInDoubt()) {
            if (wasUnanswered(intent -> intent.startsWith(LOCK + LockStep.SetStatus.CARD_LOCKED))) {
                throw failed(FailureCode.LOCK_BEYOND_REACH, "the card is not locked and lists " + keys + after());
            }
            return refuseUnlessForeign(keys);
        }
        if (!settings.policy().endsWithRotation()) {
            throw failed(FailureCode.LOCK_BEYOND_REACH, "the card lists " + keys + after());
        }
        if (!isRotationOfToday()) {
            throw failed(FailureCode.ROTATION_UNCLEAR, "the card lists " + keys + after());
        }
        SortedSet<Integer> others = keys.beside(settings.rotatedKvn());
        if (settings.refusesOtherKeySets() && !others.isEmpty()) {
            throw failed(
                    FailureCode.OTHER_KEY_SETS, "beside the new keys the card lists " + KeyInformation.text(others));
        }
        return true;
    }

    /** Without rotate-keys in the policy the rotated KVN is a version like any other. */
    private boolean refuseUnlessForeign(KeyInformation keys) throws RunFailedException {
        if (settings.policy().rotatesKeys()) {
            throw failed(
                    FailureCode.ROTATION_UNKNOWN_HERE,
                    "the card lists " + keys
                            + past.map(run -> after()).orElse("; this station has never written to it"));
        }
        return false;
    }

    /** What is said of a run that this class lets pass. */
    String warning() {
        return "completed: " + past.orElseThrow().lastIntent().orElseThrow() + " of transaction "
                + past.orElseThrow().transactionId() + " got no answer, and the card shows that it was done";
    }

    /** An answer that came but was not authentic is none to complete a run on: somebody may have tampered with it. */
    private boolean wasUnanswered(Predicate<String> intent) {
        return past.filter(PastRun::unknown)
                .filter(run -> run.lastIntent().filter(intent).isPresent())
                .filter(run -> run.failureCode()
                        .filter(FailureCode.RESPONSE_MAC_INVALID.name()::equals)
                        .isEmpty())
                .isPresent();
    }

    private String after() {
        return past.map(run -> "; transaction " + run.transactionId() + " ended in "
                        + run.failureCode().orElse("PASS") + " at "
                        + run.lastIntent().orElse("no intent"))
                .orElse("");
    }

    private static RunFailedException failed(FailureCode code, String detail) {
        return new RunFailedException(new Failure(code, Stage.INITIALIZE_UPDATE, detail));
    }
}
