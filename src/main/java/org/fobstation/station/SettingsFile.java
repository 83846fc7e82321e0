package org.fobstation.station;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fobstation.station.SettingsException.Problem;

/**
 * The lines of {@code station.properties}: {@code key = value}, comments from {@code #} at the start of a line, UTF-8.
 * Values are taken as written: a backslash is a backslash, so that Windows paths need no doubling. That is why
 * {@link java.util.Properties} does not read this file.
 */
final class SettingsFile {

    /**
     * A value and where it was written.
     *
     * @param where file and line, or the environment variable that overrides it
     */
    record Entry(String value, String where) {}

    private SettingsFile() {}

    /** All entries in the order of the file. */
    static Map<String, Entry> read(Path file) throws SettingsException {
        List<String> lines = lines(file);
        Map<String, Entry> entries = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = file + " line " + (i + 1);
            int equals = line.indexOf('=');
            if (equals < 1) {
                problems.add(new Problem(where, "no setting: it has no key and =", "Write key = value"));
                continue;
            }
            String key = line.substring(0, equals).strip();
            Entry before = entries.putIfAbsent(
                    key, new Entry(line.substring(equals + 1).strip(), where));
            if (before != null) {
                problems.add(new Problem(where, key + " is set twice, first at " + before.where(), "Remove one"));
            }
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return entries;
    }

    private static List<String> lines(Path file) throws SettingsException {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            if (!lines.isEmpty() && lines.get(0).startsWith("\uFEFF")) {
                // Windows editors put a byte order mark in front.
                lines.set(0, lines.get(0).substring(1));
            }
            return lines;
        } catch (CharacterCodingException e) {
            throw unreadable(file, "the file is not UTF-8", "Save it as UTF-8");
        } catch (NoSuchFileException e) {
            throw unreadable(file, "there is no such file", "Check the path, or name the file by --config");
        } catch (IOException e) {
            throw unreadable(
                    file, "the file cannot be read: " + e, "Check path and permissions, or name it by --config");
        }
    }

    private static SettingsException unreadable(Path file, String what, String remedy) {
        return new SettingsException(List.of(new Problem(file.toString(), what, remedy)));
    }
}
