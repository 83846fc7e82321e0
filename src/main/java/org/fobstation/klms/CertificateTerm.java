package org.fobstation.klms;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the station's certificate still serves: warned of 30, 14, 7 and 1 days before its end, a HOLD beyond it and
 * before its beginning. Any thread may ask; {@link #look()} is for one.
 */
final class CertificateTerm implements Gate {

    /** Days before the end, the last step first. */
    private static final List<Integer> STEPS = List.of(1, 7, 14, 30);

    private static final Logger LOG = LoggerFactory.getLogger(CertificateTerm.class);

    private final Supplier<X509Certificate> certificate;
    private final Clock clock;
    private X509Certificate logged;
    private int loggedStep;

    CertificateTerm(Supplier<X509Certificate> certificate, Clock clock) {
        this.certificate = certificate;
        this.clock = clock;
    }

    @Override
    public Optional<Hold> hold() {
        X509Certificate own = certificate.get();
        Instant now = clock.instant();
        Instant begin = own.getNotBefore().toInstant();
        Instant end = own.getNotAfter().toInstant();
        if (now.isAfter(end)) {
            return Optional.of(new Hold(FailureCode.STATION_CERTIFICATE_INVALID, "it ended at " + end));
        }
        if (now.isBefore(begin)) {
            return Optional.of(new Hold(
                    FailureCode.STATION_CERTIFICATE_INVALID,
                    "it begins at " + begin + ", and the station's clock says " + now));
        }
        return Optional.empty();
    }

    /** What is to be said of a certificate that will end soon; empty for more than 30 days, and behind its end. */
    Optional<String> warning() {
        return warning(certificate.get());
    }

    private Optional<String> warning(X509Certificate own) {
        Duration left = left(own);
        if (left.isNegative() || step(left) == 0) {
            return Optional.empty();
        }
        return Optional.of(
                "the station's certificate ends at " + own.getNotAfter().toInstant() + ", in "
                        + (left.toDays() > 1 ? left.toDays() + " days" : left.toHours() + " hours")
                        + ". Put a renewed one into klms.key-store.");
    }

    /** Writes to the log what was not written before of this certificate: once a step, and once at its end. */
    void look() {
        X509Certificate own = certificate.get();
        Duration left = left(own);
        int step = left.isNegative() ? -1 : step(left);
        if (own.equals(logged) && step == loggedStep) {
            return;
        }
        logged = own;
        loggedStep = step;
        hold().ifPresent(hold -> LOG.error(
                "{}: {} {} -> {}",
                hold.code(),
                hold.code().sentence(),
                hold.detail(),
                hold.code().remedy()));
        warning(own).ifPresent(LOG::warn);
    }

    private Duration left(X509Certificate own) {
        return Duration.between(clock.instant(), own.getNotAfter().toInstant());
    }

    /** The lowest step that is reached, in days; 0 for none. */
    private static int step(Duration left) {
        return STEPS.stream()
                .filter(days -> left.compareTo(Duration.ofDays(days)) <= 0)
                .findFirst()
                .orElse(0);
    }
}
