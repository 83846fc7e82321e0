package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The segments of a journal: {@code 00000001.journal} and so on, no number left out. */
record JournalSegments(Path directory) {

    private static final String UNREADABLE = "The audit journal cannot be read";
    private static final int DIGITS = 8;
    private static final Pattern NAME = Pattern.compile("[0-9]{" + DIGITS + "}\\.journal");

    Path segment(int number) {
        return directory.resolve(String.format("%08d.journal", number));
    }

    /**
     * The segments there are.
     *
     * @param first the lowest number; above 1 where retention has removed older ones
     * @param last the highest number; 0 without any
     */
    record Range(int first, int last) {

        boolean isEmpty() {
            return last == 0;
        }
    }

    /** @throws JournalException if one between the first and the last is missing */
    Range range() throws JournalException {
        Range span = span();
        int missing = firstMissing(span);
        if (missing <= span.last()) {
            throw missing(missing);
        }
        return span;
    }

    /**
     * From the first to the last, whatever is missing in between.
     *
     * @throws JournalException if the folder cannot be listed, or if what bears a segment's name is no file
     */
    Range span() throws JournalException {
        List<String> names = names();
        return names.isEmpty() ? new Range(1, 0) : new Range(number(names.get(0)), number(names.get(names.size() - 1)));
    }

    /** The first one of a span that is missing; behind its end if none is. */
    int firstMissing(Range span) {
        int number = span.first();
        while (number <= span.last() && Files.exists(segment(number))) {
            number++;
        }
        return number;
    }

    JournalException missing(int number) {
        return new JournalException(
                "The audit journal is damaged",
                segment(number).toString(),
                "the segment is missing",
                "Put it back from where it was moved or saved to, or stop the station and run: station repair.");
    }

    static int number(String name) {
        return Integer.parseInt(name.substring(0, DIGITS));
    }

    private List<String> names() throws JournalException {
        List<String> names;
        try (Stream<Path> files = Files.list(directory)) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(name -> NAME.matcher(name).matches() && number(name) > 0)
                    .sorted()
                    .toList();
        } catch (NotDirectoryException e) {
            throw new JournalException(
                    UNREADABLE, directory.toString(), DiskFault.FILE_FOR_FOLDER, "Move it away, then try again.", e);
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
        for (String name : names) {
            requireFile(directory.resolve(name));
        }
        return names;
    }

    /** Nobody can read a folder as a segment, and a pipe may never end. */
    private static void requireFile(Path segment) throws JournalException {
        if (OwnerFile.isNoFile(segment)) {
            throw new JournalException(
                    UNREADABLE,
                    segment.toString(),
                    (Files.isDirectory(segment) ? "a folder" : "something that is no file")
                            + " stands where the segment belongs",
                    "Move it away, then put the segment back or run: station repair.");
        }
    }

    static JournalException unreadable(Path path, IOException e) {
        return new JournalException(
                UNREADABLE, path.toString(), e.toString(), "Check the disk and the permissions of data.dir.", e);
    }
}
