package org.fobstation.audit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A {@link Ledger} as bytes and back. What it holds of records and runs is written as journal entries. */
final class LedgerSnapshot {

    private LedgerSnapshot() {}

    static void write(Ledger ledger, DataOutputStream out) throws IOException {
        out.writeLong(ledger.auditSeq());
        out.writeUTF(ledger.auditHash());
        writeLost(out, ledger.lost());
        writeSegments(out, ledger.segments());
        writeAttempts(out, ledger.attempts());
        writeLine(out, ledger.line());
        out.writeBoolean(ledger.configuration().isPresent());
        if (ledger.configuration().isPresent()) {
            writeEntry(
                    out,
                    new JournalEntry.Configured(
                            Instant.EPOCH, ledger.configuration().get(), List.of()));
        }
        writeRuns(out, ledger);
        for (RunIndex index : ledger.indexes()) {
            index.writeTo(out);
        }
        ledger.transactions().writeTo(out);
    }

    private static void writeLost(DataOutputStream out, LostLines lost) throws IOException {
        out.writeBoolean(lost.repaired());
        out.writeBoolean(lost.recordsMissing());
        out.writeInt(lost.begunBefore().size());
        for (long run : lost.begunBefore()) {
            out.writeLong(run);
        }
    }

    private static void writeSegments(DataOutputStream out, SegmentTable segments) throws IOException {
        out.writeInt(segments.first());
        out.writeInt(segments.retired());
        out.writeInt(segments.starts().size());
        for (Map.Entry<Integer, SegmentTable.Start> start : segments.starts().entrySet()) {
            out.writeInt(start.getKey());
            out.writeLong(start.getValue().n());
            out.writeUTF(start.getValue().previousHash());
            out.writeUTF(start.getValue().at().toString());
        }
        out.writeInt(segments.firstRecords().size());
        for (Map.Entry<Long, Integer> record : segments.firstRecords().entrySet()) {
            out.writeLong(record.getKey());
            out.writeInt(record.getValue());
        }
    }

    private static void writeAttempts(DataOutputStream out, Map<String, Attempts> attempts) throws IOException {
        out.writeInt(attempts.size());
        for (Map.Entry<String, Attempts> fob : new TreeMap<>(attempts).entrySet()) {
            out.writeUTF(fob.getKey());
            out.writeInt(fob.getValue().count());
            out.writeUTF(fob.getValue().last().orElseThrow().toString());
        }
    }

    private static void writeLine(DataOutputStream out, LineState line) throws IOException {
        out.writeInt(line.failures());
        out.writeLong(line.firstFailure());
        for (Optional<LineHold> hold : List.of(line.last(), line.due(), line.held())) {
            out.writeBoolean(hold.isPresent());
            if (hold.isPresent()) {
                writeEntry(out, new JournalEntry.Held(Instant.EPOCH, hold.get()));
            }
        }
    }

    private static void writeRuns(DataOutputStream out, Ledger ledger) throws IOException {
        List<OpenRun> open = ledger.open();
        out.writeInt(open.size());
        for (OpenRun run : open) {
            out.writeLong(run.run());
            writeEntry(out, new JournalEntry.Begin(Instant.EPOCH, run.fobUid(), run.readerId(), run.history()));
            out.writeUTF(run.transactionId().orElse(""));
            out.writeBoolean(run.intent().isPresent());
            if (run.intent().isPresent()) {
                writeEntry(
                        out,
                        new JournalEntry.Intended(
                                run.lastSign().orElseThrow(),
                                run.run(),
                                run.intent().get()));
            }
        }
        List<AuditRecord> waiting = ledger.backlog().waiting(Integer.MAX_VALUE);
        out.writeInt(waiting.size());
        for (AuditRecord record : waiting) {
            writeEntry(out, new JournalEntry.Result(Instant.EPOCH, record));
        }
        List<DeadRecord> dead = ledger.backlog().dead();
        out.writeInt(dead.size());
        for (DeadRecord record : dead) {
            writeEntry(out, new JournalEntry.Result(Instant.EPOCH, record.record()));
            writeEntry(
                    out, new JournalEntry.Settled(Instant.EPOCH, record.record().auditSeq(), record.dead()));
        }
    }

