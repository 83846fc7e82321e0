package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ExchangeBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.ReceivedAudit;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Audits over real mutual TLS, through the shipped route, from a caller that redelivers. */
class AuditToKlmsTest {

    private static final byte[] BODY =
            "{\"transaction_id\":\"trx_1\", \"note\":\"\u00e9\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path folder;

    private static final AtomicInteger ATTEMPTS = new AtomicInteger();
    private static StationStores stores;
    private static EmbeddedKlms klms;
    private static KlmsRig rig;

    @BeforeAll
    static void start() throws Exception {
        TestPki pki = TestPki.create();
        stores = pki.writeStationStores(folder);
        klms = EmbeddedKlms.start(pki);
        rig = KlmsRig.start(KlmsRig.settings(klms.url(), stores), new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:redelivering")
                        .errorHandler(defaultErrorHandler()
                                .maximumRedeliveries(2)
                                .redeliveryDelay(1)
                                .logExhausted(false))
                        .process(exchange -> ATTEMPTS.set(0))
                        .to("direct:counting");
                from("direct:counting")
                        .errorHandler(noErrorHandler())
                        .process(exchange -> ATTEMPTS.incrementAndGet())
                        .to("direct:audit-to-klms");
            }
        });
    }

    @AfterAll
    static void stop() {
        rig.close();
        klms.close();
    }

    @AfterEach
    void takeAuditsAgain() {
        klms.auditAnswer(200);
        klms.auditUp();
        klms.loseAuditAnswers(false);
        klms.delayAudits(Duration.ZERO);
    }

    @Test
    void sendsTheExactBytesWithTheNamedHeadersOnly() {
        Map<String, Object> headers = headers();
        headers.put("Operator", "Smith");
        headers.put("Authorization", "Basic eDp5");
        headers.put("CamelFileName", "1.json");
        headers.put(Exchange.HTTP_URI, "https://127.0.0.1:1/elsewhere");
        headers.put(Exchange.HTTP_METHOD, "DELETE");
        Exchange sent = send("direct:audit-to-klms", headers);
        assertThat(sent.getException()).isNull();
        ReceivedAudit audit = last();
        assertThat(audit.body()).isEqualTo(BODY);
        assertThat(audit.headers())
                .containsEntry("Idempotency-Key", (String) headers.get("Idempotency-Key"))
                .containsEntry("X-Audit-Sequence", "17")
                .containsEntry("X-Audit-Attempt", "2")
                .containsEntry("Content-Type", "application/json")
                .containsOnlyKeys(
                        "Idempotency-Key",
                        "X-Audit-Sequence",
                        "X-Audit-Hash",
                        "X-Audit-Previous",
                        "X-Audit-Outcome",
                        "X-Audit-Attempt",
                        "X-Station-Version",
                        "Content-Type",
                        "Content-Length",
                        "Host",
                        "Connection",
                        "User-Agent");
    }

    @Test
    void keepsTheExchangesHeadersAndBringsNoneOfTheServers() {
        Map<String, Object> headers = headers();
        headers.put("Operator", "Smith");
        Exchange sent = send("direct:audit-to-klms", headers);
        assertThat(sent.getMessage().getHeaders())
                .containsEntry("Operator", "Smith")
                .containsEntry(Exchange.HTTP_RESPONSE_CODE, 200)
                .doesNotContainKey("X-Klms");
    }

    @Test
    void servesManyAuditsOnOneConnection() {
        send("direct:audit-to-klms", headers());
        int before = klms.connections();
        for (int i = 0; i < 10; i++) {
            send("direct:audit-to-klms", headers());
        }
        assertThat(klms.connections()).isEqualTo(before);
    }

    /** So the next fob need not wait for a TLS handshake, though the connection of its keys is not used again. */
    @Test
    void leavesItsConnectionToTheNextKeyRequest() {
        send("direct:audit-to-klms", headers());
        for (int i = 0; i < 10; i++) {
            int before = klms.connections();
            ((KeyPackage) rig.ask()).close();
            assertThat(klms.connections()).isEqualTo(before);
            send("direct:audit-to-klms", headers());
            assertThat(klms.connections()).isEqualTo(before + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 404, 408, 422, 429, 500, 503})
    void tellsTheCallerTheStatus(int status) {
        klms.auditAnswer(status);
        Exchange sent = send("direct:audit-to-klms", headers());
        assertThat(sent.getException())
                .isInstanceOfSatisfying(HttpOperationFailedException.class, e -> assertThat(e.getStatusCode())
                        .isEqualTo(status));
    }

    @Test
    void tellsTheCallerWhyWithinABound() {
        klms.auditAnswer(422, "field eol_station_id is not known here. " + "x".repeat(100_000));
        Exchange sent = send("direct:audit-to-klms", headers());
        assertThat(sent.getException())
                .isInstanceOfSatisfying(HttpOperationFailedException.class, e -> assertThat(e.getResponseBody())
                        .startsWith("field eol_station_id is not known here. xxx")
                        .hasSize(2048));
        klms.auditAnswer(200);
        assertThat(send("direct:audit-to-klms", headers()).getException()).isNull();
    }

    @Test
    void tellsTheCallerThatTheServerKnowsAnotherAuditUnderThisId() {
        Map<String, Object> headers = headers();
        send("direct:audit-to-klms", headers);
        assertThatThrownBy(() -> rig.template().requestBodyAndHeaders("direct:audit-to-klms", "{}".getBytes(), headers))
                .isInstanceOf(CamelExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(HttpOperationFailedException.class, e -> assertThat(e.getStatusCode())
                        .isEqualTo(409));
    }

    @Test
    void leavesRedeliveryToTheCallerWithTheSameBytes() {
        klms.auditAnswer(503);
        Exchange sent = send("direct:redelivering", headers());
        assertThat(sent.getException()).isInstanceOf(HttpOperationFailedException.class);
        assertThat(ATTEMPTS).hasValue(3);
        assertThat(sent.getIn().getBody()).isEqualTo(BODY);
    }

    @Test
    void isTakenOnceThoughDeliveredAgainWhenTheAnswerIsLost() {
        Map<String, Object> headers = headers();
        klms.loseAuditAnswers(true);
        assertThat(send("direct:audit-to-klms", headers).getException()).isInstanceOf(IOException.class);
        klms.loseAuditAnswers(false);
        assertThat(send("direct:audit-to-klms", headers).getException()).isNull();
        assertThat(klms.audits())
                .filteredOn(audit -> audit.id().equals(headers.get("Idempotency-Key")))
                .singleElement()
                .returns(2, ReceivedAudit::count);
    }

    @Test
    void tellsTheCallerThatTheServerHangsUp() {
        klms.auditDown();
        assertThat(send("direct:audit-to-klms", headers()).getException()).isInstanceOf(IOException.class);
    }

    @Test
    void isBoundedInTime() throws Exception {
        klms.delayAudits(Duration.ofMinutes(1));
        try (KlmsRig impatient = KlmsRig.start(KlmsRig.settings(klms.url(), stores, Duration.ofMillis(300)))) {
            Exchange sent = exchange(impatient, headers());
            impatient.template().send("direct:audit-to-klms", sent);
            assertThat(sent.getException()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static Exchange send(String to, Map<String, Object> headers) {
        Exchange exchange = exchange(rig, headers);
        return rig.template().send(to, exchange);
    }

    private static Exchange exchange(KlmsRig rig, Map<String, Object> headers) {
        Exchange exchange =
                ExchangeBuilder.anExchange(rig.context()).withBody(BODY).build();
        exchange.getIn().setHeaders(new HashMap<>(headers));
        return exchange;
    }

    private static ReceivedAudit last() {
        return klms.audits().get(klms.audits().size() - 1);
    }

    private static Map<String, Object> headers() {
        Map<String, Object> headers = new HashMap<>();
        headers.put("Idempotency-Key", UUID.randomUUID().toString());
        headers.put("X-Audit-Sequence", 17L);
        headers.put("X-Audit-Hash", "AB".repeat(32));
        headers.put("X-Audit-Previous", "CD".repeat(32));
        headers.put("X-Audit-Outcome", "PASS");
        headers.put("X-Audit-Attempt", 2);
        headers.put("X-Station-Version", "1.0.0");
        return headers;
    }
}
