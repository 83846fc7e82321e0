package org.fobstation.audit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The steps that the audit routes call; bound as {@code audit}. Routes say what happens to a record, this says how. Any
 * thread may use it.
 */
public final class AuditDelivery {

    /** Exchange property: the {@link AuditRecord} that is under way. */
    public static final String RECORD = "auditRecord";

    /** Exchange property: the {@link Settlement} that holds when the exchange completes. */
    public static final String SETTLEMENT = "auditSettlement";

    /** Exchange property: how the outbox emits the record, a {@link Post}. */
    static final String POST = "auditPost";

    /** Exchange property: the {@link Ticket} that the file was judged to be. */
    private static final String TICKET = "auditTicket";

    private static final Logger LOG = LoggerFactory.getLogger(AuditDelivery.class);
    private static final Duration REPLAY_TURN = Duration.ofSeconds(5);

    private final AuditJournal journal;
    private final DeadLetters deadLetters;
    private final Map<Long, Integer> attempts = new ConcurrentHashMap<>();
    private final Map<Long, String> lastReasons = new ConcurrentHashMap<>();
    private final ReplayTurn replayTurn = new ReplayTurn(REPLAY_TURN);
    private final KlmsReach reach = new KlmsReach(Clock.systemUTC());

    private AuditDelivery(AuditJournal journal, DeadLetters deadLetters) {
        this.journal = journal;
        this.deadLetters = deadLetters;
    }

    /** How a record is emitted by the outbox. */
    enum Post {
        /** Posted, and again if need be. */
        NOW,
        /** Posted once, to see whether the KLMS is back. */
        PROBE,
        /** Archived and not posted: the KLMS is known to be away. */
        HELD_BACK
    }

    /**
     * Makes the copies whole first, which nobody forced to disk: a dead record whose file is missing or torn gets it
     * again, and so do the newest files of the archive. One that cannot be made whole is named in the log.
     */
    public static AuditDelivery of(AuditJournal journal, DataFolder folder) throws JournalException {
        DeadLetters deadLetters = new DeadLetters(folder.deadLetters(), journal);
        deadLetters.restoreMissing();
        LostCopies.restore(
                journal.recent(),
                record -> folder.archive().resolve(record.archiveName()),
                record -> ArchiveFile.restore(record, folder.archive()));
        return new AuditDelivery(journal, deadLetters);
    }

    AuditJournal journal() {
        return journal;
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    KlmsReach reach() {
        return reach;
    }

    // The way out

    /** What the archive keeps: envelope and body. The same bytes every time. */
    public byte[] archived(Exchange exchange) {
        return ArchiveFile.of(record(exchange));
    }

    /** The name in the archive: {@code YYYY-MM-DD/<auditSeq>-<transaction>.json}. */
    public String archiveName(Exchange exchange) {
        return record(exchange).archiveName();
    }

    /** Whether the KLMS is to get the record. */
    public boolean isPosted(Exchange exchange) {
        return record(exchange).post();
    }

    /** Whether the record becomes a dead letter without a post, because the KLMS is known to be away. */
    public boolean isHeldBack(Exchange exchange) {
        return exchange.getProperty(POST) == Post.HELD_BACK;
    }

    /** Whether the record is posted to see whether the KLMS is back: once and no more. */
    public boolean isProbe(Exchange exchange) {
        return exchange.getProperty(POST) == Post.PROBE;
    }

    /** The next post of the record begins: its exact bytes into the body, its headers, and how often it was posted. */
    public void attempt(Exchange exchange) {
        AuditRecord record = record(exchange);
        exchange.getMessage().setBody(record.body());
        AuditHeaders.set(exchange.getMessage(), record);
        exchange.getMessage().setHeader(AuditHeaders.ATTEMPT, attempts.merge(record.auditSeq(), 1, Integer::sum));
    }

    /** The KLMS has it: the answer was 2xx, or 409. */
    public void delivered(Exchange exchange) {
        reach.answered();
        settle(exchange, new Settlement.Delivered(receipt(exchange)));
    }

    /** What a dead letter holds: envelope, reason and body. */
    public byte[] deadLetter(Exchange exchange) {
        return ArchiveFile.of(record(exchange), dead(exchange));
    }

    public String deadLetterName(Exchange exchange) {
        return record(exchange).fileName();
    }

    /** The dead letter is written; the record leaves the outbox. */
    public void died(Exchange exchange) {
        Settlement.Dead dead = dead(exchange);
        LOG.atLevel(isHeldBack(exchange) ? Level.DEBUG : Level.WARN)
                .log("{} is a dead letter: {}", record(exchange), dead.reason());
        settle(exchange, dead);
        if (dead.refused()) {
            reach.answered();
        } else if (!isHeldBack(exchange)) {
            reach.lost(dead.reason());
        }
    }

    private static void settle(Exchange exchange, Settlement settlement) {
        exchange.setProperty(SETTLEMENT, settlement);
    }

    // The way back

    /** Whether the replay should look at a file: not at one that was refused and is still the same. */
    public boolean isToBeJudged(Exchange exchange) {
        return !deadLetters.isRefused(file(exchange));
    }

    /**
     * Finds the record that a dead letter's file stands for.
     *
     * @throws DeadLetterRefused if the file is not what this station wrote
     * @throws IllegalStateException if the file is not whole, the record is in the outbox still, an older one of its fob
     *     goes first, or the KLMS is known to be away; the file waits
     */
    public void ticket(Exchange exchange) throws DeadLetterRefused, JournalException {
        Ticket ticket = deadLetters.ticket(file(exchange));
        AuditRecord record = ticket.record().orElseThrow();
        exchange.setProperty(TICKET, ticket);
        exchange.getMessage().setHeader(AuditHeaders.SEQUENCE, record.auditSeq());
        if (journal.state(record.auditSeq()) == DeliveryState.WAITING) {
            throw new IllegalStateException(record + " is in the outbox still");
        }
        if (journal.state(record.auditSeq()) == DeliveryState.DEAD) {
            requireTurn(record);
        }
    }

    private void requireTurn(AuditRecord record) {
        if (reach.isDown()) {
            throw new IllegalStateException(record + " is " + reach.describe());
        }
        boolean isOvertaking = journal.deadWhileAway().stream()
                .anyMatch(away ->
                        away.auditSeq() < record.auditSeq() && away.fobUid().equals(record.fobUid()));
        if (isOvertaking) {
            throw new IllegalStateException(record + " waits: an older record of its fob goes first");
        }
    }

    /** Writes why the file is refused beside it. */
    public void refuse(Exchange exchange) throws IOException {
        DeadLetterRefused refused = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, DeadLetterRefused.class);
        deadLetters.refuse(file(exchange), refused.ticket());
    }

