package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.apache.camel.ProducerTemplate;

/**
 * The command {@code replay}: puts dead letters through now, all of them or those named by their numbers or files. Uses the same
 * route as the replay on an interval. Stops in time to answer; what is left then is left to the interval. Who asks for all
 * is told of the files that no replay takes.
 */
public final class ReplayHandler implements RequestHandler {

    private static final Duration TIME = Duration.ofSeconds(7);
    private static final Duration TIME_TO_LOOK = Duration.ofSeconds(1);

    private final AuditDelivery delivery;
    private final ProducerTemplate template;

    public ReplayHandler(AuditDelivery delivery, ProducerTemplate template) {
        this.delivery = delivery;
        this.template = template;
    }

    @Override
    public RequestResult handle(Request request) {
        long end = System.nanoTime() + TIME.toNanos();
        if (request.arguments().isEmpty()) {
            RequestResult result = replay(delivery.journal().dead(), end);
            String left = DeadLetterSurvey.of(delivery.deadLetters(), end + TIME_TO_LOOK.toNanos());
            return left.isEmpty() ? result : new RequestResult(result.done(), result.message() + "\n" + left);
        }
        List<DeadRecord> chosen = new ArrayList<>();
        for (String argument : request.arguments()) {
            try {
                chosen.add(dead(argument));
            } catch (IllegalArgumentException e) {
                return RequestResult.refused(e.getMessage());
            }
        }
        return replay(chosen, end);
    }

    private DeadRecord dead(String argument) {
        long auditSeq = argument.matches("[0-9]{1,18}") ? Long.parseLong(argument) : auditSeqOf(argument);
        return delivery.journal()
                .dead(auditSeq)
                .orElseThrow(() -> new IllegalArgumentException("Audit " + auditSeq + " is not a dead letter."));
    }

    private long auditSeqOf(String fileName) {
        DeadLetters deadLetters = delivery.deadLetters();
        Path file = deadLetters
                .named(fileName)
                .orElseThrow(() -> new IllegalArgumentException(
                        fileName + " is neither an audit's number nor a file among the dead letters."));
        try {
            Ticket ticket = deadLetters.judge(file);
            return ticket.record()
                    .filter(record -> ticket.state() != Ticket.State.EDITED)
                    .map(AuditRecord::auditSeq)
                    .orElseThrow(
                            () -> new IllegalArgumentException(fileName + " is refused: " + ticket.reason() + "."));
        } catch (IOException | JournalException e) {
            throw new IllegalArgumentException(fileName + " cannot be read: " + e.getMessage(), e);
        }
    }

    private RequestResult replay(List<DeadRecord> records, long end) {
        int delivered = 0;
        int left = records.size();
        StringJoiner failures = new StringJoiner("\n");
        for (DeadRecord dead : records) {
            if (System.nanoTime() - end > 0) {
                failures.add(left + " were not tried in the time there is; the next replay tries them.");
                break;
            }
            left--;
            Optional<Exception> failure = Replay.of(dead.record(), delivery, template);
            if (failure.isEmpty()) {
                delivered++;
                continue;
            }
            failures.add("Audit " + dead.record().auditSeq() + ": " + RefusalText.of(failure.get()));
            if (left > 0 && KlmsReach.isAway(failure.get())) {
                failures.add(left + " were not tried: "
                        + (KlmsReach.isOfTheStation(failure.get())
                                ? "what stopped this one would stop them too."
                                : "the KLMS's audit side is away."));
                break;
            }
        }
        String message = delivered + " of " + records.size() + " delivered.";
        return failures.length() == 0 ? RequestResult.done(message) : RequestResult.refused(message + "\n" + failures);
    }
}
