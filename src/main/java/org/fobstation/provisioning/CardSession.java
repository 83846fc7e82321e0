package org.fobstation.provisioning;

import java.security.SecureRandom;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.TransportException;
import org.fobstation.audit.AuditJournal;
import org.fobstation.audit.Intent;
import org.fobstation.audit.JournalException;
import org.fobstation.klms.KeyPackage;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.scp03.Handshake;
import org.fobstation.scp03.HandshakeParameters;
import org.fobstation.scp03.Scp03Exception;
import org.fobstation.scp03.SecureChannel;

/**
 * The card's part of a run: one SCP03 session with one key package, from SELECT to the last lock step. Every intent is
 * forced to disk before the command it announces. Never opens a second session.
 */
final class CardSession {

    private final RunSettings settings;
    private final AuditJournal journal;
    private final SecureRandom random;

    CardSession(RunSettings settings, AuditJournal journal, SecureRandom random) {
        this.settings = settings;
        this.journal = journal;
        this.random = random;
    }

    /** Brings the run to its end; whatever happens is in the run afterwards. */
    void carryOut(ProvisioningRun run, KeyPackage keys) {
        ApduTransport transport = run.recordedTransport();
        try {
            PayloadDelivery payload = new PayloadDelivery(keys.payload(), settings);
            payload.check();
            requireRepeatable(payload, run);
            run.enter(Stage.INITIALIZE_UPDATE);
            new SecurityDomainReader(transport).select(settings.isdAid(), Stage.INITIALIZE_UPDATE);
            requireFresh(keys, Stage.INITIALIZE_UPDATE);
            journal.intend(run.journalRun(), new Intent.Open(keys.transactionId()));
            try (Handshake handshake = begin(transport, keys)) {
                new HandshakeReview(settings.level(), settings.isdAid())
                        .review(handshake.response(), keys.staticKeys(), run);
                run.enter(Stage.EXTERNAL_AUTHENTICATE);
                requireFresh(keys, Stage.EXTERNAL_AUTHENTICATE);
                try (SecureChannel channel = handshake.authenticate(settings.level())) {
                    write(run, payload, channel, transport);
                }
            }
            run.succeed();
        } catch (RunFailedException e) {
            run.fail(e.failure());
        } catch (Scp03Exception e) {
            run.fail(CardFailures.of(e, run.clock().present()));
        } catch (TransportException e) {
            run.unanswered();
            run.fail(CardFailures.of(e, run.clock().present(), run.isChanging()));
        } catch (JournalException e) {
            run.fail(new Failure(FailureCode.JOURNAL_FAILED, run.clock().present(), e.getMessage()));
        }
    }

    private void write(ProvisioningRun run, PayloadDelivery payload, SecureChannel channel, ApduTransport bare)
            throws RunFailedException, Scp03Exception, TransportException, JournalException {
        run.enter(Stage.PAYLOAD_DELIVERY);
        journal.intend(run.journalRun(), new Intent.Payload(run.trace().entries()));
        run.changing();
        payload.deliver(channel);
        IsdLock lock = new IsdLock(channel, bare, settings);
        for (LockStep step : settings.lockPolicy().steps()) {
            run.enter(Stage.ISD_LOCK);
            journal.intend(
                    run.journalRun(), new Intent.Lock(step.name(), run.trace().entries()));
            lock.apply(step);
        }
    }

    private Handshake begin(ApduTransport transport, KeyPackage keys) throws Scp03Exception, TransportException {
        HandshakeParameters parameters =
                HandshakeParameters.of(keys.keyVersion()).withExtendedLength(settings.extendedLength());
        return Handshake.begin(transport, keys.staticKeys(), parameters, random);
    }

    /** A payload that got no answer may be on the fob: only one that may be written twice is written again. */
    private static void requireRepeatable(PayloadDelivery payload, ProvisioningRun run) throws RunFailedException {
        boolean mayBeWritten = run.past()
                .filter(past -> past.unknown() && past.stageReached().compareTo(Stage.PAYLOAD_DELIVERY) >= 0)
                .isPresent();
        if (mayBeWritten && !payload.isRepeatable()) {
            throw new RunFailedException(new Failure(
                    FailureCode.PAYLOAD_NOT_REPEATABLE,
                    Stage.KEY_REQUEST,
                    "transaction " + run.past().get().transactionId() + " ended without an answer"));
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
