package org.fobstation.station;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fobstation.station.RoutePolicy.Refusal;

/**
 * Which free settings ({@code camel.*}, {@code site.*}) the station takes. {@code site.*} is free but for what would load
 * classes or read secrets. Of Camel's own only those of a list are taken, so that an option that a later Camel adds is
 * refused until somebody has looked at it. Listed is what a site needs for routes of its own and cannot write into a
 * route: what is logged (never more than a {@code log} step may print), sizes of pools and queues, waits, and whom calls
 * to other servers trust. Not listed is what shows values elsewhere, opens ports, writes files, loads code, leaves routes
 * out, stops the station or changes the order of its start.
 */
final class FreeSettings {

    private static final String COMPONENT = "camel.component.";

    private static final List<String> HTTP = List.of(
            "connectTimeout",
            "connectionRequestTimeout",
            "connectionTimeToLive",
            "connectionsPerRoute",
            "maxTotalConnections",
            "responseTimeout",
            "soTimeout",
            "useGlobalSslContextParameters",
            "userAgent");

    private static final Map<String, List<String>> ALLOWED = Map.of(
            "camel.main.",
            List.of(
                    "additionalSensitiveKeywords",
                    "logDebugMaxChars",
                    "logExhaustedMessageBody",
                    "logMask",
                    "logName",
                    "mdcLoggingKeysPattern",
                    "messageHistory",
                    "tracing",
                    "tracingLoggingFormat",
                    "tracingPattern",
                    "tracingTemplates",
                    "useMdcLogging"),
            "camel.ssl.",
            List.of(
                    "certAlias",
                    "cipherSuites",
                    "cipherSuitesExclude",
                    "cipherSuitesInclude",
                    "enabled",
                    "keyStore",
                    "keyStoreType",
                    "keystorePassword",
                    "secureSocketProtocol",
                    "trustStore",
                    "trustStorePassword"),
            "camel.threadpool.",
            List.of(
                    "allowCoreThreadTimeOut",
                    "id",
                    "keepAliveTime",
                    "maxPoolSize",
                    "maxQueueSize",
                    "poolSize",
                    "rejectedPolicy",
                    "timeUnit"),
            "camel.component.seda.",
            List.of(
                    "concurrentConsumers",
                    "defaultBlockWhenFull",
                    "defaultOfferTimeout",
                    "defaultPollTimeout",
                    "queueSize"),
            "camel.component.https.",
            HTTP,
            "camel.component.http.",
            HTTP);

    /** Those that ship have their options on each endpoint; what they have beside them the station sets itself. */
    private static final Set<String> BY_ENDPOINT = Set.of("pcsc", "outbox", "direct", "timer", "log", "bean", "file");

    private static final String GROUPS =
            "A setting of Camel's begins with camel.main., camel.ssl., camel.threadpool. or"
                    + " camel.component.NAME.; all else is set in the routes or not at all";

    /** A pool of its own name has the same options. */
    private static final Pattern NAMED_POOL = Pattern.compile("(?<=^camel\\.threadpool\\.)config\\[[\\w-]+]\\.");

    private static final Pattern COMPONENT_NAME = Pattern.compile("(?!properties$)[A-Za-z][A-Za-z0-9+-]*");
    private static final Pattern OBJECT = Pattern.compile("#(class|type|bean|property|autowired|valueAs)\\b");
    private static final Pattern OWN_PASSWORD = Pattern.compile("klms(key|trust)storepassword");

    /** From the environment, or another setting; the name of one has a dot. */
    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\{\\{\\??(?:env:([\\w.-]+)|(?!service\\.)[A-Za-z][\\w-]*(?:\\.[\\w-]+)+)(?::[^{}]*)?}}");

    private FreeSettings() {}

    /**
     * Why a key is refused; empty if it is not.
     *
     * @param components that routes may use
     */
    static Optional<Refusal> ofKey(String key, Set<String> components) {
        if (key.startsWith("site.")) {
            return Optional.empty();
        }
        String component =
                key.startsWith(COMPONENT) ? key.substring(COMPONENT.length()).replaceFirst("\\..*", "") : "";
        if (COMPONENT_NAME.matcher(component).matches()) {
            if (!components.contains(component)) {
                return Optional.of(new Refusal(
                        key + " is for a component that routes may not use",
                        "Take it out, or add component:" + component + " to " + RoutePolicy.SETTING
                                + " if the site needs it"));
            }
            if (BY_ENDPOINT.contains(component)) {
                return refusal(key, "What a site may change of " + component + " is set on the endpoint in the route");
            }
            if (!ALLOWED.containsKey(COMPONENT + component + ".")) {
                return Optional.empty();
            }
        }
        String plain = plain(NAMED_POOL.matcher(key).replaceFirst(""));
        return ALLOWED.entrySet().stream()
                .filter(group -> plain.startsWith(group.getKey()))
                .findFirst()
                .map(group -> ofOption(key, plain, group.getKey(), group.getValue()))
                .orElseGet(() -> refusal(key, GROUPS));
    }

    private static Optional<Refusal> ofOption(String key, String plain, String group, List<String> options) {
        return options.stream().anyMatch(option -> plain.equals(plain(group + option)))
                ? Optional.empty()
                : refusal(key, "Allowed are " + group + String.join(", ", options));
    }

    /**
     * Why a value is refused; empty if it is not.
     *
     * @param settings the value of every setting by its key, null if there is none
     */
    static Optional<Refusal> ofValue(String key, String value, UnaryOperator<String> settings) {
        Matcher placeholder = PLACEHOLDER.matcher(value);
        StringBuilder rest = new StringBuilder();
        while (placeholder.find()) {
            if (placeholder.group(1) != null && isOwnPassword(placeholder.group(1))) {
                return Optional.of(new Refusal(
                        key + " reads the password of one of the station's stores",
                        "Take it out, and give another store a password in a variable of its own"));
            }
            placeholder.appendReplacement(rest, "");
        }
        if (placeholder.appendTail(rest).indexOf("{{") >= 0) {
            return Optional.of(new Refusal(
                    key + " holds a placeholder of a kind that the station does not fill",
                    "Write {{env:NAME}} or the name of another setting, such as {{site.name}}"));
        }
        String filled = Placeholders.filled(value, settings);
        boolean names = OBJECT.matcher(filled).find() || key.startsWith("camel.") && filled.startsWith("#");
        return names
                ? Optional.of(new Refusal(
                        key + " names an object or a class to be loaded",
                        "Write it into the route, where it is checked"))
                : Optional.empty();
    }

    /** Camel finds a variable by its name in capitals, with dots, with dashes, or with humps. */
    private static boolean isOwnPassword(String variable) {
        return OWN_PASSWORD
                .matcher(variable.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT))
                .matches();
    }

    private static Optional<Refusal> refusal(String key, String instead) {
        return Optional.of(
                new Refusal(key + " is none of Camel's settings that a site may change", "Take it out. " + instead));
    }

    /** Without dashes and case, as Camel compares them. */
    private static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replace("-", "");
    }
}
