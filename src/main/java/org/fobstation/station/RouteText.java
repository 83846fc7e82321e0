package org.fobstation.station;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fobstation.station.RouteFiles.RouteFile;
import org.fobstation.station.RoutePolicy.Refusal;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads the routes as text, with placeholders filled in, and refuses what they may not use, with file and line: before
 * Camel sees them. What only a message makes known is left to {@link EndpointGuard}.
 */
final class RouteText {

    private static final Pattern CLASS = Pattern.compile("#(?:class|type):([\\w.$*]+)");
    private static final Pattern TYPED = Pattern.compile("\\{\\s*(?:bean:type:|bean:class:|type:)\\s*([\\w.$]+)");
    private static final Pattern BEAN = Pattern.compile("\\{\\s*bean:([\\w.$]+)(?=(\\?|::)?)");
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)(?::.*)?", Pattern.DOTALL);
    private static final Pattern INSIDE = Pattern.compile("\\{\\s*(?:camelContext(?!\\.stopping\\s*})|exchange\\s*[.?])"
            + "|\\.[cC]lass\\b|getClass\\b|[cC]lassLoader");
    private static final Pattern ENVIRONMENT = Pattern.compile("\\{\\s*(?:env|sysenv|sys|properties)\\s*[.:]");
    private static final Set<String> ADDRESSES = Set.of("uri", "to", "toD", "from", "wireTap", "poll", "deadLetterUri");
    private static final Set<String> CODE = Set.of("beans", "templateBeans", "script");
    private static final Set<String> LANGUAGES = Set.of(
            "groovy",
            "js",
            "javascript",
            "javaScript",
            "python",
            "joor",
            "java",
            "jexl",
            "mvel",
            "ognl",
            "spel",
            "csimple",
            "datasonnet",
            "wasm",
            "xquery",
            "xpath",
            "jq",
            "jsonpath",
            "hl7terser");

    private final RoutePolicy policy;
    private final Map<String, String> settings;
    private final Path file;
    private final List<String> problems;

    private RouteText(RoutePolicy policy, Map<String, String> settings, Path file, List<String> problems) {
        this.policy = policy;
        this.settings = settings;
        this.file = file;
        this.problems = problems;
    }

    /** @throws StationStartException naming file, line, reason and remedy of everything that is refused */
    static void requireAllowed(RouteFiles routes, RoutePolicy policy, Map<String, String> settings)
            throws StationStartException {
        List<String> problems = new ArrayList<>();
        for (RouteFile route : routes.files()) {
            new RouteText(policy, settings, routes.directory().resolve(route.name()), problems).read(route);
        }
        if (!problems.isEmpty()) {
            throw new StationStartException(
                    StationMain.UNUSABLE,
                    problems.size() + " problem(s) in the routes"
                            + problems.stream().map(problem -> "\n  " + problem).reduce("", String::concat),
                    null);
        }
    }

    private void read(RouteFile route) {
        try {
            String text = new String(route.content(), StandardCharsets.UTF_8);
            new Compose(LoadSettings.builder().setLabel(route.name()).build())
                    .composeAllFromString(text)
                    .forEach(document -> look("", document));
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark().map(RouteText::line).orElse("");
            problems.add(file + line + ": it is no YAML: " + e.getProblem() + ". Mend the text there.");
        } catch (YamlEngineException e) {
            problems.add(file + ": it is no YAML: " + e.getMessage() + ". Save it as UTF-8 and mend it.");
        }
    }

    private void look(String key, Node node) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                String name = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
                ofKey(name).ifPresent(refusal -> refuse(entry.getKeyNode(), refusal));
                look(name, entry.getValueNode());
            }
        } else if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> look(key, item));
        } else if (node instanceof ScalarNode scalar) {
            ofText(key, scalar.getValue()).ifPresent(refusal -> refuse(node, refusal));
        }
    }

    private Optional<Refusal> ofKey(String key) {
        if (CODE.contains(key)) {
            return Optional.of(new Refusal(
                    key + " makes objects of any class", "Take it out; routes use the station's beans alone"));
        }
        return LANGUAGES.contains(key) ? policy.ofLanguage(key) : Optional.empty();
    }

    private Optional<Refusal> ofText(String key, String written) {
        if (Placeholders.callsFunction(written)) {
            return Optional.of(new Refusal(
                    "a placeholder reads the process's environment, where passwords are", "Use a setting site.*"));
        }
        if (Placeholders.isNested(written)) {
            return Optional.of(new Refusal(
                    "a placeholder stands within another, and nobody can tell what comes of it",
                    "Write each by itself, or a setting site.*"));
        }
        String text = Placeholders.filled(written, settings::get);
        return ofNamed(key, text)
                .or(() -> ofExpression(policy, text))
                .or(() -> "language".equals(key) ? policy.ofLanguage(text) : Optional.empty())
                .or(() -> ADDRESSES.contains(key) || isCalled(key, text) ? ofAddress(text) : Optional.empty());
    }

    private Optional<Refusal> ofNamed(String key, String text) {
        return switch (key) {
            case "beanType", "factoryBean", "builderClass" -> policy.ofClass(text);
            case "ref" -> policy.ofBean(text);
            // The expression in its short form. A call has at most the dots of its arguments.
            case "method" -> text.matches("[\\w$]+(\\.[\\w$]+){2,}") ? policy.ofClass(text) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Why an expression may not be used; for a text that is none, what it may not name all the same. */
    static Optional<Refusal> ofExpression(RoutePolicy policy, String text) {
        for (Pattern pattern : List.of(CLASS, TYPED)) {
            Matcher named = pattern.matcher(text);
            while (named.find()) {
                Optional<Refusal> refusal = policy.ofClass(named.group(1));
                if (refusal.isPresent()) {
                    return refusal;
                }
            }
        }
        Matcher bean = BEAN.matcher(text);
        while (bean.find()) {
            // Without a sign in between, the method is behind the last dot.
            String name = bean.group(2) == null ? bean.group(1).replaceFirst("\\.[^.]*$", "") : bean.group(1);
            Optional<Refusal> refusal = policy.ofBean(name);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        if (ENVIRONMENT.matcher(text).find()) {
            return Optional.of(new Refusal(
                    "an expression reads the process's environment, where passwords are", "Use {{site.name}}"));
        }
        boolean expression = text.contains("${") || text.contains("$simple{");
        if (expression && INSIDE.matcher(text).find()) {
            return Optional.of(new Refusal(
                    "an expression reaches into Camel or into classes",
                    "Use body, header, exchangeProperty or variable"));
        }
        if (text.contains(RoutePolicy.CARDS)) {
            return RoutePolicy.OWN;
        }
        return text.startsWith("resource:")
                ? Optional.of(new Refusal("an expression is loaded from elsewhere", "Write it into the route"))
                : Optional.empty();
    }

    /** A constant that begins with a scheme known to be dangerous is an address wherever it stands. */
    private static boolean isCalled(String key, String text) {
        return "constant".equals(key)
                && text.matches("(exec|class|https?|file|language|controlbus|rest|docker|ssh):.*");
    }

    private Optional<Refusal> ofAddress(String text) {
        Matcher scheme = SCHEME.matcher(text);
        if (!scheme.matches() || text.startsWith("$")) {
            return Optional.empty();
        }
        Optional<Refusal> refusal = policy.ofComponent(scheme.group(1));
        if (refusal.isPresent() || text.contains("${") || text.contains("{{") || !text.contains(":")) {
            return refusal;
        }
        String place = text.replaceFirst("\\?.*", "");
        try {
            return switch (scheme.group(1)) {
                case "https" -> policy.ofHost(URI.create(place.replaceFirst("^https:/*", "https://")));
                case "bean" -> policy.ofBean(place.replaceFirst("^bean:/*", ""));
                case "file" ->
                    policy.ofFolder(Path.of(place.substring("file:".length()).replaceFirst("^//+", "/")));
                default -> Optional.empty();
            };
        } catch (InvalidPathException e) {
            return Optional.of(new Refusal("the path " + place + " is none", "Write a path of this system"));
        } catch (IllegalArgumentException e) {
            return Optional.of(new Refusal("the address " + place + " is none", "Write https://host:port/path"));
        }
    }

    private void refuse(Node node, Refusal refusal) {
        String line = node.getStartMark().map(RouteText::line).orElse("");
        problems.add(file + line + ": " + refusal.reason() + ". " + refusal.remedy() + ".");
    }

    private static String line(Mark mark) {
        return " line " + (mark.getLine() + 1);
    }
}
