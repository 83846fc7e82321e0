package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The segments of a journal: {@code 00000001.journal} and so on, no number left out. */
record JournalSegments(Path directory) {

    private static final Pattern NAME = Pattern.compile("[0-9]{8}\\.journal");

    Path segment(int number) {
        return directory.resolve(String.format("%08d.journal", number));
    }

    /**
     * How many there are; their numbers are 1 to this.
     *
     * @throws JournalException if one is missing
     */
    int count() throws JournalException {
        List<String> names = names();
        for (int number = 1; number <= names.size(); number++) {
            Path expected = segment(number);
            if (!names.get(number - 1).equals(expected.getFileName().toString())) {
                throw new JournalException(
                        "The audit journal is damaged",
                        expected.toString(),
                        "the segment is missing",
                        "Put it back from where it was moved or saved to.");
            }
        }
        return names.size();
    }

    private List<String> names() throws JournalException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> NAME.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    static JournalException unreadable(Path path, IOException e) {
        return new JournalException(
                "The audit journal cannot be read",
                path.toString(),
                e.toString(),
                "Check the disk and the permissions of data.dir.",
                e);
    }
}
