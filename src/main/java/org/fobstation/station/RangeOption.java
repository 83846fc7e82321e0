package org.fobstation.station;

import org.fobstation.audit.AuditRange;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** {@code --from} and {@code --to}: some of the records. */
final class RangeOption {

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--from",
            paramLabel = "RECORD",
            description = "The first record, by number or by day as 2026-11-23. Without it: the first of all.")
    private String from;

    @Option(names = "--to", paramLabel = "RECORD", description = "The last one. Without it: the last of all.")
    private String to;

    AuditRange range() {
        try {
            return AuditRange.parse(from, to);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }
}
