package org.fobstation.pcsc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One look at the readers there are, and at whose they are.
 *
 * @param readerNames all readers of the service
 * @param statuses how each configured reader stands, in the order of the patterns
 * @param contested for each reader that several patterns match, a sentence that names it and them; empty if there is none
 */
public record ReaderSurvey(List<String> readerNames, List<ReaderStatus> statuses, List<String> contested) {

    public ReaderSurvey {
        readerNames = List.copyOf(readerNames);
        statuses = List.copyOf(statuses);
        contested = List.copyOf(contested);
    }

    /**
     * Looks. PC/SC has no time limit for this; a service that hangs keeps the caller.
     *
     * @param patterns by the configured id
     * @throws PcscException if the service is not there
     */
    public static ReaderSurvey take(SmartCardService service, Map<String, ReaderPattern> patterns)
            throws PcscException {
        try (SmartCardContext context = service.establish()) {
            List<String> names = context.readers();
            return new ReaderSurvey(names, ReaderAssignment.assign(patterns, names), contested(patterns, names));
        }
    }

    private static List<String> contested(Map<String, ReaderPattern> patterns, List<String> names) {
        List<String> contested = new ArrayList<>();
        for (String name : names) {
            List<String> claimants = patterns.entrySet().stream()
                    .filter(entry -> entry.getValue().matches(name))
                    .map(Map.Entry::getKey)
                    .toList();
            if (claimants.size() > 1) {
                contested.add("the PC/SC reader " + name + " is matched by " + String.join(" and ", claimants));
            }
        }
        return contested;
    }

    /** The id that a reader belongs to; empty if it is nobody's. */
    public String owner(String readerName) {
        return statuses.stream()
                .filter(status -> status.isAttached() && status.readerName().equals(readerName))
                .map(ReaderStatus::readerId)
                .findFirst()
                .orElse("");
    }
}
