package org.fobstation.station;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.LineNumberAware;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;

/**
 * Turns what Camel throws about a broken route into one line for an integration engineer. Camel names file and line of
 * what it cannot parse; of a step that it parsed but cannot build it gives only the step's text, which is looked up here.
 */
final class RouteProblem {

    private static final int MOST_CAUSES = 20;
    private static final Pattern STEP = Pattern.compile(">>> (.*?) <<<");
    private static final Pattern LINE = Pattern.compile("\\.yaml line \\d");
    private static final Pattern ROUTE = Pattern.compile("[Rr]oute:? ([A-Za-z0-9._-]+)");

    private RouteProblem() {}

    /** Where it is, as far as that can be told, and the distinct messages of an exception and its causes. */
    static String describe(Throwable thrown, CamelContext context) {
        String messages = messages(thrown);
        if (messages.contains("RouteTemplate with id " + ReaderRoutes.TEMPLATE)) {
            return "provision.yaml has no routeTemplate with the id " + ReaderRoutes.TEMPLATE
                    + ", from which each reader's route is made. Put it back, then start again.";
        }
        String where = LINE.matcher(messages).find()
                ? ""
                : place(messages, context).map(place -> place + ": ").orElse("");
        return where + messages + " Mend the route or setting named here, then start again.";
    }

    private static String messages(Throwable thrown) {
        List<String> messages = new ArrayList<>();
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            String line = message.replaceAll("\\s+", " ").strip();
            boolean said = messages.stream().anyMatch(before -> before.contains(line));
            if (!said) {
                messages.add(line.endsWith(".") ? line : line + ".");
            }
            cause = cause.getCause();
        }
        // As everywhere else in the station's words.
        return String.join(" ", messages).replaceAll("file:(\\S+\\.yaml), line (\\d+), column \\d+:", "$1 line $2:");
    }

    /** File and line of the first step with a text that fits. */
    static Optional<String> placeOfStep(CamelContext context, Predicate<String> fits) {
        return routes(context)
                .flatMap(RouteCheck::steps)
                .filter(node -> fits.test(node.toString()))
                .flatMap(node -> located(node).stream())
                .findFirst();
    }

    /** All routes and the routes of all templates, as they were written. */
    static Stream<RouteDefinition> routes(CamelContext context) {
        return context instanceof ModelCamelContext model
                ? Stream.concat(
                        model.getRouteTemplateDefinitions().stream().map(RouteTemplateDefinition::getRoute),
                        model.getRouteDefinitions().stream())
                : Stream.empty();
    }

    private static Optional<String> place(String messages, CamelContext context) {
        Matcher step = STEP.matcher(messages);
        Optional<String> place = step.find() ? placeOfStep(context, step.group(1)::equals) : Optional.empty();
        Matcher route = ROUTE.matcher(messages);
        return place.isPresent() || !route.find()
                ? place
                : routes(context)
                        .filter(definition -> route.group(1).equals(definition.getRouteId()))
                        .flatMap(definition -> beginning(definition, context).stream())
                        .findFirst();
    }

    /** Where a route begins; one made of the readers' template has no line of its own. */
    private static Optional<String> beginning(RouteDefinition route, CamelContext context) {
        return Stream.concat(Stream.of(route), routes(context).filter(other -> other.getRouteId() == null))
                .map(RouteDefinition::getInput)
                .filter(Objects::nonNull)
                .filter(input -> input.getLineNumber() > 0)
                .flatMap(input -> located(input).stream())
                .findFirst();
    }

    private static Optional<String> located(LineNumberAware node) {
        if (node.getLocation() == null) {
            return Optional.empty();
        }
        String line = node.getLineNumber() > 0 ? " line " + node.getLineNumber() : "";
        return Optional.of(node.getLocation().replaceFirst("^file:", "") + line);
    }
}
