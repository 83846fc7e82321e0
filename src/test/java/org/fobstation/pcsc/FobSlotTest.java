package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.fobstation.pcsc.UidReading.Uid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The state machine of one reader, and what counts as the same fob. */
class FobSlotTest {

    private static final int EMPTY = 0x0010;
    private static final int PRESENT = 0x0020;
    private static final Instant NOW = Instant.parse("2026-03-01T06:00:00Z");

    private long nanos;
    private final FobSlot slot = new FobSlot(Clock.fixed(NOW, ZoneOffset.UTC), () -> nanos);
    private long served;

    private void see(int count, int flags) {
        slot.see(new ReaderState("Reader PICC 0", count << 16 | flags, new byte[0]));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    /** The presentation to serve next, or null: stopping makes the wait come back with what there is. */
    private Presentation next() throws InterruptedException {
        Presentation next = slot.pauseDuring(served + 1, Duration.ZERO) ? slot.awaitAfter(served) : null;
        served = next == null ? served : next.number();
        return next;
    }

    @Nested
    class AtTheFirstLook {

        @Test
        void anEmptyReaderGivesNothing() throws InterruptedException {
            see(0, EMPTY);
            assertThat(next()).isNull();
        }

        @Test
        void aFobThatLiesThereAlreadyIsPresented() throws InterruptedException {
            see(1, PRESENT);
            Presentation presentation = next();
            assertThat(presentation.at()).isEqualTo(NOW);
            assertThat(presentation.readerName()).isEqualTo("Reader PICC 0");
            assertThat(presentation.maybeSame()).isFalse();
        }
    }

    @Nested
    class WithAnEmptyReader {

        @BeforeEach
        void empty() {
            see(0, EMPTY);
        }

        @Test
        void aFobIsPresentedOnce() throws InterruptedException {
            see(1, PRESENT);
            assertThat(next()).isNotNull();
            see(1, PRESENT | ReaderState.IN_USE | ReaderState.EXCLUSIVE);
            see(1, PRESENT);
            assertThat(next()).isNull();
        }

        @Test
        void aMuteCardIsNothing() throws InterruptedException {
            see(1, PRESENT | ReaderState.MUTE);
            assertThat(next()).isNull();
        }

        @Test
        void aMuteCardThatBeginsToAnswerIsPresented() throws InterruptedException {
            see(1, PRESENT | ReaderState.MUTE);
            see(1, PRESENT);
            assertThat(next()).isNotNull();
        }

        @Test
        void aFobThatCameAndWentBetweenTwoLooksIsNothing() throws InterruptedException {
            see(2, EMPTY);
            assertThat(next()).isNull();
        }
    }

    @Nested
    class WithAFob {

        @BeforeEach
        void present() throws InterruptedException {
            see(0xFFFF, PRESENT);
            next();
        }

        @Test
        void removalAndAnotherFobBetweenTwoLooksIsAPresentation() throws InterruptedException {
            see(0x0001, PRESENT);

            assertThat(slot.wasRemoved(served)).isTrue();
            assertThat(next().sinceRemoval()).isEqualTo(Duration.ZERO);
        }

        @Test
        void aCounterThatMovedByOneIsNothing() throws InterruptedException {
            see(0x0000, PRESENT);
            assertThat(next()).isNull();
            assertThat(slot.wasRemoved(served)).isFalse();
        }

        @Test
        void aMuteMomentIsNoRemoval() throws InterruptedException {
            see(0xFFFF, PRESENT | ReaderState.MUTE);
            see(0xFFFF, PRESENT);
            assertThat(next()).isNull();
            assertThat(slot.wasRemoved(served)).isFalse();
        }

        @Test
        void tellsHowLongTheReaderWasEmptyBeforeTheNext() throws InterruptedException {
            see(0, EMPTY);
            assertThat(slot.wasRemoved(served)).isTrue();
            pass(Duration.ofMillis(401));
            see(1, PRESENT);

            Presentation presentation = next();
            assertThat(presentation.sinceRemoval()).isEqualTo(Duration.ofMillis(401));
            assertThat(presentation.maybeSame()).isFalse();
        }

        @Test
        void losingTheServiceIsNoRemoval() {
            slot.lost();
            assertThat(slot.wasRemoved(served)).isFalse();
        }

        @Test
        void aFobFoundAfterTheServiceWasAwayMayBeTheSame() throws InterruptedException {
            slot.lost();
            see(1, PRESENT);
            assertThat(next().maybeSame()).isTrue();
        }

        @Test
        void aFobFoundAfterTheReaderWasSeenEmptyIsNotTheSame() throws InterruptedException {
            slot.lost();
            see(0, EMPTY);
            see(1, PRESENT);
            assertThat(next().maybeSame()).isFalse();
        }
    }

    @Nested
    class OnceStopped {

        @Test
        void nothingIsPresentedAnyMore() throws InterruptedException {
            see(1, PRESENT);
            slot.stop();
            assertThat(slot.awaitAfter(0)).isNull();
            assertThat(slot.pauseDuring(1, Duration.ofHours(1))).isFalse();
        }
    }

    @Nested
    class TheLastFob {

        private final Uid fob = new Uid(new byte[] {4, 1, 2, 3, 4, 5, 6}, false);
        private final Uid other = new Uid(new byte[] {4, 9, 9, 9, 9, 9, 9}, false);
        private final Uid random = new Uid(new byte[] {8, 1, 1, 1}, true);
        private final LastFob last = new LastFob(Duration.ofMillis(500));

        private Presentation after(long millis, boolean maybeSame) {
            return new Presentation(2, "Reader PICC 0", NOW, Duration.ofMillis(millis), maybeSame, false);
        }

        @Test
        void isNotStillThereIfNoneWasServed() {
            assertThat(last.isStillThere(after(1, true), fob)).isFalse();
        }

        @Test
        void bouncesWithinTheDebounceTime() {
            last.remember(fob);
            assertThat(last.isStillThere(after(499, false), fob)).isTrue();
            assertThat(last.isStillThere(after(500, false), fob)).isFalse();
            assertThat(last.isStillThere(after(1, false), other)).isFalse();
        }

        @Test
        void isStillThereWhereItsRemovalMayHaveBeenOverlooked() {
            last.remember(fob);
            assertThat(last.isStillThere(after(60_000, true), fob)).isTrue();
            assertThat(last.isStillThere(after(60_000, true), other)).isFalse();
        }

        @Test
        void neverBouncesWithARandomUid() {
            last.remember(random);
            assertThat(last.isStillThere(after(1, false), random)).isFalse();
        }

        @Test
        void withARandomUidCountsAsTheSameWhereItsRemovalMayHaveBeenOverlooked() {
            last.remember(random);
            assertThat(last.isStillThere(after(1, true), new Uid(new byte[] {8, 2, 2, 2}, true)))
                    .isTrue();
        }
    }
}
