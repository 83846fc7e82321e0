package org.fobstation.audit;

import java.time.Instant;
import java.util.Objects;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;

/**
 * The line stands still until somebody releases it.
 *
 * @param code why, the name of a {@link FailureCode}; text, because a journal outlives the list of codes
 * @param detail what tells this case from others; no secrets
 * @param auditSeq the record of the run that stopped it
 * @param since when, UTC
 */
public record LineHold(String code, String detail, long auditSeq, Instant since) {

    private static final String RELEASE = "release --reason TEXT";

    public LineHold {
        Objects.requireNonNull(code);
        Objects.requireNonNull(detail);
        Objects.requireNonNull(since);
    }

    /** As the operator is told; the remedy ends with the command that releases the line. */
    public Gate.Hold toGate() {
        FailureCode known = FailureCode.STATION_FAULT;
        String told = code + ", " + detail;
        for (FailureCode candidate : FailureCode.values()) {
            if (candidate.name().equals(code)) {
                known = candidate;
                told = detail;
            }
        }
        String remedy = known == FailureCode.FAILURES_IN_A_ROW
                ? known.remedy().replaceFirst("\\.$", ": " + RELEASE + ".")
                : known.remedy() + " Then release the station: " + RELEASE + ".";
        return new Gate.Hold(known, told + ", since " + AuditBody.timestamp(since), remedy);
    }
}
