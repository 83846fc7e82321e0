package org.fobstation.station;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What routes may use: the shipped list, and what {@code routes.allow} adds. Whoever can edit YAML must not be able to
 * start programs, load classes, reach other hosts, or touch the journal and the requests.
 *
 * @param components schemes of endpoints
 * @param hosts {@code host:port} that https endpoints may name
 * @param keys where the station asks for keys, which no route may do
 * @param folders that file endpoints may name, with what is below them; absolute
 * @param classes names, or packages as {@code org.acme.*}
 * @param languages of expressions
 */
record RoutePolicy(
        Set<String> components,
        Set<String> hosts,
        URI keys,
        List<Path> folders,
        Set<String> classes,
        Set<String> languages) {

    static final String SETTING = "routes.allow";

    /** The bean that reaches every card. */
    static final String CARDS = "smartCardService";

    static final Optional<Refusal> OWN =
            Optional.of(new Refusal("keys and cards are the station's own", "Go through direct:key-package"));

    private static final Set<String> COMPONENTS =
            Set.of("pcsc", "outbox", "direct", "seda", "timer", "log", "bean", "file", "https");
    private static final Set<String> LANGUAGES =
            Set.of("simple", "constant", "header", "exchangeProperty", "variable", "tokenize", "method", "file", "ref");
    private static final List<String> DATA_FOLDERS = List.of("archive", "dead-letter", "site");
    private static final Pattern CLASS = Pattern.compile("[A-Za-z_$][\\w$]*(\\.[A-Za-z_$][\\w$]*)*(\\.\\*)?");

    /** Why something may not be used, and what to do about it. */
    record Refusal(String reason, String remedy) {}

    /** What {@code routes.allow} says, by kind. */
    record Additions(Map<String, List<String>> byKind) {

        private static final List<String> KINDS = List.of("component", "host", "folder", "class", "language");

        /** @throws IllegalArgumentException with the reason */
        static Additions parse(String value) {
            Map<String, List<String>> byKind = new HashMap<>();
            for (String entry : value.split(",")) {
                String text = entry.strip();
                if (text.isEmpty()) {
                    continue;
                }
                int colon = text.indexOf(':');
                String kind = colon < 0 ? "" : text.substring(0, colon);
                String name = text.substring(colon + 1).strip();
                if (!KINDS.contains(kind) || !isName(kind, name)) {
                    throw new IllegalArgumentException("'" + text + "'; an entry is component:NAME, host:HOST:PORT,"
                            + " folder:PATH, class:NAME or language:NAME");
                }
                byKind.computeIfAbsent(kind, any -> new ArrayList<>()).add(name);
            }
            return new Additions(byKind);
        }

        private static boolean isName(String kind, String name) {
            return switch (kind) {
                case "host" -> name.matches("[A-Za-z0-9.-]+:\\d{1,5}");
                case "class" -> CLASS.matcher(name).matches();
                case "folder" -> isPath(name);
                default -> name.matches("[A-Za-z][A-Za-z0-9+.-]*");
            };
        }

        private static boolean isPath(String name) {
            try {
                return !name.isEmpty() && Path.of(name).isAbsolute();
            } catch (InvalidPathException e) {
                return false;
            }
        }

        List<String> of(String kind) {
            return byKind.getOrDefault(kind, List.of());
        }
    }

    static RoutePolicy of(StationSettings settings) {
        Additions more = settings.routesAllow();
        Set<String> hosts = new LinkedHashSet<>(Set.of(authority(settings.klms().url())));
        more.of("host").forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        List<Path> folders = new ArrayList<>();
        DATA_FOLDERS.forEach(name -> folders.add(settings.dataDirectory().resolve(name)));
        more.of("folder").forEach(folder -> folders.add(Path.of(folder).normalize()));
        Set<String> languages = new LinkedHashSet<>(LANGUAGES);
        languages.addAll(more.of("language"));
        return new RoutePolicy(
                components(more), hosts, settings.klms().keysUrl(), folders, Set.copyOf(more.of("class")), languages);
    }

    /**
     * The schemes of endpoints that routes may use.
     *
     * @param more null if it could not be read
     */
    static Set<String> components(Additions more) {
        Set<String> components = new LinkedHashSet<>(COMPONENTS);
        if (more != null) {
            components.addAll(more.of("component"));
        }
        return components;
    }

    Optional<Refusal> ofComponent(String scheme) {
        return components.contains(scheme)
                ? Optional.empty()
                : refusal("the component " + scheme + " is not one that routes may use", "component:" + scheme);
    }

    Optional<Refusal> ofLanguage(String language) {
        return languages.contains(language)
                ? Optional.empty()
                : refusal("the language " + language + " is not one that routes may use", "language:" + language);
    }

    Optional<Refusal> ofClass(String name) {
        boolean allowed = classes.stream()
                .anyMatch(known -> known.endsWith(".*")
                        ? name.startsWith(known.substring(0, known.length() - 1))
                        : name.equals(known));
        return allowed
                ? Optional.empty()
                : refusal("the class " + name + " is not one that routes may use", "class:" + name);
    }

    /** Camel takes a bean's name for that of a class where the registry has no such bean. None there has a dot. */
    Optional<Refusal> ofBean(String name) {
        if (CARDS.equals(name)) {
            return OWN;
        }
        return name.contains(".") ? ofClass(name) : Optional.empty();
    }

    /** An address's host and port, and its path; another scheme than https is a component that is refused by itself. */
    Optional<Refusal> ofHost(URI address) {
        String host = address.getHost() == null ? "(none)" : authority(address);
        if (host.equals(authority(keys)) && path(address).equals(path(keys))) {
            return OWN;
        }
        return hosts.contains(host)
                ? Optional.empty()
                : refusal("the host " + host + " is not one that routes may call", "host:" + host);
    }

    Optional<Refusal> ofFolder(Path folder) {
        Path real = real(folder);
        return folders.stream().map(RoutePolicy::real).anyMatch(real::startsWith)
                ? Optional.empty()
                : refusal(
                        "the folder " + folder + " is not one that routes may use",
                        "folder:" + folder.toAbsolutePath().normalize());
    }

    private static Optional<Refusal> refusal(String reason, String entry) {
        return Optional.of(
                new Refusal(reason, "Take it out, or add " + entry + " to " + SETTING + " if the site needs it"));
    }

    private static String authority(URI address) {
        int port = address.getPort() < 0 ? 443 : address.getPort();
        return address.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    /** As servers may take it: decoded, in any case, without doubled slashes, dots and what a semicolon adds. */
    private static String path(URI address) {
        Deque<String> steps = new ArrayDeque<>();
        for (String step : address.getPath().replaceAll(";[^/]*", "").split("/")) {
            if (step.equals("..")) {
                steps.pollLast();
            } else if (!step.isEmpty() && !step.equals(".")) {
                steps.addLast(step.toLowerCase(Locale.ROOT));
            }
        }
        return String.join("/", steps);
    }

    /** Links resolved as far as the path exists: a link within an allowed folder leads nowhere else. */
    private static Path real(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        for (Path there = absolute; there != null; there = there.getParent()) {
            if (Files.exists(there)) {
                try {
                    return there.toRealPath()
                            .resolve(there.relativize(absolute))
                            .normalize();
                } catch (IOException e) {
                    return absolute;
                }
            }
        }
        return absolute;
    }

    /** The names in {@code routes.allow}, checked. */
    static Additions read(SettingsReader reader) {
        return reader.parsed(SETTING, "", Additions::parse);
    }

    /** What an endpoint's option may not say: to go elsewhere, or to load a class. */
    static boolean leadsElsewhere(String path) {
        return path.startsWith("/")
                || path.startsWith("\\")
                || path.matches("[A-Za-z]:.*")
                || Arrays.asList(path.split("[/\\\\]")).contains("..")
                || path.replace("$simple{", "${")
                        .replaceAll("\\$\\{(file|date)[:.][^}]*}", "")
                        .contains("${");
    }
}
