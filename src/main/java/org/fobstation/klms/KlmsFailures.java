package org.fobstation.klms;

import static org.fobstation.outcome.FailureCode.KLMS_ANSWER_INVALID;
import static org.fobstation.outcome.FailureCode.KLMS_BUSY;
import static org.fobstation.outcome.FailureCode.KLMS_REFUSED;
import static org.fobstation.outcome.FailureCode.KLMS_TIMEOUT;
import static org.fobstation.outcome.FailureCode.KLMS_TLS;
import static org.fobstation.outcome.FailureCode.KLMS_UNAUTHORIZED;
import static org.fobstation.outcome.FailureCode.KLMS_UNREACHABLE;
import static org.fobstation.outcome.FailureCode.ROUTE_FAILED;
import static org.fobstation.outcome.FailureCode.STATION_FAULT;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.camel.InvalidPayloadException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * What a status or an exception of a key request means. Messages of exceptions are passed on only where none of the
 * answer can be in them.
 */
final class KlmsFailures {

    private KlmsFailures() {}

    /** @param status any status but 200 */
    static KlmsError ofStatus(int status) {
        String detail = "HTTP " + status;
        return switch (status) {
            case 401, 403 -> new KlmsError(KLMS_UNAUTHORIZED, detail);
            case 408 -> new KlmsError(KLMS_TIMEOUT, detail);
            case 429 -> new KlmsError(KLMS_BUSY, detail);
            default ->
                switch (status / 100) {
                    case 3, 4 -> new KlmsError(KLMS_REFUSED, detail);
                    case 5 -> new KlmsError(KLMS_BUSY, detail);
                    default -> new KlmsError(KLMS_ANSWER_INVALID, detail + " instead of 200");
                };
        };
    }

    static KlmsError ofException(Exception exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException tls) {
                return ofTls(tls);
            }
            if (cause instanceof IOException io) {
                return ofIo(io);
            }
            if (cause instanceof InvalidPayloadException) {
                return new KlmsError(ROUTE_FAILED, "the body given to direct:klms-keys is no KeyRequest");
            }
        }
        StackTraceElement[] trace = exception.getStackTrace();
        return new KlmsError(
                STATION_FAULT, exception.getClass().getSimpleName() + (trace.length == 0 ? "" : " at " + trace[0]));
    }

    private static KlmsError ofTls(SSLException tls) {
        Throwable cause = tls.getCause();
        if (cause instanceof SocketException || cause instanceof EOFException) {
            return new KlmsError(KLMS_UNREACHABLE, "the connection broke during TLS");
        }
        Throwable root = tls;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String said = String.valueOf(tls.getMessage());
        String reason = root.getMessage();
        return new KlmsError(KLMS_TLS, reason == null || said.contains(reason) ? said : said + ", because " + reason);
    }

    private static KlmsError ofIo(IOException io) {
        if (io instanceof ConnectTimeoutException) {
            return new KlmsError(KLMS_UNREACHABLE, "no connection in time");
        }
        if (io instanceof ConnectException) {
            return new KlmsError(KLMS_UNREACHABLE, "no connection");
        }
        if (io instanceof UnknownHostException) {
            return new KlmsError(KLMS_UNREACHABLE, "the host name is not known: " + io.getMessage());
        }
        if (io instanceof ConnectionRequestTimeoutException) {
            return new KlmsError(KLMS_TIMEOUT, "all connections of the pool were in use");
        }
        if (io instanceof SocketTimeoutException) {
            return new KlmsError(KLMS_TIMEOUT, String.valueOf(io.getMessage()));
        }
        if (io instanceof NoHttpResponseException) {
            return new KlmsError(KLMS_UNREACHABLE, "the server closed the connection without an answer");
        }
        if (io instanceof MessageConstraintException) {
            return new KlmsError(KLMS_ANSWER_INVALID, "the answer is too long: " + io.getMessage());
        }
        if (io instanceof UnreadableAnswerException) {
            return new KlmsError(KLMS_ANSWER_INVALID, io.getMessage());
        }
        return new KlmsError(
                KLMS_UNREACHABLE,
                "the connection broke before the answer was complete: "
                        + io.getClass().getSimpleName());
    }
}
