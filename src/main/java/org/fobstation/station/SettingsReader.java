package org.fobstation.station;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fobstation.klms.KlmsSetupException;
import org.fobstation.klms.SecretFile;
import org.fobstation.station.SettingsException.Problem;
import org.fobstation.station.SettingsFile.Entry;

/**
 * Reads typed settings and gathers every problem, so that an engineer mends a file in one go. An environment variable
 * named like the key in upper case with {@code _} for every other sign overrides the file.
 */
final class SettingsReader {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|min|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*(B|KB|MB|GB)");
    private static final Pattern READER = Pattern.compile("reader\\.(\\d{1,3})\\.[a-z]+");

    private final String file;
    private final Map<String, Entry> entries;
    private final Map<String, String> environment;
    private final Path home;
    private final Map<String, String> resolved = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    SettingsReader(String file, Map<String, Entry> entries, Map<String, String> environment, Path home) {
        this.file = file;
        this.entries = entries;
        this.environment = environment;
        this.home = home;
    }

    /** The value as text; without one, {@code standard}; a null standard makes the setting compulsory. */
    String text(String key, String standard) {
        return read(key, standard, "a text", Function.identity());
    }

    /** Text that has to match. */
    String text(String key, String standard, Pattern form, String expected) {
        return read(key, standard, expected, value -> form.matcher(value).matches() ? value : null);
    }

