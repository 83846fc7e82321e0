package org.fobstation.station;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code {{name}}} and {@code {{name:standard}}} of settings and routes, which Camel fills in. */
final class Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([^{}:]+)(?::([^{}]*))?}}");

    /** Camel asks these for the value instead of the settings. */
    private static final Pattern FUNCTION =
            Pattern.compile("\\{\\{\\s*\\??\\s*(env|sys|service|service\\.\\w+|bean|boolean)\\s*:");

    /** The inner one may turn the outer one into anything. */
    private static final Pattern NESTED = Pattern.compile("\\{\\{(?:(?!}}).)*\\{\\{", Pattern.DOTALL);

    /** Beyond it they lead in a circle, which Camel refuses. */
    private static final int DEEPEST = 20;

    private Placeholders() {}

    /**
     * Fills them in, also those that a value brings along. What is not known stays, and so do Camel's functions.
     *
     * @param settings the value by its key, null if there is none
     */
    static String filled(String written, UnaryOperator<String> settings) {
        String text = written;
        String before = null;
        for (int i = 0; i < DEEPEST && !text.equals(before); i++) {
            before = text;
            text = PLACEHOLDER.matcher(before).replaceAll(found -> {
                String value = settings.apply(found.group(1));
                String known = value == null ? found.group(2) : value;
                boolean stays = known == null || callsFunction(found.group());
                return Matcher.quoteReplacement(stays ? found.group() : known);
            });
        }
        return text;
    }

    /** Whether one has its value from the environment, from Java's properties or from a bean. */
    static boolean callsFunction(String text) {
        return FUNCTION.matcher(text).find();
    }

    /** Whether one stands within another. */
    static boolean isNested(String text) {
        return NESTED.matcher(text).find();
    }
}
