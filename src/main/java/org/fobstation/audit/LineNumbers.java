package org.fobstation.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers of lines that may be damaged. A line's number is in no hash, but which line it follows is: among lines that
 * continue each other the numbers that most of them agree on hold for all.
 */
final class LineNumbers {

    private final List<JournalLine> lines = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final Map<String, Integer> byHash = new HashMap<>();
    private final int[] first;
    private final int[] behindFirst;

    private LineNumbers(List<Optional<JournalLine>> pieces) {
        for (int place = 0; place < pieces.size(); place++) {
            if (pieces.get(place).isPresent()) {
                JournalLine line = pieces.get(place).get();
                byHash.putIfAbsent(line.hash(), lines.size());
                lines.add(line);
                places.add(place);
            }
        }
        first = new int[lines.size()];
        behindFirst = new int[lines.size()];
    }

    /**
     * The lines with the numbers they must have.
     *
     * @param pieces of a file in its order; empty for what is no line
     * @param before the number of the last line before the file; decides where the lines do not
     */
    static List<JournalLine> of(List<Optional<JournalLine>> pieces, long before) {
        return new LineNumbers(pieces).numbered(before);
    }

    private List<JournalLine> numbered(long before) {
        Map<Integer, Map<Long, Integer>> votes = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            follow(i);
            long ofFirst = lines.get(i).n() - behindFirst[i];
            votes.computeIfAbsent(first[i], chain -> new HashMap<>()).merge(ofFirst, 1, Integer::sum);
        }
        Map<Integer, Long> elected = new HashMap<>();
        votes.forEach((chain, numbers) -> elected.put(chain, elect(numbers, before + 1 + places.get(chain))));
        List<JournalLine> numbered = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            JournalLine line = lines.get(i);
            numbered.add(
                    new JournalLine(elected.get(first[i]) + behindFirst[i], line.prev(), line.hash(), line.entry()));
        }
        return numbered;
    }

    private static long elect(Map<Long, Integer> numbers, long expected) {
        Comparator<Map.Entry<Long, Integer>> byVotes = Map.Entry.comparingByValue();
        return numbers.entrySet().stream()
                .max(byVotes.thenComparing(number -> -Math.abs(number.getKey() - expected)))
                .orElseThrow()
                .getKey();
    }

    /** Finds the first of the lines that lead to one, and how far it is. */
    private void follow(int line) {
        Deque<Integer> way = new ArrayDeque<>();
        int at = line;
        Integer before = byHash.get(lines.get(at).prev());
        while (before != null && behindFirst[at] == 0) {
            way.push(at);
            at = before;
            before = byHash.get(lines.get(at).prev());
        }
        if (before == null) {
            first[at] = at;
        }
        while (!way.isEmpty()) {
            int next = way.pop();
            first[next] = first[at];
            behindFirst[next] = behindFirst[at] + 1;
            at = next;
        }
    }
}
