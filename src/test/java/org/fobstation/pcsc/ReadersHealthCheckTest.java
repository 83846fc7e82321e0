package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.junit.jupiter.api.Test;

/** What Camel's health check says of the readers. */
class ReadersHealthCheckTest extends PcscRoute {

    private HealthCheck.Result check() {
        HealthCheck check = HealthCheckRegistry.get(camel)
                .getCheck("pcsc")
                .orElseThrow(() -> new AssertionError("no health check pcsc is registered"));
        assertThat(check.isReadiness()).isTrue();
        assertThat(check.isLiveness()).isFalse();
        return check.call();
    }

    private void awaitState(HealthCheck.State state) {
        await().atMost(PATIENCE).until(() -> check().getState() == state);
    }

    @Test
    void isUpWithADetailForEachReader() throws Exception {
        service.plugIn(OTHER);
        start("pcsc:left?name=picc", "pcsc:right?name=omnikey");
        awaitState(HealthCheck.State.UP);

        assertThat(check().getDetails())
                .containsEntry("service", "UP")
                .containsEntry("reader.left", "ATTACHED " + PICC)
                .containsEntry("reader.right", "ATTACHED " + OTHER);
    }

    @Test
    void isDownWhileAReaderIsMissing() throws Exception {
        start("pcsc:left?name=picc", "pcsc:right?name=omnikey");
        awaitState(HealthCheck.State.DOWN);

        assertThat(check().getMessage()).contains("not serving: right");
        assertThat(check().getDetails().get("reader.right").toString()).startsWith("MISSING: no reader matches");
        service.plugIn(OTHER);
        awaitState(HealthCheck.State.UP);
    }

    @Test
    void isDownWhileTheServiceIsAway() throws Exception {
        start("pcsc:left");
        service.stopService();
        awaitState(HealthCheck.State.DOWN);

        assertThat(check().getMessage().orElseThrow()).startsWith("the PC/SC service is gone");
        assertThat(check().getDetails()).containsEntry("service", "LOST").containsKey("service.fault");
        service.startService();
        awaitState(HealthCheck.State.UP);
    }

    @Test
    void isDownWhileAFobHangs() throws Exception {
        start("pcsc:left?stuckAfter=40");
        FakeCard dead = FakeCard.withUid(UID);
        dead.hang();
        service.present(PICC, dead);
        awaitState(HealthCheck.State.DOWN);

        assertThat(check().getDetails().get("reader.left").toString())
                .startsWith("STUCK " + PICC)
                .contains("SCardTransmit");
        dead.answerAgain();
        awaitState(HealthCheck.State.UP);
    }

    @Test
    void isUpWhereNoReaderIsConsumed() throws Exception {
        start("pcsc:left");
        camel.getRouteController().stopRoute("left");

        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
    }
}
