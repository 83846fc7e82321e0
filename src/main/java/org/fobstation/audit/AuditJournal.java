package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The station's only source of truth: what every run was about to do, how it ended, and what became of its record. A
 * file that only grows; every call that writes returns when its line is on the disk. Any thread may use it; lines are
 * written one after another.
 *
 * <p>After a failed write the journal refuses every other one until it is opened again, because only the reader at the
 * next start can say what the disk holds. {@link #fault()} says so.
 */
public final class AuditJournal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditJournal.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final JournalSegments segments;
    private final StationLock stationLock;
    private final StationIdentity station;
    private final Clock clock;
    private final Ledger ledger;
    private final TransactionClaims claims;
    private final JournalWriter writer;
    private final JournalAppender appender;
    private SealedProof proof;

    private AuditJournal(
            JournalSegments segments,
            StationLock stationLock,
            StationIdentity station,
            Clock clock,
            Limits limits,
            JournalFile.Opener opener)
            throws JournalException {
        this.segments = segments;
        this.stationLock = stationLock;
        this.station = station;
        this.clock = clock;
        JournalLoad load = JournalLoad.of(segments);
        load.requireNothingBehind(
                segments, new ArchiveRecords(DataFolder.of(segments).archive()));
        JournalReader.Tail tail = load.tail();
        ledger = load.ledger();
        claims = new TransactionClaims(segments, ledger);
        writer = JournalWriter.open(segments, opener, limits.segmentBytes(), tail);
        appender = new JournalAppender(writer, ledger, new Retention(segments, limits.retention()), clock);
        load.unproved().ifPresent(end -> proof = SealedProof.start(segments, end, writer::fail));
        if (tail.torn().length > 0) {
            LOG.warn("The last line of the journal was torn; {} bytes of it were put aside", tail.torn().length);
        }
        if (!tail.isEnded()) {
            LOG.warn("The last line of the journal is whole but for its line feed; it counts and was mended");
        }
    }

    /**
     * How much is kept.
     *
     * @param segmentBytes a segment that would grow beyond this is followed by a new one
     * @param retention how long segments are kept
     */
    record Limits(long segmentBytes, Duration retention) {}

    /**
     * Opens the journal of a data folder, making it if there is none. Locks the folder against other stations, proves
     * the journal, cuts off a torn last line and keeps it beside, and gives every run that touched a fob and has no
     * result one: FAILURE where nothing was changed, UNKNOWN otherwise. Segments that a checkpoint stands for are proved
     * afterwards on a thread of their own; what is found then becomes the {@link #fault()}.
     *
     * @throws JournalException if another station works there, if the journal is damaged elsewhere, or if the disk fails
     */
    public static AuditJournal open(AuditSettings settings, Clock clock) throws JournalException {
        return open(settings, clock, JournalFile::onDisk);
    }

    /** As {@link #open(AuditSettings, Clock)}, on another disk than the real one. */
    public static AuditJournal open(AuditSettings settings, Clock clock, JournalFile.Opener disk)
            throws JournalException {
        try {
            settings.folder().create();
        } catch (IOException e) {
            throw JournalException.folderNotMade(settings.dataDirectory(), e);
        }
        Limits limits = new Limits(settings.segmentBytes(), settings.retention());
        return open(settings.folder().journal(), settings.station(), clock, limits, disk);
    }

    static AuditJournal open(
            Path directory, StationIdentity station, Clock clock, Limits limits, JournalFile.Opener opener)
            throws JournalException {
        try {
            DataFolder.makeOwnerOnly(directory);
            RepairFolder.requireNoneCutShort(directory);
        } catch (IOException e) {
            throw JournalException.folderNotMade(directory, e);
        }
        StationLock stationLock = StationLock.acquire(directory.resolveSibling("station.lock"));
        boolean opened = false;
        try {
            AuditJournal journal =
                    new AuditJournal(new JournalSegments(directory), stationLock, station, clock, limits, opener);
            opened = true;
            return journal.afterOpening();
        } finally {
            if (!opened) {
                stationLock.close();
            }
        }
    }

    private AuditJournal afterOpening() throws JournalException {
        boolean ready = false;
        try {
            // Before anything else, so that every record behind it names the same hashes.
            appendFor(before -> station.configuration().flatMap(now -> now.atStart(before, clock)));
            endLeftBehindRuns();
            appender.retire();
            ready = true;
            return this;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    private void endLeftBehindRuns() throws JournalException {
        for (OpenRun run : ledger.leftBehind()) {
            AuditRecord record = result(run.run(), run.interrupted());
            LOG.warn("A run was left behind by the last process: {}", record);
        }
    }

    /**
     * A run begins. It is linked to the fob's record before it.
     *
     * @param fobUid the raw NFC UID in upper-case hex
     * @return the run's number, unique in this journal
     */
    public long begin(String fobUid, String readerId) throws JournalException {
        return writing(() -> appender.append(new JournalEntry.Begin(
                clock.instant(), fobUid, readerId, FobHistory.of(lastRun(fobUid), lastWriting(fobUid)))));
    }

    /**
     * A run takes a transaction id, before anything is done under it.
     *
     * @return empty if the id is this run's from here on, else which run has it
     */
    public Optional<TransactionUse> claim(long run, String transactionId) throws JournalException {
        return writing(() -> claims.claim(run, transactionId));
    }

    /**
     * A run is about to touch its fob. When this returns, the intent is on the disk.
     *
     * @throws IllegalArgumentException if the run is not open
     */
    public void intend(long run, Intent intent) throws JournalException {
        writing(() -> {
            ledger.openRun(run);
            return appender.append(new JournalEntry.Intended(clock.instant(), run, intent));
        });
    }

    /**
     * A run has ended. When this returns, its record is on the disk and the outcome may be shown.
     *
     * @throws IllegalArgumentException if the run is not open
     */
    public AuditRecord result(long run, RunResult result) throws JournalException {
        AuditRecord record = writing(() -> {
            Envelope envelope = Envelope.of(ledger.openRun(run), result, station);
            AuditRecord made = AuditRecord.make(ledger.auditSeq() + 1, ledger.auditHash(), result, envelope);
            appender.append(new JournalEntry.Result(clock.instant(), made));
            claims.ended(run);
            return made;
        });
        tellListeners();
        return record;
    }

    /**
     * Notes what became of a record. Doing so again changes nothing.
     *
     * @throws IllegalArgumentException if there is no such record
     */
    public void settle(long auditSeq, Settlement settlement) throws JournalException {
        writing(() -> {
            DeliveryState state = ledger.state(auditSeq);
            boolean isDeadAgain = state == DeliveryState.DEAD && settlement instanceof Settlement.Dead;
            if (state != DeliveryState.SETTLED && !isDeadAgain) {
                appender.append(new JournalEntry.Settled(clock.instant(), auditSeq, settlement));
            }
            return state;
        });
    }

    /** Notes a command before it is carried out. {@code clear-attempts} is carried out by this alone. */
    public void request(Request request) throws JournalException {
        writing(() -> appender.append(new JournalEntry.Requested(clock.instant(), request)));
    }

    /** Whether the line stands still, and what has failed. Answers at once. */
    LineState line() {
        return ledger.line();
    }

    /** Appends what {@code choice} makes of the ledger, if it makes anything; nothing comes in between. */
    Optional<JournalEntry> appendFor(Function<Ledger, Optional<JournalEntry>> choice) throws JournalException {
        return writing(() -> {
            Optional<JournalEntry> entry = choice.apply(ledger);
            if (entry.isPresent()) {
                appender.append(entry.get());
            }
            return entry;
        });
    }

    private interface Write<T> {
        T write() throws JournalException;
    }

    private <T> T writing(Write<T> write) throws JournalException {
        lock.lock();
        try {
            return write.write();
        } finally {
            lock.unlock();
        }
    }

    private void tellListeners() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.error("A listener of the journal failed; the record is safe", e);
            }
        }
    }

    /** Runs {@code listener} after every new record, on the thread that made it; it must be quick. */
    public void addListener(Runnable listener) {
        listeners.add(listener);
    }

    public void removeListener(Runnable listener) {
        listeners.remove(listener);
    }

    /** The last result for a UID, from earlier processes too; empty if there is none. */
    public Optional<PastRun> lastRun(String fobUid) throws JournalException {
        return pastRun(fobUid, locked(() -> ledger.lastRun(fobUid)));
    }

    /**
     * The last result for a UID among the runs that began to write to the fob: those with an intent beyond OPEN. Runs
     * since then that failed earlier do not hide what it left behind.
     */
    public Optional<PastRun> lastWriting(String fobUid) throws JournalException {
        return pastRun(fobUid, locked(() -> ledger.lastWriting(fobUid)));
    }

    private Optional<PastRun> pastRun(String fobUid, long place) throws JournalException {
        if (place != 0
                && JournalReader.at(segments, place) instanceof JournalEntry.Result result
                && result.record().fobUid().equals(fobUid)) {
            return Optional.of(PastRun.of(result.record()));
        }
        return Optional.empty();
    }

    /** The attempts a UID has against it. */
    public Attempts attempts(String fobUid) {
        return locked(() -> ledger.attempts(fobUid));
    }

    /** The oldest records in the outbox, oldest first; dead ones are not in it. */
    public List<AuditRecord> undelivered(int max) {
        return locked(() -> ledger.backlog().waiting(max));
    }

    public DeliveryState state(long auditSeq) {
        return locked(() -> ledger.state(auditSeq));
    }

    List<DeadRecord> dead() {
        return locked(() -> ledger.backlog().dead());
    }

    /** The dead records that the KLMS did not refuse, oldest first. */
    List<AuditRecord> deadWhileAway() {
        return locked(() -> ledger.backlog().deadWhileAway());
    }

    Optional<DeadRecord> dead(long auditSeq) {
        return locked(() -> ledger.backlog().dead(auditSeq));
    }

    /** Any record, settled ones too, which are looked for on the disk. */
    Optional<AuditRecord> record(long auditSeq) throws JournalException {
        Optional<AuditRecord> unsettled = locked(() -> ledger.backlog().record(auditSeq));
        if (unsettled.isPresent()) {
            return unsettled;
        }
        int segment = locked(() -> ledger.segmentOf(auditSeq));
        return segment == 0 ? Optional.empty() : JournalReader.record(segments, segment, auditSeq);
    }

    /** The records whose files in the archive may not be on the disk yet, oldest first. */
    List<AuditRecord> recent() throws JournalException {
        return RecentRecords.of(segments, writer.segment(), auditSeq -> locked(() -> ledger.segmentOf(auditSeq)));
    }

    /** How many records wait or are dead. Answers at once. */
    public int backlog() {
        return ledger.backlog().size();
    }

    /** Why nothing can be written any more; empty as a rule. Answers at once. */
    public Optional<String> fault() {
        return writer.fault();
    }

    private <T> T locked(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    /** Lets another station have the data folder. Runs that are open get their result when the journal is opened next. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (proof != null) {
                proof.close();
            }
            writer.close();
            stationLock.close();
        } finally {
            lock.unlock();
        }
    }
}
