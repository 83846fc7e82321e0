package org.fobstation.station;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.fobstation.audit.AuditRange;
import org.fobstation.audit.CsvExport;
import org.fobstation.audit.DataFolder;
import org.fobstation.audit.JournalException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code export}: the records as a table for quality. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes the records as CSV: fob, outcome, stage, failure code, times, station, version. Changes"
                + " nothing; the station may be running.")
final class ExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Mixin
    private RangeOption range;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = "-",
            defaultValue = "-",
            description = "Where to; without it, or with -, to standard output.")
    private String csv;

    @Override
    public Integer call() throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        boolean toOutput = csv.equals("-");
        try {
            long records = toOutput ? toOutput() : toFile(Path.of(csv));
            if (toOutput && spec.commandLine().getOut().checkError()) {
                err.println("The export is not complete: standard output could not be written.");
                return StationMain.FAILED;
            }
            err.println(records + " records" + (toOutput ? "" : " written to " + csv));
            return StationMain.DONE;
        } catch (FileSystemException e) {
            throw e;
        } catch (JournalException | IOException e) {
            err.println("The export is not complete: " + e.getMessage());
            return StationMain.FAILED;
        }
    }

    private long toOutput() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        long records = CsvExport.write(data.folder(), range.range(), out);
        out.flush();
        return records;
    }

    private long toFile(Path file) throws Exception {
        // Before the file: an earlier export must not be emptied by a wrong command line.
        DataFolder folder = data.folder();
        AuditRange records = range.range();
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            return CsvExport.write(folder, records, out);
        }
    }
}
