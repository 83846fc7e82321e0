package org.fobstation.klms;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.fobstation.outcome.FailureCode;

/**
 * {@code direct:klms-keys}: a {@link KeyRequest} in, a {@link KlmsAnswer} out, whatever happens on the way. The one route
 * in Java, because no tracer, log or history may look into it; YAML calls it through {@code direct:key-package}.
 *
 * <p>The exchange's headers stay with it: none is sent, none of the server's comes back. The endpoint is this route's alone:
 * neither it nor its client is in a registry, so that no address of whatever kind leads to them.
 */
final class KeyRequestRoute extends RouteBuilder {

    private static final ContentType JSON = ContentType.create("application/json");

    private final URI keysUrl;
    private final HttpClient client;

    KeyRequestRoute(URI keysUrl, HttpClient client) {
        this.keysUrl = keysUrl;
        this.client = client;
    }

    @Override
    public void configure() {
        HttpEndpoint server = (HttpEndpoint) getContext()
                .getCamelContextExtension()
                .getPrototypeEndpoint(keysUrl
                        + "?httpMethod=POST"
                        // An error's body would be read into a String by the exception that is thrown for it.
                        + "&throwExceptionOnFailure=false"
                        + "&skipControlHeaders=true&skipRequestHeaders=true&skipResponseHeaders=true");
        server.setHttpClient(client);
        from("direct:klms-keys")
                .routeId("klms-keys")
                .trace(false)
                .messageHistory(false)
                .streamCache(false)
                .errorHandler(noErrorHandler())
                .doTry()
                .process(KeyRequestRoute::writeRequest)
                .to(server)
                .choice()
                .when(header(Exchange.HTTP_RESPONSE_CODE).isEqualTo(200))
                .unmarshal(new KeyPackageFormat())
                .otherwise()
                .process(KeyRequestRoute::refused)
                .endChoice()
                .endDoTry()
                .doCatch(Exception.class)
                .process(this::failed)
                .doFinally()
                .process(KeyRequestRoute::tidy)
                .end();
    }

    /** The body goes out as an entity with its own content type, so that no header of the exchange is needed for it. */
    private static void writeRequest(Exchange exchange) throws IOException, InvalidPayloadException {
        KeyRequest request = exchange.getMessage().getMandatoryBody(KeyRequest.class);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("fob_uid", request.fobUid());
            json.writeStringField("reader_id", request.readerId());
            json.writeEndObject();
        }
        exchange.setProperty(KeyPackageFormat.REQUEST, request);
        exchange.getMessage().setBody(new ByteArrayEntity(body.toByteArray(), JSON));
    }

    private static void refused(Exchange exchange) {
        Message message = exchange.getMessage();
        message.setBody(KlmsFailures.ofStatus(message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class)));
    }

    private void failed(Exchange exchange) {
        Exception exception = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        KlmsError error = KlmsFailures.ofException(exception);
        boolean away = error.code() == FailureCode.KLMS_UNREACHABLE || error.code() == FailureCode.KLMS_TLS;
        exchange.getMessage()
                .setBody(away ? new KlmsError(error.code(), keysUrl.getAuthority() + ": " + error.detail()) : error);
    }

    private static void tidy(Exchange exchange) {
        exchange.removeProperty(KeyPackageFormat.REQUEST);
        // Held by the exchange to its end, it would be printed with it; its message may quote the answer.
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        if (exchange.getMessage().getBody() instanceof HeldAnswer unread) {
            unread.close();
        }
        exchange.getMessage().removeHeader(Exchange.HTTP_RESPONSE_CODE);
        exchange.getMessage().removeHeader(Exchange.HTTP_RESPONSE_TEXT);
    }
}
