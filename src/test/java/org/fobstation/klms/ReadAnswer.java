package org.fobstation.klms;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;

/** Reads answers as the station's route does, without a route. */
public final class ReadAnswer {

    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    private ReadAnswer() {}

    /** @param body at most 256 KB of it are looked at; overwritten if it is no longer than that */
    public static KlmsAnswer of(byte[] body, KeyRequest request) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setProperty(KeyPackageFormat.REQUEST, request);
        // What comes over a connection is held, unless it is too long to be.
        InputStream arrived =
                body.length <= BoundedCall.MAX_ANSWER ? new HeldAnswer(body) : new ByteArrayInputStream(body);
        try {
            return (KlmsAnswer) new KeyPackageFormat().unmarshal(exchange, arrived);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
