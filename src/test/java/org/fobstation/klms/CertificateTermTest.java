package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fobstation.outcome.FailureCode.STATION_CERTIFICATE_INVALID;

import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.fobstation.LogCapture;
import org.fobstation.simulator.pki.TestPki;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the station says of its own certificate as time goes by. */
class CertificateTermTest {

    private X509Certificate certificate;
    private final SettableClock clock = new SettableClock();
    private final CertificateTerm term = new CertificateTerm(() -> certificate, clock);

    @BeforeEach
    void issue() throws Exception {
        certificate = newCertificate();
    }

    @Test
    void saysNothingMoreThanThirtyDaysBefore() {
        before(Duration.ofDays(30).plusSeconds(1));
        assertThat(term.warning()).isEmpty();
        assertThat(term.hold()).isEmpty();
    }

    @Test
    void warnsAtThirtyFourteenSevenAndOneDays() throws Exception {
        List<Long> logged = new ArrayList<>();
        try (LogCapture log = LogCapture.ofEverything()) {
            for (long hours = 40 * 24; hours > 0; hours--) {
                before(Duration.ofHours(hours));
                int lines = ownLines(log);
                term.look();
                if (ownLines(log) > lines) {
                    logged.add(hours);
                }
            }
        }
        assertThat(logged).containsExactly(30L * 24, 14L * 24, 7L * 24, 24L);
    }

    @Test
    void tellsDaysAndThenHours() {
        before(Duration.ofDays(13).plusHours(5));
        assertThat(term.warning()).hasValueSatisfying(text -> assertThat(text)
                .contains("ends at " + certificate.getNotAfter().toInstant() + ", in 13 days")
                .contains("klms.key-store"));
        before(Duration.ofHours(47));
        assertThat(term.warning()).hasValueSatisfying(text -> assertThat(text).contains("in 47 hours"));
        before(Duration.ofHours(5));
        assertThat(term.warning()).hasValueSatisfying(text -> assertThat(text).contains("in 5 hours"));
        assertThat(term.hold()).isEmpty();
    }

    @Test
    void holdsBehindItsEndAndLogsThatOnce() throws Exception {
        before(Duration.ofSeconds(-1));
        assertThat(term.hold()).hasValueSatisfying(hold -> {
            assertThat(hold.code()).isEqualTo(STATION_CERTIFICATE_INVALID);
            assertThat(hold.detail())
                    .isEqualTo("it ended at " + certificate.getNotAfter().toInstant());
        });
        assertThat(term.warning()).isEmpty();
        try (LogCapture log = LogCapture.ofEverything()) {
            term.look();
            term.look();
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("STATION_CERTIFICATE_INVALID"))
                    .hasSize(1);
        }
    }

    @Test
    void holdsBeforeItsBeginning() {
        clock.now = certificate.getNotBefore().toInstant().minusSeconds(1);
        assertThat(term.hold()).hasValueSatisfying(hold -> assertThat(hold.detail())
                .contains("it begins at " + certificate.getNotBefore().toInstant())
                .contains("clock says " + clock.now));
    }

    @Test
    void isContentWithARenewedOne() throws Exception {
        before(Duration.ofDays(-1));
        assertThat(term.hold()).isPresent();
        clock.now = Instant.now();
        certificate = newCertificate();
        assertThat(term.hold()).isEmpty();
        assertThat(term.warning()).isEmpty();
    }

    private static int ownLines(LogCapture log) {
        return (int) log.lines().stream()
                .filter(line -> line.contains(CertificateTerm.class.getName()))
                .count();
    }

    private void before(Duration left) {
        clock.now = certificate.getNotAfter().toInstant().minus(left);
    }

    private static X509Certificate newCertificate() throws Exception {
        return TestPki.create()
                .stationChain(
                        KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic())
                .get(0);
    }

    private static final class SettableClock extends Clock {
        private Instant now = Instant.now();

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
