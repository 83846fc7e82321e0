package org.fobstation.provisioning;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.fobstation.apdu.TransportException;
import org.fobstation.audit.AuditJournal;
import org.fobstation.audit.JournalException;
import org.fobstation.audit.PastRun;
import org.fobstation.klms.UidFormat;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.pcsc.PresentedFob;

/**
 * The steps that {@code routes/provision.yaml} calls, in this order: {@link #begin}, the enrich step with
 * {@link KeyPackageIntoRun}, {@link #provision}, {@link #report}. Steps of an engineer's own may stand between any two.
 * Bound as {@code provisioning}; safe for several routes at once.
 *
 * <p>A run that has begun is always reported: if the route fails or stops early, it is ended with ROUTE_FAILED, its keys
 * are wiped and its record is written when the exchange completes.
 */
public final class Provisioning {

    private final RunSettings settings;
    private final UidFormat uidFormat;
    private final AuditJournal journal;
    private final RunRecorder recorder;
    private final OperatorDisplay display;
    private final CardSession session;
    private final AttemptGuard guard;
    private final TransactionGuard transactions;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /** @param clock UTC, for the end of runs and the pause between attempts */
    public Provisioning(
            RunSettings settings, UidFormat uidFormat, AuditJournal journal, OperatorDisplay display, Clock clock) {
        this(settings, uidFormat, journal, display, clock, new RandomKeys(new SecureRandom()));
    }

    Provisioning(
            RunSettings settings,
            UidFormat uidFormat,
            AuditJournal journal,
            OperatorDisplay display,
            Clock clock,
            KeyRotation.KeySource newKeys) {
        this.settings = settings;
        this.uidFormat = uidFormat;
        this.journal = journal;
        this.display = new GuardedDisplay(display);
        this.recorder = new RunRecorder(settings, journal, this.display, clock);
        this.guard = new AttemptGuard(settings.attempts(), journal, clock);
        this.transactions = new TransactionGuard(journal);
        this.session = new CardSession(settings, journal, newKeys, new SecureRandom());
    }

    /**
     * First step: journals the beginning and makes the run the body. The route goes no further, and no other command is
     * sent, for a fob that has passed before, one that was tried too often or a moment ago, and one that cannot be asked
     * for at the KLMS.
     *
     * @param fob the body the {@code pcsc:} consumer gave
     * @return the run, or {@code fob} itself where no run was begun
     */
    public Object begin(PresentedFob fob, Exchange exchange) {
        if (!underWay.add(fob.uid())) {
            recorder.showRefused(
                    fob,
                    new Failure(
                            FailureCode.ATTEMPT_TOO_SOON,
                            Stage.UID_READ,
                            "another reader has a fob with this UID now"));
            exchange.setRouteStop(true);
            return fob;
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                underWay.remove(fob.uid());
            }
        });
        return beginAlone(fob, exchange);
    }

    private Object beginAlone(PresentedFob fob, Exchange exchange) {
        try {
            Optional<PastRun> last = journal.lastRun(fob.uid());
            if (last.isPresent() && last.get().outcome() == Outcome.PASS) {
                fob.shown();
                display.alreadyDone(fob.readerId(), fob.uid(), last.get().transactionId());
                exchange.setRouteStop(true);
                return fob;
            }
            display.began(fob.readerId(), fob.uid());
            Optional<PastRun> past = journal.lastWriting(fob.uid());
            long run = journal.begin(fob.uid(), fob.readerId());
            return begun(new ProvisioningRun(fob, run, past, transactions), fob, exchange);
        } catch (JournalException e) {
            recorder.showNotBegun(fob, e);
            exchange.setRouteStop(true);
            return fob;
        }
    }

    private ProvisioningRun begun(ProvisioningRun run, PresentedFob fob, Exchange exchange) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                recorder.recordUnlessReported(run, done.getException());
            }
        });
        prepare(run, fob);
        if (run.isEnded()) {
            recorder.record(run);
            exchange.setRouteStop(true);
        }
        return run;
    }

    private void prepare(ProvisioningRun run, PresentedFob fob) {
        try {
            guard.requireAttempt(fob.uid());
            run.askFor(requestUid(fob, run));
        } catch (RunFailedException e) {
            run.fail(e.failure());
        } catch (TransportException e) {
            run.fail(CardFailures.of(e, Stage.UID_READ, false));
        }
    }

    /** Third step: the card session. Leaves a run that has failed before as it is. */
    public void provision(ProvisioningRun run) {
        run.takeKeyPackage().ifPresent(keys -> session.carryOut(run, keys));
        run.wipe();
        if (!run.isEnded() && !run.isReported()) {
            run.fail(new Failure(
                    FailureCode.ROUTE_FAILED, run.clock().present(), "the route reached provision without keys"));
        }
    }

    /**
     * Last step: forces the record to disk, then shows the outcome. Called again for the same run it does nothing.
     *
     * @return what was shown: the body for steps behind this one
     */
    public RunReport report(ProvisioningRun run) {
        return recorder.record(run);
    }

    private String requestUid(PresentedFob fob, ProvisioningRun run) throws RunFailedException, TransportException {
        if (!uidFormat.needsKdd()) {
            return uidFormat.render(fob.uid(), null);
        }
        SecurityDomainReader reader = new SecurityDomainReader(
                run.recordedTransport(), settings.session().isdAid(), Stage.UID_READ);
        reader.select();
        return uidFormat.render(fob.uid(), reader.keyDiversificationData());
    }
}
