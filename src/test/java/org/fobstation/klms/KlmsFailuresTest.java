package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fobstation.outcome.FailureCode.KLMS_TIMEOUT;
import static org.fobstation.outcome.FailureCode.KLMS_TLS;
import static org.fobstation.outcome.FailureCode.KLMS_UNREACHABLE;
import static org.fobstation.outcome.FailureCode.STATION_FAULT;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.fobstation.outcome.FailureCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases that a server at hand cannot be made to show at will. */
class KlmsFailuresTest {

    static Stream<Arguments> exceptions() {
        return Stream.of(
                Arguments.of(new ConnectException("refused"), KLMS_UNREACHABLE),
                Arguments.of(new NoRouteToHostException("no route"), KLMS_UNREACHABLE),
                Arguments.of(new UnknownHostException("klms"), KLMS_UNREACHABLE),
                Arguments.of(new SocketException("Connection reset"), KLMS_UNREACHABLE),
                Arguments.of(new EOFException(), KLMS_UNREACHABLE),
                Arguments.of(new SSLException("reset", new SocketException("reset")), KLMS_UNREACHABLE),
                Arguments.of(new SSLException("ended", new EOFException()), KLMS_UNREACHABLE),
                Arguments.of(new SSLException("alert"), KLMS_TLS),
                Arguments.of(new SSLException((String) null), KLMS_TLS),
                Arguments.of(new SocketTimeoutException(), KLMS_TIMEOUT),
                Arguments.of(new IllegalStateException("wrapped", new SocketTimeoutException("late")), KLMS_TIMEOUT));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void areToldByTheirException(Exception exception, FailureCode code) {
        assertThat(KlmsFailures.ofException(exception)).returns(code, KlmsError::code);
    }

    @Test
    void ofTlsNameTheirDeepestReason() {
        SSLException tls = new SSLException(
                "PKIX path validation failed",
                new IllegalStateException(new CertificateExpiredException("NotAfter: x")));
        assertThat(KlmsFailures.ofException(tls).detail())
                .isEqualTo("PKIX path validation failed, because NotAfter: x");
    }

    @Test
    void ofTheStationItselfSayWhereAndNotWhat() {
        KlmsError error = KlmsFailures.ofException(new IllegalStateException("40414243"));
        assertThat(error.code()).isEqualTo(STATION_FAULT);
        assertThat(error.detail())
                .startsWith("IllegalStateException at ")
                .contains("KlmsFailuresTest")
                .doesNotContain("4041");
    }

    @Test
    void ofAnUnknownKindSayTheirKindOnly() {
        assertThat(KlmsFailures.ofException(new IOException("40414243")).detail())
                .endsWith("IOException")
                .doesNotContain("4041");
    }
}
