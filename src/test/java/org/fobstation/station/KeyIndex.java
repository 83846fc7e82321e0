package org.fobstation.station;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds any of many byte strings in a long one, in one pass however many they are. */
final class KeyIndex {

    private static final int HEAD = Long.BYTES;
    private static final int FILTER_BITS = 24;

    private final Map<Long, List<Entry>> byHead = new HashMap<>();

    /** Most of what is read begins no entry; this says so without a look into the map. */
    private final BitSet filter = new BitSet(1 << FILTER_BITS);

    private record Entry(String name, byte[] bytes) {

        boolean isAt(byte[] content, int from) {
            boolean same = content.length - from >= bytes.length;
            for (int i = HEAD; same && i < bytes.length; i++) {
                same = content[from + i] == bytes[i];
            }
            return same;
        }
    }

    /** @param bytes at least 8 */
    void add(String name, byte[] bytes) {
        long head = 0;
        for (int i = 0; i < HEAD; i++) {
            head = head << Byte.SIZE | bytes[i] & 0xFF;
        }
        filter.set(slot(head));
        byHead.computeIfAbsent(head, key -> new ArrayList<>()).add(new Entry(name, bytes));
    }

    /** The names of the entries that occur, each once. */
    Set<String> occurringIn(byte[] content) {
        Set<String> found = new LinkedHashSet<>();
        long head = 0;
        for (int i = 0; i < content.length; i++) {
            head = head << Byte.SIZE | content[i] & 0xFF;
            int from = i + 1 - HEAD;
            if (from >= 0 && filter.get(slot(head))) {
                for (Entry entry : byHead.getOrDefault(head, List.of())) {
                    if (entry.isAt(content, from)) {
                        found.add(entry.name());
                    }
                }
            }
        }
        return found;
    }

    private static int slot(long head) {
        return (int) (head * 0x9E3779B97F4A7C15L >>> Long.SIZE - FILTER_BITS);
    }
}
