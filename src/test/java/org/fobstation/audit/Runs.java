package org.fobstation.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fobstation.apdu.ApduTrace;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;

/** Runs as a reader's thread would report them. */
final class Runs {

    static final StationIdentity STATION = new StationIdentity("LINE-04-PC-12", "1.0.0");
    static final Instant NOW = Instant.parse("2023-10-27T14:32:01.123456Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final String UID = "11223344556677";
    static final String READER = "LINE_04_READER_01";
    static final List<ApduTrace.Entry> TRACE = List.of(
            new ApduTrace.Entry(ApduTrace.Direction.TX, "8050030008A1A2A3A4A5A6A7A800", 1),
            new ApduTrace.Entry(ApduTrace.Direction.RX, "0102039000", 2));

    private Runs() {}

    /** The run of the contract's example. */
    static RunResult passed(String transactionId) {
        return passed(transactionId, UID);
    }

    static RunResult passed(String transactionId, String fobUid) {
        return new RunResult(
                transactionId,
                fobUid,
                READER,
                NOW,
                Outcome.PASS,
                Optional.empty(),
                Stage.PAYLOAD_DELIVERY,
                TRACE,
                List.of(new StageTime(Stage.UID_READ, Duration.ofMillis(12))),
                List.of("level 33 where i says 20"),
                true);
    }

    static RunResult failed(String transactionId, FailureCode code, Stage stage, boolean post) {
        return new RunResult(
                transactionId,
                UID,
                READER,
                NOW,
                code.outcome(),
                Optional.of(new Failure(code, stage, "a detail")),
                stage,
                TRACE,
                List.of(),
                List.of(),
                post);
    }

    /** The same run with another fob, which said something of itself. */
    static RunResult ofFob(String fobUid, RunResult run) {
        return new RunResult(
                run.transactionId(),
                fobUid,
                run.readerId(),
                run.endedAt(),
                run.outcome(),
                run.failure(),
                run.stageReached(),
                run.trace(),
                run.stageTimes(),
                run.warnings(),
                Map.of("kdd", "CF0A00000370"),
                run.post(),
                run.unknown());
    }

    /** The first record of a journal. */
    static AuditRecord record(long run, RunResult result, StationIdentity station) {
        return AuditRecord.make(1, HashChain.START, result, envelope(run, result, station, Optional.empty()));
    }

    static Envelope envelope(long run, RunResult result, StationIdentity station, Optional<EarlierRecord> follows) {
        OpenRun open = OpenRun.begun(run, result.fobUid(), result.readerId(), new FobHistory(follows, 0));
        return Envelope.of(open.with(new Intent.Payload(TRACE), NOW), result, station);
    }

    /** A whole run through the journal, intents and all. */
    static AuditRecord pass(AuditJournal journal, String transactionId) throws JournalException {
        long run = journal.begin(UID, READER);
        journal.intend(run, new Intent.Open(transactionId));
        journal.intend(run, new Intent.Payload(TRACE));
        journal.intend(run, new Intent.Lock("rotate-keys", TRACE));
        return journal.result(run, passed(transactionId));
    }

    /** A run that is to stay here: the KLMS never gave it a transaction. */
    static AuditRecord failUntouched(AuditJournal journal, String transactionId) throws JournalException {
        long run = journal.begin(UID, READER);
        return journal.result(run, failed(transactionId, FailureCode.KLMS_TIMEOUT, Stage.KEY_REQUEST, false));
    }
}
