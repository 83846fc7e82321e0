package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which file holds which segment, for a repair: files that bear each other's names are told apart by the lines that begin
 * them.
 */
final class SegmentFiles {

    private final JournalSegments segments;
    private final NavigableMap<Integer, Path> files = new TreeMap<>();

    private SegmentFiles(JournalSegments segments) {
        this.segments = segments;
    }

    static SegmentFiles in(JournalSegments segments, int first, int last) throws IOException {
        SegmentFiles found = new SegmentFiles(segments);
        List<Path> misnamed = new ArrayList<>();
        List<Path> unnamed = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            Path file = segments.segment(number);
            if (Files.exists(file)) {
                List<Integer> begun = SegmentSalvage.begunIn(file);
                if (begun.contains(number)) {
                    found.files.put(number, file);
                } else if (begun.isEmpty()) {
                    unnamed.add(file);
                } else {
                    misnamed.add(file);
                }
            }
        }
        for (Path file : misnamed) {
            List<Integer> begun = SegmentSalvage.begunIn(file);
            begun.removeIf(number -> number < first || number > last || found.files.containsKey(number));
            if (begun.isEmpty()) {
                unnamed.add(file);
            } else {
                found.files.put(begun.get(0), file);
            }
        }
        unnamed.forEach(file -> found.putWhereNoneIs(file, first));
        return found;
    }

    /** There is a place for each: there are no more files than numbers. */
    private void putWhereNoneIs(Path file, int first) {
        int own = JournalSegments.number(file.getFileName().toString());
        int free = files.containsKey(own) ? first : own;
        while (files.containsKey(free)) {
            free++;
        }
        files.put(free, file);
    }

    /** The file that holds a segment; one that does not exist if none does. */
    Path of(int number) {
        return files.getOrDefault(number, segments.directory().resolve("missing-" + number));
    }
}
