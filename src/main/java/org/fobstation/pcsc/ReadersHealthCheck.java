package org.fobstation.pcsc;

import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Readiness of the readers, {@code pcsc} in the group {@code camel}: up while the service is there and every reader
 * whose route runs serves fobs. A detail for each, {@code reader.<id>}. No liveness check: a restart of the process
 * plugs no reader in.
 */
final class ReadersHealthCheck extends AbstractHealthCheck {

    private final PcscComponent component;

    ReadersHealthCheck(PcscComponent component) {
        super("camel", "pcsc");
        this.component = component;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        WatchStatus status = component.status();
        builder.detail("service", status.service().name());
        if (!status.fault().isEmpty()) {
            builder.detail("service.fault", status.fault());
        }
        status.readers().forEach(reader -> builder.detail("reader." + reader.readerId(), describe(reader)));
        if (status.service() == WatchStatus.Service.IDLE) {
            builder.message("no reader is consumed").up();
        } else if (status.isServing()) {
            builder.up();
        } else {
            builder.message(reason(status)).down();
        }
    }

    private static String describe(ReaderStatus reader) {
        String state = reader.stuck() ? "STUCK" : reader.attachment().name();
        String name = reader.readerName().isEmpty() ? "" : " " + reader.readerName();
        return state + name + (reader.detail().isEmpty() ? "" : ": " + reader.detail());
    }

    private static String reason(WatchStatus status) {
        return switch (status.service()) {
            case LOST -> "the PC/SC service is gone: " + status.fault();
            case STARTING -> "the readers were not looked for yet";
            default -> "not serving: " + String.join(", ", idle(status));
        };
    }

    private static List<String> idle(WatchStatus status) {
        return status.readers().stream()
                .filter(reader -> !reader.isServing())
                .map(ReaderStatus::readerId)
                .toList();
    }
}