    /** Removes the file, whose record the KLMS has. One that was replaced since it was judged stays. */
    public void remove(Exchange exchange) throws IOException {
        deadLetters.remove(file(exchange), exchange.getProperty(TICKET, Ticket.class));
    }

    /** Whether the record named by the header is dead; if not, the KLMS has it by now. */
    public boolean isDead(Exchange exchange) {
        return journal.state(sequence(exchange)) == DeliveryState.DEAD;
    }

    /**
     * Waits for the turn to replay, which one exchange has at a time and keeps until it completes. The record named by
     * the header may have been replayed in the meantime: ask {@link #isDead} afterwards.
     *
     * @throws ReplayTurn.Missed if the turn does not come in time
     */
    public void replaying(Exchange exchange) throws InterruptedException {
        replayTurn.take(exchange);
        journal.dead(sequence(exchange)).ifPresent(dead -> {
            attempts.putIfAbsent(dead.record().auditSeq(), dead.dead().attempts());
            exchange.setProperty(RECORD, dead.record());
        });
    }

    /** The KLMS has it now. Noted at once: the file goes afterwards. */
    public void replayed(Exchange exchange) throws JournalException {
        AuditRecord record = record(exchange);
        reach.answered();
        journal.settle(record.auditSeq(), new Settlement.Replayed(receipt(exchange)));
        LOG.info("{} was replayed", record);
        settled(record);
    }

    /** The KLMS does not have it. Said once, and again when the reason changes. */
    public void notReplayed(Exchange exchange) {
        Exception cause = cause(exchange);
        String reason = RefusalText.of(cause);
        if (!KlmsReach.isAway(cause)) {
            reach.answered();
        } else if (!KlmsReach.isOfTheStation(cause)) {
            reach.failed(reason);
        }
        boolean isNew = !reason.equals(lastReasons.put(sequence(exchange), reason));
        LOG.atLevel(isNew ? Level.WARN : Level.DEBUG)
                .log("Audit {} stays a dead letter: {}", sequence(exchange), reason);
    }

    /** Forgets what was kept while the record was under way. */
    void settled(AuditRecord record) {
        attempts.remove(record.auditSeq());
        lastReasons.remove(record.auditSeq());
    }

    private static AuditRecord record(Exchange exchange) {
        AuditRecord record = exchange.getProperty(RECORD, AuditRecord.class);
        if (record == null) {
            throw new IllegalStateException(
                    "this exchange carries no audit record; it must come from outbox: or replaying");
        }
        return record;
    }

    private static long sequence(Exchange exchange) {
        Long auditSeq = exchange.getMessage().getHeader(AuditHeaders.SEQUENCE, Long.class);
        if (auditSeq == null) {
            throw new IllegalStateException("the header " + AuditHeaders.SEQUENCE + " is missing");
        }
        return auditSeq;
    }

    private static Path file(Exchange exchange) {
        GenericFile<?> file = exchange.getProperty("CamelFileExchangeFile", GenericFile.class);
        if (file == null) {
            file = exchange.getMessage().getBody(GenericFile.class);
        }
        return ((File) file.getFile()).toPath();
    }

    private Receipt receipt(Exchange exchange) {
        int status = cause(exchange) instanceof HttpOperationFailedException failed
                ? failed.getStatusCode()
                : exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        return new Receipt(status, attempts(exchange));
    }

    private int attempts(Exchange exchange) {
        return attempts.getOrDefault(record(exchange).auditSeq(), 0);
    }

    private Settlement.Dead dead(Exchange exchange) {
        Exception cause = cause(exchange);
        String reason = isHeldBack(exchange) ? reach.describe() : RefusalText.of(cause);
        return new Settlement.Dead(reason, attempts(exchange), !isHeldBack(exchange) && !KlmsReach.isAway(cause));
    }

    private static Exception cause(Exchange exchange) {
        return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    }
}
