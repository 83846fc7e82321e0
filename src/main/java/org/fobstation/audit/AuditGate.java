package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;

/** Closed when the next record could not be kept or the KLMS is too far behind. */
public final class AuditGate implements Gate {

    private final AuditJournal journal;
    private final AuditSettings settings;

    public AuditGate(AuditJournal journal, AuditSettings settings) {
        this.journal = journal;
        this.settings = settings;
    }

    @Override
    public Optional<Hold> hold() {
        Optional<String> fault = journal.fault().or(this::diskFault);
        if (fault.isPresent()) {
            return Optional.of(new Hold(FailureCode.JOURNAL_FAILED, fault.get()));
        }
        int backlog = journal.backlog();
        if (backlog > settings.maxBacklog()) {
            String detail = backlog + " records, audit.max-backlog is " + settings.maxBacklog();
            return Optional.of(new Hold(FailureCode.BACKLOG_FULL, detail));
        }
        return Optional.empty();
    }

    private Optional<String> diskFault() {
        Path folder = settings.folder().journal();
        try {
            FileStore disk = Files.getFileStore(folder);
            long free = disk.getUsableSpace();
            if (disk.isReadOnly()) {
                return Optional.of(folder + ": the disk is read-only");
            }
            if (!Files.isWritable(folder)) {
                return Optional.of(folder + ": the station's user may not write there");
            }
            return free >= settings.minFreeBytes()
                    ? Optional.empty()
                    : Optional.of("free on disk are " + mebibytes(free) + ", audit.min-free is "
                            + mebibytes(settings.minFreeBytes()));
        } catch (IOException e) {
            return Optional.of(folder + ": " + DiskFault.of(e).sentence() + " (" + e + ")");
        }
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
