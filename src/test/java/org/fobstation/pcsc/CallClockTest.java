package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The clock of a reader's calls, and the watchdog that reads it. */
class CallClockTest {

    private long now = 5;
    private final CallClock clock = new CallClock(Duration.ofSeconds(10), () -> now);
    private final ListenerLog listener = new ListenerLog();
    private final List<WatchedReader> readers = List.of(
            new WatchedReader("left", new ReaderPattern("*", ""), new FobSlot(Clock.systemUTC(), () -> now), clock));
    private final ReaderWatchdog watchdog = new ReaderWatchdog(() -> readers, listener);

    private void after(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
        watchdog.look(readers);
    }

    @Test
    void saysNothingOfAReaderThatIsInNoCall() {
        after(100);
        assertThat(clock.stuckIn()).isEmpty();
    }

    @Test
    void saysNothingOfCallsThatComeBackInTime() {
        for (int i = 0; i < 5; i++) {
            clock.enter("SCardTransmit");
            after(9);
            clock.leave();
        }
        assertThat(listener.lines()).isEmpty();
    }

    @Test
    void namesTheCallThatHangsAndForHowLong() {
        clock.enter("SCardTransmit");
        after(12);
        assertThat(clock.stuckIn()).contains("SCardTransmit has not come back for 12 s");
    }

    @Test
    void tellsOnceThatAReaderIsStuckAndOnceThatItGoesOn() {
        clock.enter("SCardConnect");
        after(10);
        after(10);
        clock.leave();
        after(1);
        after(1);
        assertThat(listener.lines()).containsExactly("stuck left", "freed left");
    }

    @Test
    void forgetsAReaderThatIsWatchedNoLonger() {
        clock.enter("SCardConnect");
        after(10);
        watchdog.look(List.of());
        after(1);
        assertThat(listener.lines()).containsExactly("stuck left", "stuck left");
    }
}
