package org.fobstation.klms;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.fobstation.simulator.pki.StationStores;

/** The station's way to a key server with the shipped {@code routes/klms.yaml}, and nothing else of the station. */
final class KlmsRig implements AutoCloseable {

    static final KeyPackage.Custodian CUSTODIAN = new KeyPackage.Custodian() {};
    static final String UID = "04112233445566";

    private final KlmsConnection connection;
    private final CamelContext context;
    private final ProducerTemplate template;

    private KlmsRig(KlmsConnection connection, CamelContext context) {
        this.connection = connection;
        this.context = context;
        template = context.createProducerTemplate();
    }

    /** Settings that are quick to fail where a server is at fault, and slow enough for a busy machine otherwise. */
    static KlmsSettings settings(URI url, StationStores stores, Duration answerTimeout) {
        return new KlmsSettings(
                url, "/keys", "/audit", tls(stores, List.of()), Duration.ofSeconds(5), answerTimeout, 4, UidFormat.RAW);
    }

    static KlmsSettings settings(URI url, StationStores stores) {
        return settings(url, stores, Duration.ofSeconds(10));
    }

    /** TLS 1.3 with these stores. */
    static TlsSettings tls(StationStores stores, List<KeyPin> pins) {
        return new TlsSettings(
                new Pkcs12File(stores.keyStore()),
                stores::keyStorePassword,
                new Pkcs12File(stores.trustStore()),
                stores::trustStorePassword,
                List.of("TLSv1.3"),
                pins);
    }

    /** With other ways to prove themselves, or another patience. */
    static KlmsSettings with(KlmsSettings s, TlsSettings tls, Duration connectTimeout) {
        return new KlmsSettings(
                s.url(),
                s.keysPath(),
                s.auditPath(),
                tls,
                connectTimeout,
                s.answerTimeout(),
                s.poolSize(),
                s.uidFormat());
    }

    static KlmsRig start(KlmsSettings settings, RouteBuilder... more) throws Exception {
        return start(settings, false, more);
    }

    static KlmsRig start(KlmsSettings settings, boolean tracing, RouteBuilder... more) throws Exception {
        KlmsConnection connection = KlmsConnection.open(settings);
        CamelContext context = new DefaultCamelContext();
        context.disableJMX();
        context.setTracing(tracing);
        context.setMessageHistory(tracing);
        context.getPropertiesComponent()
                .addInitialProperty("klms.url", settings.url().toString());
        context.getPropertiesComponent().addInitialProperty("klms.audit-path", settings.auditPath());
        connection.addTo(context);
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource("file:routes/klms.yaml"));
        for (RouteBuilder routes : more) {
            context.addRoutes(routes);
        }
        context.start();
        return new KlmsRig(connection, context);
    }

    KlmsAnswer ask() {
        return ask(Map.of());
    }

    KlmsAnswer ask(Map<String, Object> headers) {
        return template.requestBodyAndHeaders(
                "direct:key-package", new Asking(new KeyRequest(UID, "LINE_04_READER_01")), headers, KlmsAnswer.class);
    }

    /** Takes changed stores, as the station does every few seconds. */
    void look() {
        connection.look();
    }

    KlmsConnection connection() {
        return connection;
    }

    CamelContext context() {
        return context;
    }

    ProducerTemplate template() {
        return template;
    }

    @Override
    public void close() {
        context.stop();
        connection.close();
    }

    /** Stands for the run of a fob, which knows its key request. */
    public record Asking(KeyRequest keyRequest) {}
}