    private static void writeEntry(DataOutputStream out, JournalEntry entry) throws IOException {
        byte[] json = entry.json().getBytes(StandardCharsets.UTF_8);
        out.writeInt(json.length);
        out.write(json);
    }

    /** @throws IOException or an unchecked exception if the bytes are not a snapshot */
    static Ledger read(DataInputStream in) throws IOException {
        Ledger ledger = new Ledger();
        long auditSeq = in.readLong();
        String auditHash = in.readUTF();
        LostLines lost = lost(in);
        readSegments(in, ledger.segments());
        for (int left = in.readInt(); left > 0; left--) {
            ledger.attempts().put(in.readUTF(), new Attempts(in.readInt(), Optional.of(Instant.parse(in.readUTF()))));
        }
        ledger.restore(new LineState(in.readInt(), in.readLong(), hold(in), hold(in), hold(in)));
        if (in.readBoolean()) {
            ledger.configured(((JournalEntry.Configured) entry(in)).configuration());
        }
        for (int left = in.readInt(); left > 0; left--) {
            ledger.restore(openRun(in));
        }
        for (int left = in.readInt(); left > 0; left--) {
            ledger.backlog().add(record(in));
        }
        for (int left = in.readInt(); left > 0; left--) {
            AuditRecord record = record(in);
            Settlement dead = ((JournalEntry.Settled) entry(in)).settlement();
            ledger.backlog().add(new DeadRecord(record, (Settlement.Dead) dead));
        }
        for (RunIndex index : ledger.indexes()) {
            index.readFrom(in);
        }
        ledger.transactions().readFrom(in);
        ledger.restore(auditSeq, auditHash, lost);
        return ledger;
    }

    private static LostLines lost(DataInputStream in) throws IOException {
        boolean repaired = in.readBoolean();
        boolean recordsMissing = in.readBoolean();
        Set<Long> begunBefore = new HashSet<>();
        for (int left = in.readInt(); left > 0; left--) {
            begunBefore.add(in.readLong());
        }
        return new LostLines(repaired, recordsMissing, begunBefore);
    }

    private static void readSegments(DataInputStream in, SegmentTable segments) throws IOException {
        segments.restore(in.readInt(), in.readInt());
        for (int left = in.readInt(); left > 0; left--) {
            segments.starts()
                    .put(
                            in.readInt(),
                            new SegmentTable.Start(in.readLong(), in.readUTF(), Instant.parse(in.readUTF())));
        }
        for (int left = in.readInt(); left > 0; left--) {
            segments.firstRecords().put(in.readLong(), in.readInt());
        }
    }

    private static Optional<LineHold> hold(DataInputStream in) throws IOException {
        return in.readBoolean() ? Optional.of(((JournalEntry.Held) entry(in)).hold()) : Optional.empty();
    }

    private static OpenRun openRun(DataInputStream in) throws IOException {
        long run = in.readLong();
        JournalEntry.Begin begin = (JournalEntry.Begin) entry(in);
        String transaction = in.readUTF();
        OpenRun open = new OpenRun(
                run,
                begin.fobUid(),
                begin.readerId(),
                begin.history(),
                Optional.of(transaction).filter(id -> !id.isEmpty()),
                Optional.empty(),
                Optional.empty());
        if (!in.readBoolean()) {
            return open;
        }
        JournalEntry.Intended intended = (JournalEntry.Intended) entry(in);
        return open.with(intended.intent(), intended.at());
    }

    private static AuditRecord record(DataInputStream in) throws IOException {
        return ((JournalEntry.Result) entry(in)).record();
    }

    private static JournalEntry entry(DataInputStream in) throws IOException {
        byte[] json = in.readNBytes(in.readInt());
        return EntryReader.read(new String(json, StandardCharsets.UTF_8));
    }
}
