package org.fobstation.klms;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/**
 * One call to the key server, bounded in time and size. Outermost in the client's chain: what leaves it is a status, and
 * where wanted the whole body in memory, with no connection behind it and none of the server's headers.
 *
 * <p>A request goes out a second time only if no connection came about, which proves that the server has not seen it.
 */
final class BoundedCall implements ExecChainHandler {

    /** What becomes of the body of an answer. */
    enum Body {
        /** Of status 200 held as a {@link HeldAnswer}, of any other status closed unread. */
        HELD,
        /**
         * Of status 2xx skipped, so that the connection can be used again; of any other the first 2 KiB held, for
         * they may say why. Only where no key can be in an answer.
         */
        SKIPPED
    }

    /** The longest answer taken, in bytes. */
    static final int MAX_ANSWER = 256 * 1024;

    /** As much of a refusal is kept, in bytes. */
    static final int MAX_REFUSAL = 2 * 1024;

    private final Body body;
    private final Duration limit;
    private final ScheduledExecutorService timer;
    private final TlsProbe probe;

    BoundedCall(Body body, Duration limit, ScheduledExecutorService timer, TlsProbe probe) {
        this.body = body;
        this.limit = limit;
        this.timer = timer;
        this.probe = probe;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        try (CallDeadline deadline = new CallDeadline(limit, timer, () -> abort(scope))) {
            try {
                return received(proceed(request, scope, chain, deadline), scope);
            } catch (IOException | HttpException | RuntimeException e) {
                // After an abort the exception tells of a closed socket or an odd state, not of what happened.
                if (deadline.isOver()) {
                    throw new SocketTimeoutException("no complete answer within " + limit.toMillis() + " ms");
                }
                if (e instanceof HttpException || e instanceof MalformedChunkCodingException) {
                    throw new UnreadableAnswerException(e);
                }
                if (e instanceof IOException broken) {
                    throw explained(broken, scope, deadline);
                }
                throw e;
            } finally {
                // Cuts a connection that is still in use; without effect on one that went back to the pool.
                scope.execRuntime.discardEndpoint();
            }
        }
    }

    private static ClassicHttpResponse proceed(
            ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain, CallDeadline deadline)
            throws IOException, HttpException {
        try {
            return chain.proceed(request, scope);
        } catch (ConnectException | ConnectTimeoutException e) {
            if (deadline.isOver()) {
                throw e;
            }
            return chain.proceed(
                    ClassicRequestBuilder.copy(scope.originalRequest).build(), scope);
        }
    }

    private ClassicHttpResponse received(ClassicHttpResponse answer, ExecChain.Scope scope)
            throws IOException, HttpException {
        int status = answer.getCode();
        ClassicHttpResponse received = withoutWords(status);
        HttpEntity entity = answer.getEntity();
        if (entity == null) {
            return received;
        }
        if (body == Body.HELD && status == 200) {
            if (isCoded(answer)) {
                throw UnreadableAnswerException.compressed();
            }
            // Closing the stream would read on whatever happened, so on a failure the connection is cut instead.
            received.setEntity(
                    new HeldEntity(HeldAnswer.readFrom(entity.getContent(), entity.getContentLength(), MAX_ANSWER)));
        } else if (body == Body.SKIPPED && status / 100 == 2) {
            skip(entity, scope);
        } else if (body == Body.SKIPPED) {
            received.setEntity(isCoded(answer) ? text(new byte[0]) : refusal(entity));
            abort(scope);
        } else {
            abort(scope);
        }
        return received;
    }

    /** An answer has its status in words of ours, not of the server's. HttpClient's list of them throws beyond 599. */
    private static ClassicHttpResponse withoutWords(int status) {
        return status < 600 ? new BasicClassicHttpResponse(status) : new BasicClassicHttpResponse(status, "");
    }

    private static HttpEntity refusal(HttpEntity entity) {
        byte[] text;
        try {
            text = entity.getContent().readNBytes(MAX_REFUSAL);
        } catch (IOException e) {
            // The status is known, and it counts for more than why.
            text = new byte[0];
        }
        return text(text);
    }

    private static HttpEntity text(byte[] utf8) {
        return new ByteArrayEntity(utf8, ContentType.create("text/plain", StandardCharsets.UTF_8));
    }

    /** The station accepts no coding, and nothing here undoes one. */
    private static boolean isCoded(ClassicHttpResponse answer) {
        return Arrays.stream(answer.getHeaders(HttpHeaders.CONTENT_ENCODING))
                .anyMatch(coding -> !"identity".equalsIgnoreCase(coding.getValue()));
    }

    private static void skip(HttpEntity entity, ExecChain.Scope scope) throws IOException {
        InputStream in = entity.getContent();
        byte[] scratch = new byte[1024];
        for (int skipped = 0; skipped <= MAX_ANSWER; ) {
            int read = in.read(scratch);
            if (read < 0) {
                return;
            }
            skipped += read;
        }
        abort(scope);
    }

    /**
     * A server that refuses the station's certificate says so only after the client believes the TLS 1.3 handshake done.
     * By then the request is on its way, and the refusal may be lost in the reset that it runs into.
     */
    private IOException explained(IOException broken, ExecChain.Scope scope, CallDeadline deadline) {
        boolean cutOff = broken instanceof NoHttpResponseException
                || broken instanceof SocketException && !(broken instanceof ConnectException)
                || broken instanceof SSLException && broken.getCause() instanceof SocketException;
        if (!cutOff) {
            return broken;
        }
        Optional<SSLException> refusal = probe.refusal(scope.route.getTargetHost(), deadline.remainingMillis());
        return refusal.isPresent() ? refusal.get() : broken;
    }

    private static void abort(ExecChain.Scope scope) {
        if (scope.originalRequest instanceof Cancellable cancellable) {
            cancellable.cancel();
        }
        scope.execRuntime.discardEndpoint();
    }
}
