package org.fobstation.provisioning;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.fobstation.audit.AuditJournal;
import org.fobstation.audit.JournalException;
import org.fobstation.audit.RunResult;
import org.fobstation.audit.StageTime;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.pcsc.PresentedFob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends runs: wipes, forces the record to disk, and only then shows the outcome. The one place that does. */
final class RunRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(RunRecorder.class);

    private final RunSettings settings;
    private final AuditJournal journal;
    private final OperatorDisplay display;
    private final Clock clock;

    RunRecorder(RunSettings settings, AuditJournal journal, OperatorDisplay display, Clock clock) {
        this.settings = settings;
        this.journal = journal;
        this.display = display;
        this.clock = clock;
    }

    /** Shows HOLD for a fob whose run cannot be journaled, so that none was begun. */
    void showNotBegun(PresentedFob fob, JournalException reason) {
        LOG.error("The run of {} could not begin", fob, reason);
        showRefused(fob, new Failure(FailureCode.JOURNAL_FAILED, Stage.UID_READ, reason.getMessage()));
    }

    /** Shows a failure of a fob for which no run was begun. */
    void showRefused(PresentedFob fob, Failure failure) {
        fob.shown();
        if (failure.outcome() == Outcome.RETRY) {
            fob.expectAgain();
        }
        display.ended(new RunReport(
                fob.readerId(),
                fob.uid(),
                "none",
                failure.outcome(),
                Optional.of(failure),
                Stage.UID_READ,
                List.of(),
                Duration.ZERO));
    }

    /** Records a run whose route ended before its report step. */
    void recordUnlessReported(ProvisioningRun run, Exception cause) {
        run.wipe();
        if (run.isReported()) {
            return;
        }
        if (!run.isEnded() || cause != null) {
            String why = cause == null ? "the route ended before its report step" : cause.toString();
            run.failUnsettled(new Failure(FailureCode.ROUTE_FAILED, run.clock().present(), why));
        }
        record(run);
    }

    RunReport record(ProvisioningRun run) {
        run.wipe();
        if (run.isReported()) {
            return run.report();
        }
        Stage stage = run.clock().present();
        if (!run.isEnded()) {
            run.fail(new Failure(FailureCode.ROUTE_FAILED, stage, "the route reached report before provision"));
        }
        String transaction = run.transactionId().orElseGet(() -> "station-" + UUID.randomUUID());
        Optional<Failure> failure = run.failure();
        // Taken once: the operator and the record are told the same times.
        List<StageTime> stageTimes = run.clock().times();
        try {
            journal.result(run.journalRun(), result(run, transaction, stageTimes));
        } catch (JournalException e) {
            LOG.error("The record of {} could not be written", run, e);
            failure = Optional.of(new Failure(FailureCode.JOURNAL_FAILED, stage, e.getMessage()));
        }
        RunReport report = new RunReport(
                run.readerId(),
                run.uid(),
                transaction,
                failure.map(Failure::outcome).orElse(Outcome.PASS),
                failure,
                stage,
                stageTimes,
                run.clock().total());
        run.reported(report);
        run.fob().shown();
        if (report.outcome() == Outcome.RETRY) {
            run.fob().expectAgain();
        }
        display.ended(report);
        return report;
    }

    private RunResult result(ProvisioningRun run, String transaction, List<StageTime> stageTimes) {
        return new RunResult(
                transaction,
                run.uid(),
                run.readerId(),
                clock.instant(),
                run.failure().map(Failure::outcome).orElse(Outcome.PASS),
                run.failure(),
                run.clock().present(),
                run.trace().entries(),
                stageTimes,
                run.warnings(),
                run.cardFacts(),
                run.transactionId().isPresent() || settings.postUntouched(),
                run.isUnanswered());
    }
}
