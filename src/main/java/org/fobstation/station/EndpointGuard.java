package org.fobstation.station;

import java.io.InputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.bean.BeanEndpoint;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.impl.engine.DefaultClassResolver;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.util.URISupport;
import org.fobstation.station.RoutePolicy.Refusal;

/**
 * Looks at every endpoint that Camel makes, also at those whose address is made of a message (toD, recipientList, enrich
 * and their like), and at every class that is loaded by name: what the text of a route does not show is refused here.
 */
final class EndpointGuard implements EndpointStrategy {

    /** As {@link #plain} gives them. */
    private static final Set<String> PATHS = Set.of(
            "move",
            "premove",
            "movefailed",
            "moveexisting",
            "tempprefix",
            "tempfilename",
            "donefilename",
            "localworkdirectory");

    private final RoutePolicy policy;

    private EndpointGuard(RoutePolicy policy) {
        this.policy = policy;
    }

    /** Before any route is loaded. */
    static void into(CamelContext context, RoutePolicy policy) {
        context.getCamelContextExtension().registerEndpointCallback(new EndpointGuard(policy));
        context.setClassResolver(new GuardedClasses(context, policy));
    }

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        Optional<Refusal> refusal = policy.ofComponent(uri.substring(0, uri.indexOf(':')));
        if (refusal.isEmpty() && endpoint instanceof HttpEndpoint http) {
            refusal = ofHttp(uri, http);
        } else if (refusal.isEmpty() && endpoint instanceof FileEndpoint file) {
            refusal = ofFile(uri, file);
        } else if (refusal.isEmpty() && endpoint instanceof BeanEndpoint bean) {
            refusal = policy.ofBean(bean.getBeanName());
        }
        refusal.ifPresent(found -> {
            throw new RouteRefusedException(found);
        });
        return endpoint;
    }

    private Optional<Refusal> ofHttp(String uri, HttpEndpoint http) {
        // Otherwise a header of the message could name another host.
        http.setSkipControlHeaders(true);
        if (http.isFollowRedirects()) {
            return Optional.of(new Refusal(
                    "followRedirects leads to hosts that nobody has named", "Call the address it leads to"));
        }
        Map<String, String> options = new HashMap<>();
        options(uri).forEach((name, value) -> options.put(plain(name), value.toString()));
        return policy.ofHost(http.getHttpUri())
                .or(() -> ofOther(options.get("oauth2tokenendpoint")))
                .or(() -> ofProxy(options, "proxyhost", "proxyport"))
                .or(() -> ofProxy(options, "proxyauthhost", "proxyauthport"));
    }

    private Optional<Refusal> ofProxy(Map<String, String> options, String host, String port) {
        return options.containsKey(host)
                ? ofOther("https://" + options.get(host) + ":" + options.getOrDefault(port, "443"))
                : Optional.empty();
    }

    /** A server that HttpClient itself calls on the way. */
    private Optional<Refusal> ofOther(String address) {
        return address == null ? Optional.empty() : policy.ofHost(URI.create(address));
    }

    private Optional<Refusal> ofFile(String uri, FileEndpoint file) {
        if (!file.isJailStartingDirectory()) {
            return Optional.of(
                    new Refusal("jailStartingDirectory = false lets files leave their folder", "Take it out"));
        }
        for (Map.Entry<String, Object> option : options(uri).entrySet()) {
            String value = option.getValue().toString();
            if (PATHS.contains(plain(option.getKey())) && RoutePolicy.leadsElsewhere(value)) {
                return Optional.of(new Refusal(
                        option.getKey() + " = " + value + " leads out of the folder",
                        "Write a path below it, of fixed text and ${file:...} or ${date:...}"));
            }
            Optional<Refusal> refusal = RouteText.ofExpression(policy, value);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return policy.ofFolder(file.getFile().toPath());
    }

    /** Camel takes an option's name in any case, with dashes or without. */
    private static String plain(String option) {
        return option.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> options(String uri) {
        try {
            return URISupport.parseParameters(URI.create(URISupport.normalizeUri(uri)));
        } catch (Exception e) {
            throw new IllegalArgumentException("the options of " + URISupport.sanitizeUri(uri) + " cannot be read", e);
        }
    }

    /**
     * Loads what Camel and the station are made of, plain values, exceptions, and what the policy allows.
     *
     * <p>Hides how components share one endpoint for many addresses of toD, enrich and pollEnrich: that of https puts the
     * path into a header, which is not obeyed, so that the call would go to / without a word. Now each address is an
     * endpoint, looked at whole.
     */
    private static final class GuardedClasses extends DefaultClassResolver {

        private static final String PLAIN =
                "java\\.lang\\.(Object|String|Boolean|Byte|Character|Short|Integer|Long|Float"
                        + "|Double|Number|Iterable|Comparable|CharSequence|Enum|Void)|java\\.(util|time|math|io)\\.[A-Z]\\w*"
                        + "|java\\.(net\\.URI|net\\.URL|nio\\.[A-Z]\\w*|nio\\.file\\.Path)|javax\\.xml\\..*|org\\.w3c\\.dom\\..*"
                        + "|(org\\.apache\\.camel|org\\.fobstation|com\\.fasterxml\\.jackson|org\\.apache\\.hc)\\..*";

        private static final Pattern SHARED =
                Pattern.compile("META-INF/services/org/apache/camel/(send|poll)-dynamic/");

        private final RoutePolicy policy;

        GuardedClasses(CamelContext context, RoutePolicy policy) {
            super(context);
            this.policy = policy;
        }

        @Override
        public InputStream loadResourceAsStream(String uri) {
            return SHARED.matcher(uri).lookingAt() ? null : super.loadResourceAsStream(uri);
        }

        @Override
        protected Class<?> loadClass(String name, ClassLoader loader) {
            Class<?> loaded = super.loadClass(name, loader);
            if (loaded == null) {
                return null;
            }
            Class<?> element = loaded;
            while (element.isArray()) {
                element = element.getComponentType();
            }
            boolean harmless = element.isPrimitive()
                    || Throwable.class.isAssignableFrom(element)
                    || element.getName().matches(PLAIN);
            if (!harmless) {
                policy.ofClass(element.getName()).ifPresent(refusal -> {
                    throw new RouteRefusedException(refusal);
                });
            }
            return loaded;
        }
    }
}
