package org.fobstation.station;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.fobstation.outcome.Gate;

/**
 * Camel's health check {@code station}: readiness, up only where the station is READY. The readers' own check,
 * {@code pcsc}, has the details of each.
 */
final class ReadinessCheck extends AbstractHealthCheck {

    private final Readiness readiness;

    ReadinessCheck(Readiness readiness) {
        super("fob-station", "station");
        this.readiness = readiness;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Readiness.Report report = readiness.report();
        builder.detail("state", report.state().name());
        for (Gate.Hold reason : report.reasons()) {
            builder.detail(
                    reason.code().name(),
                    (reason.code().sentence() + " " + reason.detail()).strip() + " -> " + reason.remedy());
        }
        for (int i = 0; i < report.warnings().size(); i++) {
            builder.detail("WARNING." + (i + 1), report.warnings().get(i));
        }
        if (report.state() == Readiness.State.READY) {
            builder.up();
        } else {
            builder.message(report.reasons().get(0).code() + ": "
                            + report.reasons().get(0).detail())
                    .down();
        }
    }
}
