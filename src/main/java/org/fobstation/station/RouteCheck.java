package org.fobstation.station;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;

/**
 * What Camel does not ask of routes and the station does: that the steps are there without which no fob is provisioned
 * and no record delivered, and that every {@code direct:} that is called begins a route.
 */
final class RouteCheck {

    private static final List<String> BEGINNINGS = List.of(
            "direct://key-package",
            "direct://audit-to-klms",
            "direct://audit-archive",
            "direct://audit-dead-letter",
            "direct://audit-replay",
            "outbox://audit");
    private static final List<String> RUN_STEPS = List.of("begin", "provision", "report");

    private RouteCheck() {}

    /** @throws StationStartException naming what is missing */
    static void requireWhole(CamelContext context) throws StationStartException {
        Set<String> begun = context.getRoutes().stream()
                .map(Route::getEndpoint)
                .map(RouteCheck::plainUri)
                .collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>(BEGINNINGS);
        Stream.concat(context.getEndpoints().stream().map(RouteCheck::plainUri), enriched(context))
                .filter(uri -> uri.startsWith("direct://"))
                .forEach(missing::add);
        missing.removeAll(begun);
        for (String uri : missing) {
            String name = uri.replace("://", ":");
            String caller = RouteProblem.placeOfStep(context, step -> step.contains(name))
                    .map(place -> place + " calls it: ")
                    .orElse("");
            throw new StationStartException(
                    StationMain.UNUSABLE,
                    caller + "no route begins with " + name
                            + ". Correct the name, or put the route back into the routes' folder.",
                    null);
        }
        requireRunSteps((ModelCamelContext) context);
    }

    /** An enrich step makes its endpoint only when a message comes; a constant one is known before. */
    private static Stream<String> enriched(CamelContext context) {
        return RouteProblem.routes(context)
                .flatMap(RouteCheck::steps)
                .filter(EnrichDefinition.class::isInstance)
                .map(step -> ((EnrichDefinition) step).getExpression())
                .filter(expression -> "constant".equals(expression.getLanguage()))
                .map(expression -> expression.getExpression().replaceFirst("^direct:(//)?", "direct://"));
    }

    private static void requireRunSteps(ModelCamelContext context) throws StationStartException {
        List<String> steps = context.getRouteTemplateDefinitions().stream()
                .filter(template -> ReaderRoutes.TEMPLATE.equals(template.getId()))
                .flatMap(template -> steps(template.getRoute()))
                .filter(BeanDefinition.class::isInstance)
                .map(BeanDefinition.class::cast)
                .filter(bean -> "provisioning".equals(bean.getRef()))
                .map(BeanDefinition::getMethod)
                .toList();
        if (!steps.equals(RUN_STEPS)) {
            throw new StationStartException(
                    StationMain.UNUSABLE,
                    RouteProblem.placeOfStep(context, step -> step.contains("ref:provisioning"))
                                    .map(place -> place + ": ")
                                    .orElse("")
                            + "provision.yaml calls the bean provisioning for " + steps + ", needed are " + RUN_STEPS
                            + " in this order, each once. Put the steps back.",
                    null);
        }
    }

    static Stream<ProcessorDefinition<?>> steps(ProcessorDefinition<?> parent) {
        return parent.getOutputs().stream().flatMap(step -> Stream.concat(Stream.of(step), steps(step)));
    }

    private static String plainUri(Endpoint endpoint) {
        String uri = endpoint.getEndpointUri();
        int options = uri.indexOf('?');
        return options < 0 ? uri : uri.substring(0, options);
    }
}