    Boolean flag(String key, boolean standard) {
        return read(key, Boolean.toString(standard), "true or false", value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        });
    }

    Integer integer(String key, int standard, int least, int most) {
        return read(key, Integer.toString(standard), "a whole number from " + least + " to " + most, value -> {
            int number = Integer.parseInt(value);
            return number >= least && number <= most ? number : null;
        });
    }

    Duration duration(String key, String standard, Duration least, Duration most) {
        String expected =
                "a time from " + spoken(least) + " to " + spoken(most) + ", written as 500 ms, 5 s, 2 min, 1 h or 30 d";
        Duration read = read(key, standard, expected, value -> {
            Matcher matcher = DURATION.matcher(value);
            if (!matcher.matches()) {
                return null;
            }
            long number = Long.parseLong(matcher.group(1));
            Duration time =
                    switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "s" -> Duration.ofSeconds(number);
                        case "min" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    };
            return time.compareTo(least) >= 0 && time.compareTo(most) <= 0 ? time : null;
        });
        if (read != null) {
            // Camel's endpoint options take milliseconds.
            resolved.put(key, Long.toString(read.toMillis()));
        }
        return read;
    }

    /** A size in bytes. */
    Long size(String key, String standard) {
        return read(key, standard, "a size such as 200 MB", value -> {
            Matcher matcher = SIZE.matcher(value);
            if (!matcher.matches()) {
                return null;
            }
            int power = List.of("B", "KB", "MB", "GB").indexOf(matcher.group(2));
            return Long.parseLong(matcher.group(1)) << 10 * power;
        });
    }

    /** A path; a relative one starts at the station's folder. */
    Path path(String key, String standard) {
        // Camel takes a comma and a question mark for the end of a path and decodes what follows a percent sign.
        return read(
                key,
                standard,
                "a path without , % and ?",
                value -> value.isEmpty() || value.matches(".*[,%?].*") ? null : fromHome(value));
    }

    /** A path that need not be set, of no use in routes. */
    Optional<Path> optionalPath(String key) {
        return optional(key).map(value -> read(key, "", "a path", this::fromHome));
    }

    private Path fromHome(String path) {
        try {
            return home.resolve(path).normalize();
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** Where relative paths start. */
    Path home() {
        return home;
    }

    URI httpsUri(String key) {
        URI read = read(key, null, "an address such as https://klms.example:8443, without query and user", value -> {
            URI uri = URI.create(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
            boolean plain = uri.getRawQuery() == null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
            return "https".equals(uri.getScheme()) && uri.getHost() != null && plain ? uri : null;
        });
        if (read != null) {
            // Without a slash at its end, so that the routes can put a path behind it.
            resolved.put(key, read.toString());
        }
        return read;
    }

    <E extends Enum<E>> E choice(String key, E standard, Class<E> type) {
        String expected = "one of " + String.join(", ", names(type));
        return read(key, nameOf(standard), expected, value -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> nameOf(constant).equals(value))
                .findFirst()
                .orElse(null));
    }

    /** A value in a form of its own; {@code parser} throws {@link IllegalArgumentException} with the reason. */
    <T> T parsed(String key, String standard, Function<String, T> parser) {
        Entry entry = entry(key, standard);
        if (entry == null) {
            return null;
        }
        try {
            return parser.apply(entry.value());
        } catch (IllegalArgumentException e) {
            problem(entry.where(), key + " is refused: " + e.getMessage(), "See the explanation in the shipped file");
            return null;
        }
    }

    Optional<String> optional(String key) {
        return Optional.ofNullable(entry(key, "")).map(Entry::value).filter(value -> !value.isEmpty());
    }

    /** The numbers n of all settings {@code reader.<n>.…}, in rising order. */
    List<Integer> readers() {
        Set<String> keys = new HashSet<>(entries.keySet());
        environment.keySet().stream()
                .filter(name -> name.startsWith("READER_"))
                .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '.'))
                .forEach(keys::add);
        return keys.stream()
                .map(READER::matcher)
                .filter(Matcher::matches)
                .map(matcher -> Integer.valueOf(matcher.group(1)))
                .distinct()
                .sorted()
                .toList();
    }

    void requireNoProblem() throws SettingsException {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    boolean hasProblems() {
        return !problems.isEmpty();
    }

    void problem(String where, String what, String remedy) {
        problems.add(new Problem(where, what, remedy));
    }

    /** Where the file or the environment sets a key; the file itself where it does not. */
    String where(String key) {
        Entry entry = entry(key, "");
        return entry == null ? file : entry.where();
    }

    /**
     * Ends the reading: all settings as text for the routes' placeholders, free ones ({@code camel.*}, {@code site.*})
     * included.
     *
     * @param components that routes may use: what {@code camel.component.*} may be about
     * @throws SettingsException if anything was wrong, unknown keys included
     */
    Map<String, String> finish(Set<String> components) throws SettingsException {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                other(key, entry, components);
            }
        });
        requireNoProblem();
        return Map.copyOf(resolved);
    }

    /** A line whose key is none of the station's. */
    private void other(String key, Entry entry, Set<String> components) {
        Optional<String> secret = PlainSecret.in(key, entry.value());
        boolean free = key.startsWith("camel.") || key.startsWith("site.");
        if (secret.isPresent()) {
            problem(entry.where(), secret.get(), PlainSecret.remedy(free ? variable(key) : ""));
        } else if (!free) {
            problem(entry.where(), key + " is no setting of the station", "Check the spelling, or use site.*");
        } else if (PlainSecret.isFile(key)) {
            optionalPath(key).ifPresent(path -> secretFile(key, path));
        } else {
            Entry inForce = entry(key, "");
            FreeSettings.ofKey(key, components)
                    .ifPresentOrElse(
                            refusal -> problem(entry.where(), refusal.reason(), refusal.remedy()),
                            () -> FreeSettings.ofValue(key, inForce.value(), this::written)
                                    .ifPresent(
                                            refusal -> problem(inForce.where(), refusal.reason(), refusal.remedy())));
        }
    }

    /** A setting's value as it will be in force; null if neither file nor environment sets it. */
    private String written(String key) {
        return Optional.ofNullable(environment.get(variable(key)))
                .or(() -> Optional.ofNullable(entries.get(key)).map(Entry::value))
                .orElse(resolved.get(key));
    }

    /** A file with a secret in it, checked: only its owner may open it. */
    SecretFile secretFile(String key, Path path) {
        SecretFile file = new SecretFile(path);
        try {
            file.check();
        } catch (KlmsSetupException e) {
            problem(where(key), key + " names " + e.place() + ": " + e.reason(), e.remedy());
        }
        return file;
    }

    private <T> T read(String key, String standard, String expected, Function<String, T> parser) {
        Entry entry = entry(key, standard);
        if (entry == null) {
            return null;
        }
        T value;
        try {
            value = parser.apply(entry.value());
        } catch (IllegalArgumentException e) {
            value = null;
        }
        if (value == null) {
            String what = PlainSecret.in(key, entry.value()).orElse(key + " is '" + entry.value() + "'");
            problem(entry.where(), what, "Expected is " + expected);
        }
        return value;
    }

    private Entry entry(String key, String standard) {
        known.add(key);
        String variable = variable(key);
        Entry entry = environment.containsKey(variable)
                ? new Entry(environment.get(variable).strip(), "environment variable " + variable)
                : entries.getOrDefault(key, standard == null ? null : new Entry(standard, file));
        if (entry == null || entry.value().isEmpty() && standard == null) {
            problem(entry == null ? file : entry.where(), key + " is not set", "Set it; the shipped file explains it");
            return null;
        }
        resolved.put(key, entry.value());
        return entry;
    }

    /** The environment variable that overrides a key. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private static String spoken(Duration time) {
        return time.toMillis() % 1000 != 0 ? time.toMillis() + " ms" : time.toSeconds() + " s";
    }

    private static <E extends Enum<E>> List<String> names(Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(SettingsReader::nameOf)
                .toList();
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
