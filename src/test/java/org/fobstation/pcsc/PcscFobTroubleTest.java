package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.fobstation.apdu.TransportException;
import org.fobstation.apdu.TransportException.Fault;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Fobs that break off or never answer. */
class PcscFobTroubleTest extends PcscRoute {

    @Nested
    class AFobTornAwayInACommand {

        @Test
        void isFollowedByAnotherThatTheServiceOverlooked() throws Exception {
            FakeCard torn = FakeCard.withUid(UID);
            step = exchange -> {
                if (exchange.getIn().getBody(PresentedFob.class).uid().equals(UID)) {
                    tear(torn, FakeCard.withUid(OTHER_UID), exchange.getIn().getBody(PresentedFob.class));
                }
            };
            start("pcsc:left");
            service.present(PICC, torn);

            assertThat(nextFob().uid()).isEqualTo(UID);
            assertThat(nextFob().uid()).isEqualTo(OTHER_UID);
            awaitHeard("arrived left " + UID, "removed left", "arrived left " + OTHER_UID);
        }

        @Test
        void isServedOnceMoreIfItWasAskedForAgainAndLiesThere() throws Exception {
            FakeCard torn = FakeCard.withUid(UID);
            FakeCard back = FakeCard.withUid(UID);
            step = exchange -> {
                PresentedFob fob = exchange.getIn().getBody(PresentedFob.class);
                if (back.commands().isEmpty()) {
                    fob.expectAgain();
                    tear(torn, back, fob);
                }
            };
            start("pcsc:left");
            service.present(PICC, torn);

            assertThat(nextFob().uid()).isEqualTo(UID);
            assertThat(nextFob().uid()).isEqualTo(UID);
        }

        @Test
        void isNotServedAgainIfNobodyAskedForIt() throws Exception {
            FakeCard torn = FakeCard.withUid(UID);
            FakeCard back = FakeCard.withUid(UID);
            step = exchange -> tear(torn, back, exchange.getIn().getBody(PresentedFob.class));
            start("pcsc:left?debounce=0");
            service.present(PICC, torn);
            nextFob();
            await().atMost(PATIENCE).until(() -> !back.commands().isEmpty());
            step = exchange -> {};
            service.remove(PICC);
            serveAnother();

            assertThat(fobs).isEmpty();
        }

        private void tear(FakeCard torn, FakeCard next, PresentedFob fob) {
            torn.failWith(PcscException.E_NOT_TRANSACTED);
            assertThatThrownBy(() -> fob.transport().transmit(new byte[5])).isInstanceOf(TransportException.class);
            service.replaceUnseen(PICC, next);
        }
    }

    @Nested
    class AFobWhoseRunAnOutageCutOff {

        @Test
        void isServedAnewWhereItStillLiesThere() throws Exception {
            step = exchange -> {
                PresentedFob fob = exchange.getIn().getBody(PresentedFob.class);
                step = again -> {};
                service.stopService();
                assertThatThrownBy(() -> fob.transport().transmit(new byte[5]))
                        .isInstanceOfSatisfying(TransportException.class, e -> assertThat(e.fault())
                                .isEqualTo(Fault.SERVICE_LOST));
            };
            start("pcsc:left");
            service.present(PICC, FakeCard.withUid(UID));
            assertThat(nextFob().uid()).isEqualTo(UID);
            awaitHeard("arrived left " + UID, "service lost");
            service.startService();

            assertThat(nextFob().uid()).isEqualTo(UID);
        }
    }

    @Nested
    class AFobThatHangs {

        @Test
        void isToldOnceAndItsReaderGoesOnAfterwards() throws Exception {
            service.plugIn(OTHER);
            start("pcsc:left?name=picc&stuckAfter=40", "pcsc:right?name=omnikey");
            FakeCard dead = FakeCard.withUid(UID);
            dead.hang();
            service.present(PICC, dead);
            awaitHeard("stuck left");
            assertThat(component().status().readers().get(0)).satisfies(status -> {
                assertThat(status.stuck()).isTrue();
                assertThat(status.isServing()).isFalse();
                assertThat(status.detail()).contains("SCardTransmit has not come back for");
            });
            assertThat(component().status().readers().get(1).isServing()).isTrue();

            service.remove(PICC);
            dead.answerAgain();
            // The watchdog tells on a thread of its own, so its last word may come before or after the removal.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(listener.lines())
                    .contains("stuck left", "refused left FOB_REMOVED", "freed left", "removed left"));
            serveAnother();
            assertThat(component().status().isServing()).isTrue();
        }
    }
}
