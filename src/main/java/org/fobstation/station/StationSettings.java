package org.fobstation.station;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.fobstation.audit.AuditSettings;
import org.fobstation.klms.KlmsSettings;
import org.fobstation.pcsc.ReaderPattern;
import org.fobstation.provisioning.RunSettings;

/**
 * The station's whole configuration, typed and checked.
 *
 * @param stationId how the records name the station
 * @param dataDirectory journal, archive, dead letters, requests
 * @param routesDirectory the YAML routes
 * @param holdAfterFailures this many failures in a row stop the line
 * @param routesAllow what routes may use beyond the shipped list
 * @param placeholders every setting as text, for the routes
 */
public record StationSettings(
        String stationId,
        Path dataDirectory,
        Path routesDirectory,
        KlmsSettings klms,
        List<ReaderSettings> readers,
        RunSettings run,
        int maxBacklog,
        long minFreeBytes,
        Duration retention,
        int holdAfterFailures,
        RoutePolicy.Additions routesAllow,
        Map<String, String> placeholders) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String ID_FORM = "letters, digits, . _ - ; at most 64";
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /**
     * Reads and checks the configuration.
     *
     * @param file {@code station.properties}
     * @param environment overrides the file, and may hold the stores' passwords
     * @param home where relative paths start
     * @throws SettingsException naming every problem
     */
    public static StationSettings load(Path file, Map<String, String> environment, Path home) throws SettingsException {
        SettingsReader reader =
                new SettingsReader(file.toString(), SettingsFile.read(file), environment, home.toAbsolutePath());
        String stationId = reader.text("station.id", null, ID, ID_FORM);
        Path data = reader.path("data.dir", "data");
        Path routes = reader.path("routes.dir", "routes");
        KlmsSettingsReader klms = new KlmsSettingsReader(reader, environment);
        List<ReaderSettings> readers = readers(reader);
        RunSettings run = CardSettings.read(reader);
        Integer maxBacklog = reader.integer("audit.max-backlog", 1000, 1, 1_000_000);
        Long minFree = reader.size("audit.min-free", "200 MB");
        Duration retention =
                reader.duration("audit.retention", "731 d", AuditSettings.RETENTION_LEAST, Duration.ofDays(36_525));
        Integer holdAfter = reader.integer("hold.after-failures", 3, 1, 1000);
        RoutePolicy.Additions routesAllow = RoutePolicy.read(reader);
        delivery(reader);
        Map<String, String> placeholders = new LinkedHashMap<>(reader.finish(RoutePolicy.components(routesAllow)));
        // Routes get absolute paths, so that the working directory does not matter.
        placeholders.put("data.dir", data.toString());
        placeholders.put("routes.dir", routes.toString());
        return new StationSettings(
                stationId,
                data,
                routes,
                klms.settings(),
                readers,
                run,
                maxBacklog,
                minFree,
                retention,
                holdAfter,
                routesAllow,
                Map.copyOf(placeholders));
    }

    private static List<ReaderSettings> readers(SettingsReader reader) {
        List<ReaderSettings> readers = new ArrayList<>();
        Map<String, Integer> ids = new HashMap<>();
        Map<String, Integer> patterns = new HashMap<>();
        for (int number : reader.readers()) {
            String key = "reader." + number;
            String id = reader.text(key + ".id", null, ID, ID_FORM);
            String name = reader.text(key + ".name", null);
            String exclude = reader.optional(key + ".exclude").orElse("");
            Integer before = id == null ? null : ids.putIfAbsent(id, number);
            if (before != null) {
                reader.problem(
                        reader.where(key + ".id"), key + ".id is the id of reader." + before, "Give each its own");
            }
            if (name != null) {
                pattern(reader, key, name, exclude);
                Integer same = patterns.putIfAbsent((name + "\n" + exclude).toLowerCase(Locale.ROOT), number);
                if (same != null) {
                    reader.problem(
                            reader.where(key + ".name"),
                            key + " has the patterns of reader." + same + " and matches the same PC/SC reader",
                            "Narrow both so that each means a reader of its own");
                }
            }
            readers.add(new ReaderSettings(number, id, name, exclude));
        }
        if (readers.isEmpty()) {
            reader.problem(reader.where("reader.1.id"), "no reader is configured", "Set reader.1.id and reader.1.name");
        }
        reader.duration("reader.debounce", "500 ms", Duration.ZERO, MINUTE);
        reader.duration("reader.stuck-after", "10 s", Duration.ofMillis(100), HOUR);
        reader.flag("reader.allow-random-uid", false);
        return List.copyOf(readers);
    }

    private static void pattern(SettingsReader reader, String key, String name, String exclude) {
        try {
            new ReaderPattern(name, exclude);
        } catch (IllegalArgumentException e) {
            reader.problem(reader.where(key + ".name"), key + " is refused: " + e.getMessage(), "Mend the pattern");
        }
    }

    /**
     * Reads and checks the readers alone: what {@code check} needs, before stores and passwords are there.
     *
     * @throws SettingsException naming every problem of the readers; others are not looked for
     */
    static List<ReaderSettings> loadReaders(Path file, Map<String, String> environment, Path home)
            throws SettingsException {
        SettingsReader reader =
                new SettingsReader(file.toString(), SettingsFile.read(file), environment, home.toAbsolutePath());
        List<ReaderSettings> readers = readers(reader);
        reader.requireNoProblem();
        return readers;
    }

    private static void delivery(SettingsReader reader) {
        reader.integer("audit.retries", 5, 0, 100);
        Duration first = reader.duration("audit.backoff", "1 s", MILLI, HOUR);
        Duration longest = reader.duration("audit.backoff-max", "30 s", MILLI, HOUR);
        if (first != null && longest != null && first.compareTo(longest) > 0) {
            reader.problem(
                    reader.where("audit.backoff"), "audit.backoff is longer than audit.backoff-max", "Make it shorter");
        }
        reader.duration("audit.replay-first", "10 s", MILLI, Duration.ofDays(1));
        reader.duration("audit.replay-interval", "5 min", MILLI, Duration.ofDays(1));
    }
}
