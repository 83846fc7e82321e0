package org.fobstation.provisioning;

import java.security.SecureRandom;
import java.util.Optional;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.TransportException;
import org.fobstation.audit.AuditJournal;
import org.fobstation.audit.Intent;
import org.fobstation.audit.JournalException;
import org.fobstation.audit.PastRun;
import org.fobstation.klms.KeyPackage;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.scp03.Handshake;
import org.fobstation.scp03.Scp03Exception;
import org.fobstation.scp03.Scp03Mode;
import org.fobstation.scp03.SecureChannel;
import org.fobstation.scp03.SecurityLevel;

/**
 * The card's part of a run: one SCP03 session with one key package, from SELECT to the last lock step. Every intent is
 * forced to disk before the command it announces. Never opens a second session with the issued keys.
 */
final class CardSession {

    private static final KeyPackage.Custodian CUSTODIAN = new KeyPackage.Custodian() {};

    private static final int WRONG_LENGTH = 0x6700;

    private final RunSettings settings;
    private final AuditJournal journal;
    private final KeyRotation.KeySource newKeys;
    private final SecureRandom random;

    CardSession(RunSettings settings, AuditJournal journal, KeyRotation.KeySource newKeys, SecureRandom random) {
        this.settings = settings;
        this.journal = journal;
        this.newKeys = newKeys;
        this.random = random;
    }

    /** Brings the run to its end; whatever happens is in the run afterwards. */
    void carryOut(ProvisioningRun run, KeyPackage keys) {
        HalfDone halfDone = new HalfDone(run.past(), settings.lock(), keys.keyVersion());
        try {
            PayloadDelivery payload = new PayloadDelivery(keys.payload(CUSTODIAN), settings);
            payload.check(settings.session().firstMode(), Stage.KEY_REQUEST);
            KeyRotation.check(settings.lock(), keys);
            run.enter(Stage.INITIALIZE_UPDATE);
            run.limit(settings.runTimeout());
            if (isDoneAlready(run, halfDone, keys.keyVersion())) {
                run.enter(Stage.ISD_LOCK);
                run.warn(halfDone.warning());
            } else {
                requireRepeatable(payload, run);
                provision(run, payload, keys);
            }
            run.succeed();
        } catch (RunFailedException e) {
            run.fail(e.failure());
        } catch (Scp03Exception e) {
            if (leavesDoubt(e)) {
                run.unanswered();
            }
            run.fail(failure(e, run.clock().present(), halfDone));
        } catch (TransportException e) {
            run.unanswered();
            run.fail(CardFailures.of(e, run.clock().present(), run.isChanging()));
        } catch (JournalException e) {
            run.fail(new Failure(FailureCode.JOURNAL_FAILED, run.clock().present(), e.getMessage()));
        }
    }

    /** An answer that is not authentic says nothing of what the card has done. */
    private static boolean leavesDoubt(Scp03Exception e) {
        return switch (e.fault()) {
            case RMAC_MISSING, RMAC_WRONG, PADDING_WRONG, ANSWER_MALFORMED -> true;
            default -> false;
        };
    }

    /** A card that does not list its key sets says only now that the issued ones are gone. */
    private static Failure failure(Scp03Exception e, Stage stage, HalfDone halfDone) {
        Failure failure = CardFailures.of(e, stage);
        boolean issuedKeysGone = failure.code() == FailureCode.KEY_SET_NOT_FOUND && halfDone.isRotationInDoubt();
        return issuedKeysGone ? new Failure(FailureCode.ROTATION_UNCLEAR, stage, failure.detail()) : failure;
    }

    /** Asks the card what it is, without touching it. */
    private boolean isDoneAlready(ProvisioningRun run, HalfDone halfDone, int issuedKvn)
            throws RunFailedException, TransportException {
        SecurityDomainReader reader = new SecurityDomainReader(
                run.recordedTransport(), settings.session().isdAid(), Stage.INITIALIZE_UPDATE);
        if (!halfDone.isCompletedByCardLock()) {
            reader.select();
        } else if (reader.isCardLocked()) {
            return true;
        }
        CardSurvey survey = new CardSurvey(settings, reader);
        Optional<KeyInformation> information = survey.read(run, halfDone.isRotationInDoubt());
        if (!halfDone.isRotationInDoubt()) {
            survey.requireListed(information);
        }
        if (information.isPresent()) {
            if (halfDone.isCompletedByRotation(information.get())) {
                return true;
            }
            survey.review(information.get(), issuedKvn);
        }
        return false;
    }

