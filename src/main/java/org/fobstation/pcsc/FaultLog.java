package org.fobstation.pcsc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/**
 * One log entry per distinct fault of an outage, however often it recurs, and one with the counts at its end. One
 * thread.
 */
final class FaultLog {

    /** So many kinds of fault are told apart in one outage; messages with changing numbers in them shall not pile up. */
    private static final int DISTINCT_MAX = 20;

    private final Logger log;
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    FaultLog(Logger log) {
        this.log = log;
    }

    /** Notes a fault; logs it if this outage did not have it yet. */
    void note(String fault, Throwable cause) {
        String key = counts.containsKey(fault) || counts.size() < DISTINCT_MAX ? fault : "other faults";
        if (counts.merge(key, 1, Integer::sum) > 1) {
            return;
        }
        if (cause instanceof PcscException) {
            log.warn("PC/SC service lost: {}. Trying again until it is back.", fault);
        } else {
            log.error("The reader monitor failed: {}. Starting it anew.", fault, cause);
        }
    }

    /** Ends an outage; logs what it was made of. */
    void recovered() {
        if (!counts.isEmpty()) {
            String summary = counts.entrySet().stream()
                    .map(fault -> fault.getValue() + " x " + fault.getKey())
                    .collect(Collectors.joining("; "));
            log.info("PC/SC service is back after: {}", summary);
            counts.clear();
        }
    }
}
