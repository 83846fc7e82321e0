package org.fobstation.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;

/**
 * What a record says beyond the audit body. Failure codes are text here: a journal outlives the list of codes it was
 * written with.
 *
 * @param run the run's number in the journal
 * @param configHash of the settings the station ran with; empty in records from before there was one
 * @param routesHash of its routes, likewise
 * @param shown what the operator was shown
 * @param failureCode empty with SUCCESS
 * @param detail what tells this failure from others, may be empty
 * @param cardFacts what the card said of itself, by name, in the order it was asked
 * @param lastIntent the kind of the run's last intent in the journal; empty if the fob was not touched
 * @param follows the fob's record before this one on this station; empty if there was none when the run began, and in
 *     records of versions that did not note it
 * @param halfDone how often in a row, this run included, the fob was left half-done and was to be presented again; 0
 *     unless the outcome is UNKNOWN
 * @param post whether the KLMS is to get the record
 */
public record Envelope(
        long run,
        String transactionId,
        String fobUid,
        String readerId,
        String stationId,
        String softwareVersion,
        Optional<String> configHash,
        Optional<String> routesHash,
        Instant endedAt,
        AuditOutcome outcome,
        Outcome shown,
        Stage stageReached,
        Optional<String> failureCode,
        String detail,
        List<StageTime> stageTimes,
        List<String> warnings,
        Map<String, String> cardFacts,
        Optional<String> lastIntent,
        Optional<EarlierRecord> follows,
        int halfDone,
        boolean post) {

    public Envelope {
        stageTimes = List.copyOf(stageTimes);
        warnings = List.copyOf(warnings);
        cardFacts = Collections.unmodifiableMap(new LinkedHashMap<>(cardFacts));
    }

    static Envelope of(OpenRun run, RunResult result, StationIdentity station) {
        return new Envelope(
                run.run(),
                result.transactionId(),
                result.fobUid().toUpperCase(Locale.ROOT),
                result.readerId(),
                station.stationId(),
                station.softwareVersion(),
                station.configuration().map(StationConfiguration::configHash),
                station.configuration().map(StationConfiguration::routesHash),
                result.endedAt().truncatedTo(ChronoUnit.MILLIS),
                outcome(result),
                result.outcome(),
                result.stageReached(),
                result.failure().map(failure -> failure.code().name()),
                result.failure().map(Failure::detail).orElse(""),
                result.stageTimes(),
                result.warnings(),
                result.cardFacts(),
                run.intent().map(Intent::kind),
                run.history().last(),
                halfDone(run, result),
                result.post());
    }

    private static int halfDone(OpenRun run, RunResult result) {
        if (!result.unknown()) {
            return 0;
        }
        return run.history().halfDone() + (result.outcome() == Outcome.RETRY ? 1 : 0);
    }

    private static AuditOutcome outcome(RunResult result) {
        if (result.unknown()) {
            return AuditOutcome.UNKNOWN;
        }
        return result.outcome() == Outcome.PASS ? AuditOutcome.SUCCESS : AuditOutcome.FAILURE;
    }
}
