package org.fobstation.provisioning;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fobstation.audit.StageTime;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;

/**
 * How one run ended, as shown to the operator. Holds no secret.
 *
 * @param transactionId the KLMS's, or the station's own where the KLMS gave none
 * @param failure empty for PASS
 * @param stageReached the stage the run was in when it ended
 * @param stageTimes the stages entered, in order
 * @param total from presentation to the record on disk
 */
public record RunReport(
        String readerId,
        String uid,
        String transactionId,
        Outcome outcome,
        Optional<Failure> failure,
        Stage stageReached,
        List<StageTime> stageTimes,
        Duration total) {}
