package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KlmsReachTest {

    private static final long HOUR = Duration.ofHours(1).toMillis();

    final MovableClock clock = new MovableClock();
    final KlmsReach reach = new KlmsReach(clock);

    @BeforeEach
    void probeOnceAnHour() {
        reach.probeAfter(new Backoff(HOUR, 4 * HOUR));
    }

    static Exception answer(int status) {
        return new HttpOperationFailedException("https://klms/audit", status, "Status", null, Map.of(), "");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 408, 429, 500, 503, 599})
    void takesForAwayWhatSaysNothingOfTheRecord(int status) {
        assertThat(KlmsReach.isAway(answer(status))).isTrue();
        assertThat(KlmsReach.isAway(new ConnectException("Connection refused"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 404, 409, 422, 499})
    void takesOtherAnswersForARefusalOfTheRecord(int status) {
        assertThat(KlmsReach.isAway(answer(status))).isFalse();
    }

    @Test
    void isNotDownAfterOneRecordsBadLuck() {
        reach.failed("Read timed out");

        assertThat(reach.isDown()).isFalse();
        assertThat(reach.untilProbe()).isZero();
    }

    @Test
    void isDownAfterTwoFailuresInARow() {
        reach.failed("Read timed out");
        reach.failed("Connection refused");

        assertThat(reach.isDown()).isTrue();
        assertThat(reach.untilProbe()).isBetween(HOUR / 2 - 60_000, HOUR);
    }

    @Test
    void countsFailuresAnewAfterAnAnswer() {
        reach.failed("Read timed out");
        reach.answered();
        reach.failed("Read timed out");

        assertThat(reach.isDown()).isFalse();
    }

    @Test
    void isBackWithTheFirstAnswerAndPausesBeginAnew() {
        reach.lost("Connection refused");
        reach.lost("Connection refused");
        reach.lost("Connection refused");
        reach.answered();
        assertThat(reach.isDown()).isFalse();

        reach.lost("Connection refused");
        assertThat(reach.untilProbe()).isLessThanOrEqualTo(HOUR);
    }

    @Test
    void waitsLongerBeforeEveryFurtherProbe() {
        reach.lost("Connection refused");
        reach.failed("Connection refused");
        assertThat(reach.untilProbe()).isGreaterThan(HOUR - 60_000);

        reach.failed("Connection refused");
        assertThat(reach.untilProbe()).isGreaterThan(2 * HOUR - 60_000);
    }

    @Test
    void saysSinceWhenAndWhyTheLastTime() {
        reach.lost("Connection refused");
        clock.pass(Duration.ofMinutes(5));
        reach.failed("Read timed out");

        assertThat(reach.describe())
                .isEqualTo("not posted: the KLMS's audit side is away since 2023-10-27T14:32:01Z: Read timed out");
    }

    @Test
    void waitsOneToThirtySecondsAsLongAsNobodySaidOtherwise() {
        KlmsReach unset = new KlmsReach(clock);
        unset.lost("Connection refused");

        assertThat(unset.untilProbe()).isLessThanOrEqualTo(1_000);
        for (int failure = 0; failure < 10; failure++) {
            unset.lost("Connection refused");
        }
        assertThat(unset.untilProbe()).isBetween(1_000L, 30_000L);
    }
}