    private void provision(ProvisioningRun run, PayloadDelivery payload, KeyPackage keys)
            throws RunFailedException, Scp03Exception, TransportException, JournalException {
        requireFresh(keys, Stage.INITIALIZE_UPDATE);
        journal.intend(run.journalRun(), new Intent.Open(keys.transactionId()));
        try (Handshake handshake = begin(run.recordedTransport(), keys)) {
            SecurityLevel level =
                    settings.session().levelFor(handshake.response().i());
            new HandshakeReview(settings.session()).review(handshake, level, keys.staticKeys(CUSTODIAN), run);
            run.enter(Stage.EXTERNAL_AUTHENTICATE);
            requireFresh(keys, Stage.EXTERNAL_AUTHENTICATE);
            try (SecureChannel channel = handshake.authenticate(level)) {
                write(run, payload, channel, keys);
            }
        }
    }

    /** The challenge that was too short for the card made it begin nothing, so that a longer one is the first attempt. */
    private Handshake begin(ApduTransport transport, KeyPackage keys) throws Scp03Exception, TransportException {
        SessionSettings session = settings.session();
        try {
            return begin(transport, keys, session.firstMode());
        } catch (Scp03Exception e) {
            boolean tooShort =
                    e.status().filter(status -> status.value() == WRONG_LENGTH).isPresent();
            if (session.mode() != SessionSettings.ModeChoice.AUTO || !tooShort) {
                throw e;
            }
            return begin(transport, keys, Scp03Mode.S16);
        }
    }

    private Handshake begin(ApduTransport transport, KeyPackage keys, Scp03Mode mode)
            throws Scp03Exception, TransportException {
        return Handshake.begin(
                transport, keys.staticKeys(CUSTODIAN), settings.session().parameters(keys.keyVersion(), mode), random);
    }

    private void write(ProvisioningRun run, PayloadDelivery payload, SecureChannel channel, KeyPackage keys)
            throws RunFailedException, Scp03Exception, TransportException, JournalException {
        run.enter(Stage.PAYLOAD_DELIVERY);
        payload.check(channel.mode(), Stage.PAYLOAD_DELIVERY);
        journal.intend(run.journalRun(), new Intent.Payload(run.trace().entries()));
        run.changing();
        payload.deliver(channel);
        LockIntents intents = new LockIntents(settings.lock(), keys.keyVersion());
        KeyRotation rotation = new KeyRotation(
                settings,
                run,
                keys,
                newKeys,
                random,
                () -> journal.intend(
                        run.journalRun(),
                        new Intent.Lock(intents.rotationProof(), run.trace().entries())));
        try (IsdLock lock = new IsdLock(channel, run.recordedTransport(), settings, rotation)) {
            for (LockStep step : settings.lock().policy().steps()) {
                run.enter(Stage.ISD_LOCK);
                if (step instanceof LockStep.RotateKeys) {
                    requireIssuedKeys(payload, keys.keyVersion());
                }
                journal.intend(
                        run.journalRun(),
                        new Intent.Lock(intents.of(step), run.trace().entries()));
                lock.apply(step);
            }
        }
    }

    /** What is under the issued KVN now came with the payload and is not the station's to replace. */
    private static void requireIssuedKeys(PayloadDelivery payload, int kvn) throws RunFailedException {
        if (payload.replacesKeySet(kvn)) {
            throw new RunFailedException(new Failure(
                    FailureCode.KEY_SET_REPLACED,
                    Stage.ISD_LOCK,
                    String.format("the payload is a PUT KEY for KVN %02X", kvn)));
        }
    }

    /** A payload that may be on the fob is written again only if it may be written twice. */
    private static void requireRepeatable(PayloadDelivery payload, ProvisioningRun run) throws RunFailedException {
        Optional<PastRun> mayBeWritten = run.past()
                .filter(past -> past.unknown() || past.stageReached() == Stage.ISD_LOCK)
                .filter(past -> past.stageReached().compareTo(Stage.PAYLOAD_DELIVERY) >= 0);
        if (mayBeWritten.isPresent() && !payload.isRepeatable()) {
            throw new RunFailedException(new Failure(
                    FailureCode.PAYLOAD_NOT_REPEATABLE,
                    Stage.INITIALIZE_UPDATE,
                    "transaction " + mayBeWritten.get().transactionId() + " may have written it"));
        }
    }

    private void requireFresh(KeyPackage keys, Stage stage) throws RunFailedException {
        if (keys.age().compareTo(settings.keyTtl()) > 0) {
            throw new RunFailedException(new Failure(
                    FailureCode.KEY_PACKAGE_EXPIRED,
                    stage,
                    "older than klms.key-ttl, " + settings.keyTtl().toMillis() + " ms"));
        }
    }
}
