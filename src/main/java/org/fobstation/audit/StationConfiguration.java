package org.fobstation.audit;

import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * With what a station was started: hashes, and no value of any setting.
 *
 * @param softwareVersion of the station's program
 * @param configHash SHA-256 over the settings that are in force, 64 hex digits
 * @param routesHash SHA-256 over the route files, 64 hex digits
 * @param parts a few hex digits for each setting, route file and part of what the station runs in, by its name: enough to
 *     tell which one changed
 */
public record StationConfiguration(
        String softwareVersion, String configHash, String routesHash, Map<String, String> parts) {

    private static final String VERSION = "software version";

    public StationConfiguration {
        Objects.requireNonNull(softwareVersion);
        Objects.requireNonNull(configHash);
        Objects.requireNonNull(routesHash);
        parts = Collections.unmodifiableMap(new TreeMap<>(parts));
    }

    /** The entry that a start with this makes; empty if the last one was with the same and its segment says so. */
    Optional<JournalEntry> atStart(Ledger before, Clock clock) {
        return changeFrom(before.configuration(), clock)
                .or(() -> before.saysConfiguration() ? Optional.empty() : Optional.of(again(clock)));
    }

    private Optional<JournalEntry> changeFrom(Optional<StationConfiguration> before, Clock clock) {
        return before.filter(this::equals).isPresent()
                ? Optional.empty()
                : Optional.of(new JournalEntry.Configured(
                        clock.instant(), this, before.map(this::changedSince).orElse(List.of())));
    }

    /** The same said again, so that retention cannot remove the last entry that says it. */
    JournalEntry again(Clock clock) {
        return new JournalEntry.Configured(clock.instant(), this, List.of());
    }

    /** What is different, new or gone, by name; in order, {@code software version} first. */
    List<String> changedSince(StationConfiguration before) {
        TreeSet<String> names = new TreeSet<>(parts.keySet());
        names.addAll(before.parts.keySet());
        names.removeIf(name -> Objects.equals(parts.get(name), before.parts.get(name)));
        return softwareVersion.equals(before.softwareVersion)
                ? List.copyOf(names)
                : Stream.concat(Stream.of(VERSION), names.stream()).toList();
    }
}
