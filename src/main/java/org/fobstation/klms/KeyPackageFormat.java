package org.fobstation.klms;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.hc.core5.http.MessageConstraintException;
import org.fobstation.outcome.FailureCode;

/**
 * Unmarshals the body of a key server's answer, a byte array or a stream of at most 256 KB, to a {@link KlmsAnswer}: a
 * {@link KeyPackage}, or a {@link KlmsError} that names the field that is not as agreed. Bad input never throws. The
 * body is overwritten in either case.
 *
 * <p>The exchange property {@link #REQUEST} holds the {@link KeyRequest} that was sent.
 */
public final class KeyPackageFormat extends ServiceSupport implements DataFormat {

    /** Name of the exchange property with the request. */
    public static final String REQUEST = "fobstation.klms.request";

    @Override
    public Object unmarshal(Exchange exchange, Object body) throws Exception {
        if (body instanceof byte[] bytes) {
            return read(exchange, bytes);
        }
        return body instanceof InputStream stream ? unmarshal(exchange, stream) : invalid("the answer is empty");
    }

    @Override
    public Object unmarshal(Exchange exchange, InputStream stream) throws IOException {
        try (HeldAnswer held = stream instanceof HeldAnswer answer
                ? answer
                : HeldAnswer.readFrom(stream, -1, BoundedCall.MAX_ANSWER)) {
            return read(exchange, held.take());
        } catch (MessageConstraintException e) {
            return invalid("the answer is " + e.getMessage());
        }
    }

    private static KlmsAnswer read(Exchange exchange, byte[] answer) {
        long arrived = System.nanoTime();
        try {
            KeyRequest request = Objects.requireNonNull(exchange.getProperty(REQUEST, KeyRequest.class), REQUEST);
            KeyPackage received = KeyPackageReader.read(answer, request, arrived);
            request.custody().accept(received);
            return received;
        } catch (AnswerInvalidException e) {
            return invalid(e.getMessage());
        } finally {
            Arrays.fill(answer, (byte) 0);
        }
    }

    private static KlmsError invalid(String detail) {
        return new KlmsError(FailureCode.KLMS_ANSWER_INVALID, detail);
    }

    /** @throws UnsupportedOperationException always: a key package is never written */
    @Override
    public void marshal(Exchange exchange, Object graph, OutputStream stream) {
        throw new UnsupportedOperationException("a key package is never written");
    }
}
