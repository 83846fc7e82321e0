package org.fobstation.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.fobstation.outcome.Stage;

/**
 * The records as a table for quality: one line a record, RFC 4180, UTF-8, a first line with names. Reads the journal and
 * changes nothing; the station may be running.
 */
public final class CsvExport {

    private static final String LINE_END = "\r\n";

    private final DataFolder folder;
    private final AuditRange range;
    private final Appendable out;
    private final RunIndex runsOfFob = new RunIndex();
    private long lines;

    private CsvExport(DataFolder folder, AuditRange range, Appendable out) {
        this.folder = folder;
        this.range = range;
        this.out = out;
    }

    /**
     * Writes the records of a range.
     *
     * @return how many
     * @throws JournalException if the journal is damaged; the lines before the damage are written
     */
    public static long write(DataFolder folder, AuditRange range, Appendable out) throws JournalException, IOException {
        return new CsvExport(folder, range, out).write();
    }

    private long write() throws JournalException, IOException {
        List<String> names = new ArrayList<>(List.of(
                "audit_sequence",
                "ended_at",
                "fob_uid",
                "run_of_fob",
                "transaction_id",
                "outcome",
                "shown",
                "stage_reached",
                "failure_code",
                "detail",
                "station_id",
                "reader_id",
                "software_version",
                "follows_audit_sequence",
                "follows_transaction_id",
                "total_ms"));
        for (Stage stage : Stage.values()) {
            names.add(stage.name().toLowerCase(Locale.ROOT) + "_ms");
        }
        names.addAll(List.of("config_hash", "routes_hash"));
        line(names);
        try {
            JournalLoad.read(new JournalSegments(folder.journal()), new Ledger(), (entry, n, place) -> {
                if (entry instanceof JournalEntry.Result result) {
                    take(result.record());
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return lines;
    }

    private void take(AuditRecord record) {
        long runOfFob = runsOfFob.get(record.fobUid()) + 1;
        runsOfFob.put(record.fobUid(), runOfFob);
        if (!range.contains(record)) {
            return;
        }
        lines++;
        Envelope envelope = record.envelope();
        Map<Stage, Duration> times = new TreeMap<>();
        envelope.stageTimes().forEach(time -> times.merge(time.stage(), time.duration(), Duration::plus));
        List<String> cells = new ArrayList<>(List.of(
                Long.toString(record.auditSeq()),
                AuditBody.timestamp(envelope.endedAt()),
                record.fobUid(),
                Long.toString(runOfFob),
                record.transactionId(),
                record.outcome().name(),
                envelope.shown().name(),
                envelope.stageReached().name(),
                envelope.failureCode().orElse(""),
                envelope.detail(),
                envelope.stationId(),
                envelope.readerId(),
                envelope.softwareVersion(),
                envelope.follows()
                        .map(earlier -> Long.toString(earlier.auditSeq()))
                        .orElse(""),
                envelope.follows().map(EarlierRecord::transactionId).orElse(""),
                times.values().stream()
                        .reduce(Duration::plus)
                        .map(CsvExport::millis)
                        .orElse("")));
        for (Stage stage : Stage.values()) {
            cells.add(times.containsKey(stage) ? millis(times.get(stage)) : "");
        }
        cells.add(envelope.configHash().orElse(""));
        cells.add(envelope.routesHash().orElse(""));
        try {
            line(cells);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void line(List<String> cells) throws IOException {
        out.append(cells.stream().map(CsvExport::cell).collect(Collectors.joining(",")))
                .append(LINE_END);
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e6);
    }

    /** Quoted where it has to be. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
    static String cell(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean isPlain = safe.chars().noneMatch(sign -> sign == ',' || sign == '"' || sign == '\r' || sign == '\n');
        return isPlain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
