package org.fobstation.station;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What came of the kills, of all lanes together. */
final class KillCounts {

    final AtomicLong records = new AtomicLong();
    final AtomicLong posts = new AtomicLong();
    final AtomicInteger lost = new AtomicInteger();
    final AtomicInteger givenUp = new AtomicInteger();
    final AtomicInteger acceptedTwice = new AtomicInteger();
    final AtomicInteger passesWithoutResult = new AtomicInteger();
    final AtomicInteger changesWithoutIntent = new AtomicInteger();
    final AtomicInteger stuck = new AtomicInteger();
    final AtomicInteger unlinked = new AtomicInteger();
    final List<String> violations = new CopyOnWriteArrayList<>();
    private final Map<Failpoint, Integer> kills = new EnumMap<>(Failpoint.class);
    private final Map<String, Integer> ends = new TreeMap<>();

    synchronized void killedAt(Failpoint point, String end) {
        kills.merge(point, 1, Integer::sum);
        ends.merge(end.startsWith("SHOWN") ? outcome(end.split(" ")) : "PASS before the kill", 1, Integer::sum);
    }

    private static String outcome(String[] shown) {
        return shown.length > 3 ? shown[1] + " " + shown[3] : shown[1];
    }

    synchronized int killsAt(Failpoint point) {
        return kills.getOrDefault(point, 0);
    }

    synchronized String describe() {
        int all = kills.values().stream().mapToInt(Integer::intValue).sum();
        return "kills: %d at %d points, ends of the fobs: %s%n".formatted(all, kills.size(), ends)
                + "records: %d, posts: %d, lost: %d, accepted twice: %d, PASS without a forced RESULT: %d, "
                        .formatted(
                                records.get(), posts.get(), lost.get(), acceptedTwice.get(), passesWithoutResult.get())
                + "fobs changed without a forced INTENT: %d, stuck: %d, not linked to the record before: %d"
                        .formatted(changesWithoutIntent.get(), stuck.get(), unlinked.get())
                + (givenUp.get() == 0 ? "" : ", still waiting in lanes that were given up: " + givenUp);
    }
}
