package org.fobstation.station;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.fobstation.audit.AuditHead;
import org.fobstation.audit.AuditRange;
import org.fobstation.audit.AuditVerifier;
import org.fobstation.outcome.OneLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verify}: proves journal and archive. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Proves the journal and compares the archive with it. Changes nothing; the station may be running.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is as the station wrote it, and the given head is in the chain",
            "1:the folder could not be read",
            "2:wrong command line",
            "3:all is as the station wrote it, but without a --head that the journal still has nobody knows whether the end"
                    + " was cut off",
            "4:something was changed, is missing or is too much"
        })
final class VerifyCommand implements Callable<Integer> {

    /** Sound, but the end is not anchored. */
    static final int NOT_ANCHORED = 3;
    /** Not as the station wrote it. */
    static final int NOT_SOUND = 4;

    /** Anybody may have named a file of the archive: with signs that a terminal obeys, for one. */
    private static final int FINDING_MOST = 2_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Mixin
    private RangeOption range;

    @Option(
            names = "--head",
            paramLabel = "SEQ:HASH",
            description = "A record's number and hash noted outside: X-Audit-Sequence and X-Audit-Hash of the last"
                    + " audit in the KLMS's log.")
    private String head;

    @Override
    public Integer call() throws Exception {
        AuditRange asked = range.range();
        AuditVerifier.Report report = AuditVerifier.verify(data.folder(), asked, head());
        PrintWriter out = spec.commandLine().getOut();
        report.findings()
                .forEach(finding -> out.println((finding.auditSeq() > 0 ? "record " + finding.auditSeq() + ": " : "")
                        + OneLine.of(finding.what(), FINDING_MOST)));
        if (report.findingCount() > report.findings().size()) {
            out.println("... and " + (report.findingCount() - report.findings().size()) + " more");
        }
        out.printf(
                "%d lines of the journal and %d records proved, %d files of the archive compared, %d records not"
                        + " delivered%n",
                report.entries(), report.records(), report.compared(), report.backlog());
        if (report.inRange() == 0 && !asked.equals(AuditRange.ALL)) {
            out.println("No proved record lies in the range that was asked for: none of its files was compared");
        }
        out.println("head " + report.records() + ":" + report.auditHash());
        return verdict(report, out);
    }

    private Optional<AuditHead> head() {
        try {
            return Optional.ofNullable(head).map(AuditHead::parse);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static int verdict(AuditVerifier.Report report, PrintWriter out) {
        if (!report.isSound()) {
            out.println("NOT SOUND: " + report.findingCount() + " findings"
                    + report.firstBad()
                            .map(seq -> ", the first bad record is " + seq)
                            .orElse(""));
            return NOT_SOUND;
        }
        if (report.anchor() == AuditVerifier.Anchor.NONE) {
            out.println("SOUND, end not anchored: compare the head with the KLMS's log, or give --head");
            return NOT_ANCHORED;
        }
        if (report.anchor() == AuditVerifier.Anchor.OLDER) {
            out.println("SOUND, end not anchored: retention removed the record of the given head, give a younger one");
            return NOT_ANCHORED;
        }
        out.println("SOUND");
        return StationMain.DONE;
    }
}
