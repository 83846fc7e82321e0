package org.fobstation.pcsc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which PC/SC reader belongs to which configured id. A doubt means none: a fob is never served on a guessed reader. */
final class ReaderAssignment {

    private ReaderAssignment() {}

    /**
     * @param patterns by reader id
     * @param readerNames the readers there are
     * @return a status for each id, in the order of {@code patterns}
     */
    static List<ReaderStatus> assign(Map<String, ReaderPattern> patterns, Collection<String> readerNames) {
        Map<String, List<String>> claims = new LinkedHashMap<>();
        for (String name : readerNames) {
            List<String> claimants = new ArrayList<>();
            patterns.forEach((id, pattern) -> {
                if (pattern.matches(name)) {
                    claimants.add(id);
                }
            });
            claims.put(name, claimants);
        }
        List<ReaderStatus> statuses = new ArrayList<>();
        patterns.forEach((id, pattern) -> statuses.add(assign(id, pattern, claims)));
        return List.copyOf(statuses);
    }

    private static ReaderStatus assign(String id, ReaderPattern pattern, Map<String, List<String>> claims) {
        List<String> matching = claims.entrySet().stream()
                .filter(claim -> claim.getValue().contains(id))
                .map(Map.Entry::getKey)
                .toList();
        if (matching.isEmpty()) {
            return ReaderStatus.missing(
                    id, "no reader matches \"" + pattern + "\"; readers there are: " + orNone(claims.keySet()));
        }
        if (matching.size() > 1) {
            return ReaderStatus.ambiguous(
                    id,
                    "\"" + pattern + "\" matches " + matching.size() + " readers: " + String.join(", ", matching)
                            + "; narrow the reader's name or exclude the others");
        }
        String name = matching.get(0);
        List<String> claimants = claims.get(name);
        if (claimants.size() > 1) {
            return ReaderStatus.ambiguous(
                    id,
                    "the reader " + name + " is claimed by " + String.join(", ", claimants)
                            + "; narrow their names so that each means a reader of its own");
        }
        return ReaderStatus.attached(id, name);
    }

    /** The readers that no pattern matches; those that one leaves out on purpose are not among them. */
    static List<String> unclaimed(Collection<ReaderPattern> patterns, Collection<String> readerNames) {
        return readerNames.stream()
                .filter(name -> patterns.stream().noneMatch(pattern -> pattern.matches(name) || pattern.excludes(name)))
                .toList();
    }

    private static String orNone(Collection<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
