package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.fobstation.station.SettingsException.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of Camel's settings a site may change those of a list; what a new version of Camel adds is refused until looked at. */
class FreeSettingsTest {

    private static final String LEAST =
            """
            station.id = LINE-04-PC-12
            klms.url = https://klms.example:8443
            reader.1.id = LINE_04_READER_01
            reader.1.name = *PICC*
            """;

    @TempDir
    private Path home;

    private final Map<String, String> environment =
            new HashMap<>(Map.of("KLMS_KEY_STORE_PASSWORD", "a", "KLMS_TRUST_STORE_PASSWORD", "b"));

    private Map<String, String> load(String lines) throws Exception {
        Path file = Files.writeString(home.resolve("station.properties"), LEAST + lines + "\n");
        return StationSettings.load(file, environment, home).placeholders();
    }

    private Problem refused(String lines) {
        SettingsException refused = catchThrowableOfType(SettingsException.class, () -> load(lines));
        assertThat(refused).as("refusal of %s", lines).isNotNull();
        assertThat(refused.problems()).hasSize(1);
        return refused.problems().get(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.main.tracing = true",
                "camel.main.tracing-templates = true",
                "camel.main.tracingPattern = provision*",
                "camel.main.messageHistory = true",
                "camel.main.logMask = true",
                "camel.main.log-debug-max-chars = 200",
                "camel.main.useMdcLogging = true",
                "camel.component.seda.queueSize = 50",
                "camel.component.seda.concurrent-consumers = 2",
                "camel.component.https.connectTimeout = 3000",
                "camel.component.https.useGlobalSslContextParameters = true",
                "camel.threadpool.maxPoolSize = 30",
                "camel.threadpool.config[labels].max-queue-size = 5",
                "camel.ssl.enabled = true",
                "camel.ssl.trustStore = file:config/mes-trust.p12",
                "camel.ssl.trustStorePassword = {{env:MES_TRUST_PASSWORD}}",
                "site.mes.url = https://mes.example/{{station.id}}",
                "site.mes.token = {{?env:MES_TOKEN}}",
                "site.label = #1 of {{site.lines:3}}"
            })
    void takes(String line) throws Exception {
        assertThat(load(line)).containsEntry(line.replaceFirst(" = .*", ""), line.replaceFirst(".*? = ", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // What writes or shows bodies, values or routes elsewhere than in the station's log.
                "camel.main.streamCachingSpoolEnabled = true | Allowed are camel.main.additionalSensitiveKeywords,",
                "camel.main.stream-caching-spool-directory = /tmp | Allowed are camel.main.",
                "camel.main.startupRecorder = java-flight-recorder | Allowed are camel.main.",
                "camel.main.dumpRoutes = yaml | Allowed are camel.main.",
                "camel.main.inflightRepositoryBrowseEnabled = true | Allowed are camel.main.",
                "camel.main.beanIntrospectionLoggingLevel = INFO | Allowed are camel.main.",
                "camel.main.devConsoleEnabled = true | Allowed are camel.main.",
                "camel.main.jmxEnabled = true | Allowed are camel.main.",
                "camel.trace.enabled = true | A setting of Camel's begins with camel.main., camel.ssl.",
                "camel.debug.enabled = true | A setting of Camel's begins with",
                "camel.server.enabled = true | A setting of Camel's begins with",
                "camel.management.enabled = true | A setting of Camel's begins with",
                "camel.component.https.logHttpActivity = true | Allowed are camel.component.https.connectTimeout,",
                "camel.component.https.httpActivityListener = x | Allowed are camel.component.https.",
                // What stops the station, its start checks, or its order.
                "camel.main.durationMaxSeconds = 60 | Allowed are camel.main.",
                "camel.main.shutdownTimeout = 300 | Allowed are camel.main.",
                "camel.main.auto-startup = true | Allowed are camel.main.",
                "camel.main.endpointLazyStartProducer = true | Allowed are camel.main.",
                "camel.main.routeFilterExcludePattern = audit* | Allowed are camel.main.",
                "camel.main.exchangeFactory = pooled | Allowed are camel.main.",
                "camel.main.logLanguage = groovy | Allowed are camel.main.",
                "camel.routecontroller.enabled = true | A setting of Camel's begins with",
                "camel.routeController.enabled = true | A setting of Camel's begins with",
                "camel.startupcondition.enabled = true | A setting of Camel's begins with",
                "camel.health.excludePattern = station | A setting of Camel's begins with",
                "camel.context.streamCaching = true | A setting of Camel's begins with",
                "camel.variable.x = 1 | A setting of Camel's begins with",
                "camel.globalOptions.http.proxyHost = evil.example | A setting of Camel's begins with",
                "camel.vault.hashicorp.host = x | A setting of Camel's begins with",
                "camel.rest.component = x | A setting of Camel's begins with",
                "camel.language.simple.resultType = x | A setting of Camel's begins with",
                "camel.dataformat.jackson.allowUnmarshallType = true | A setting of Camel's begins with",
                "camel.whatever.comes.next = 1 | A setting of Camel's begins with",
                // What changes whom a route trusts and calls.
                "camel.ssl.trustAllCertificates = true | Allowed are camel.ssl.",
                "camel.component.https.followRedirects = true | Allowed are camel.component.https.",
                "camel.component.https.proxyHost = evil.example | Allowed are camel.component.https.",
                "camel.component.https.httpConfiguration.authHost = x | Allowed are camel.component.https.",
                "camel.component.https*.connectTimeout = 1 | A setting of Camel's begins with",
                "camel.component.properties.location = file:x | A setting of Camel's begins with",
                "camel.component.pcsc.autowiredEnabled = false | is set on the endpoint in the route",
                "camel.component.bean.scope = Request | is set on the endpoint in the route",
                "camel.component.kafka.brokers = a:9092 | add component:kafka to routes.allow"
            })
    void refusesOfCamelWhatIsNotListed(String line, String remedy) {
        Problem problem = refused(line);

        assertThat(problem.where()).isEqualTo(home.resolve("station.properties") + " line 5");
        assertThat(problem.what()).startsWith(line.replaceFirst(" = .*", "") + " ");
        assertThat(problem.remedy()).contains(remedy);
    }

    @Test
    void takesAnyOptionOfAComponentThatTheSiteHasAllowed() throws Exception {
        assertThat(load("routes.allow = component:kafka\ncamel.component.kafka.clientId = fobs"))
                .containsEntry("camel.component.kafka.clientId", "fobs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "site.step = #class:java.lang.ProcessBuilder",
                "site.step = x?aggregationStrategy=#type:java.lang.Object",
                "site.client = #bean:klmsAuditClient",
                "camel.component.seda.queueSize = #klmsAuditClient",
                "site.x = #bean:klmsAuditClient\ncamel.component.seda.queueSize = {{site.x}}",
                "camel.component.seda.queueSize = {{site.x:#}}a"
            })
    void refusesAValueThatMakesOrNamesAnObject(String lines) {
        SettingsException refused = catchThrowableOfType(SettingsException.class, () -> load(lines));

        assertThat(refused.problems()).last().satisfies(problem -> {
            assertThat(problem.what()).contains("names an object or a class to be loaded");
            assertThat(problem.remedy()).contains("Write it into the route, where it is checked");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "site.x = {{sys:user.home}}",
                "site.x = {{?bean:audit.x}}",
                "site.x = {{service.host:klms}}",
                "site.x = {{{{site.y:env}}:PATH}}",
                "site.x = {{ env:PATH}}"
            })
    void refusesAPlaceholderThatReadsFromElsewhere(String line) {
        Problem problem = refused(line);

        assertThat(problem.what()).isEqualTo("site.x holds a placeholder of a kind that the station does not fill");
        assertThat(problem.remedy()).contains("{{env:NAME}}").contains("{{site.name}}");
    }

    /** A route could show it, or present the station's certificate to another server. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "site.x = {{env:KLMS_KEY_STORE_PASSWORD}}",
                "site.x = {{?env:klms.trust-store.password}}",
                "camel.ssl.keystorePassword = {{env:klmsKeyStorePassword}}"
            })
    void refusesThePasswordsOfTheStationsOwnStores(String line) {
        Problem problem = refused(line);

        assertThat(problem.what()).contains("reads the password of one of the station's stores");
        assertThat(problem.remedy()).contains("a variable of its own");
    }

    @Test
    void namesTheVariableThatHoldsAValueItRefuses() {
        environment.put("SITE_STEP", "#class:java.lang.ProcessBuilder");

        assertThat(refused("site.step = x").where()).isEqualTo("environment variable SITE_STEP");
    }
}
