package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.pcsc.FourReaders;
import org.fobstation.pcsc.NativeSmartCardService;
import org.fobstation.pcsc.RealPcscd;
import org.fobstation.provisioning.RunReport;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.reader.VpcdSlot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A station through the real pcscd while services are killed, and fobs are torn away, swapped and hang. After each the
 * next good fob passes in time, without a restart of the station, and no handle and no thread is left behind.
 *
 * <p>The profile {@code endurance} repeats it often: {@code ./mvnw verify -Pendurance}.
 */
@ExtendWith({RealPcscd.class, FourReaders.class})
@Timeout(value = 45, unit = TimeUnit.MINUTES)
class ReaderFaultsIT {

    private static final int SERVICE_ROUNDS = Integer.getInteger("rounds.service", 3);
    private static final int TORN_ROUNDS = Integer.getInteger("rounds.torn", 2);
    private static final Duration NEXT_FOB = Duration.ofSeconds(2);
    private static final Duration AFTER_SERVICE = Duration.ofSeconds(5);
    private static final int SELECT = 0xA4;
    private static final int STORE_DATA = 0xE2;
    private static final List<Integer> KILLED_AT = List.of(SELECT, 0x50, 0x82, STORE_DATA, 0xF0);

    @TempDir
    private Path folder;

    private final VpcdSlot first = new VpcdSlot(FourReaders.ACR1252, FourReaders.ACR1252_PORT);
    private final VpcdSlot second = new VpcdSlot(FourReaders.ACR1281, FourReaders.ACR1281_PORT);
    private TestStation station;
    private int fobs;

    @BeforeEach
    void prepare() throws Exception {
        RealPcscd.awaitEmptyReaders();
        station = TestStation.in(folder)
                .set("reader.1.exclude", "*00 01")
                .set("reader.2.id", "LINE_04_READER_02")
                .set("reader.2.name", "*ACR1281*PICC*")
                .set("reader.2.exclude", "*00 01");
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        station.close();
    }

    private void start() throws Exception {
        station.start(new NativeSmartCardService(), "*ACR1252*PICC*");
    }

    /** Started, and once through all that opens connections for later use. */
    private Footprint startAndSettle() throws Exception {
        start();
        first.present(fob());
        second.present(fob());
        assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
        assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
        first.remove();
        second.remove();
        station.awaitRemoval();
        station.awaitRemoval();
        awaitDelivered();
        return Footprint.now();
    }

    private void awaitDelivered() {
        await().atMost(TestStation.LONGEST)
                .until(() ->
                        station.klms().audits().size() >= station.archived().size());
    }

    /** A fob that was never there before. */
    private VirtualFob fob() {
        return station.fob(String.format("04A1B2C3%06X", fobs++));
    }

    private void assertNextFobPasses(VpcdSlot slot, Duration longest) throws Exception {
        VirtualFob good = fob();
        slot.present(good);
        RunReport report = station.awaitOutcome(longest);
        assertThat(report.uid()).isEqualTo(good.uid());
        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.PASS);
        slot.remove();
        RealPcscd.awaitEmptyReaders();
    }

    @Nested
    class WhenTheServiceIsKilled {

        @Test
        void betweenRunsTheNextFobPasses() throws Exception {
            Footprint before = startAndSettle();
            for (int round = 0; round < SERVICE_ROUNDS; round++) {
                RealPcscd.kill();
                RealPcscd.restart();
                assertNextFobPasses(round % 2 == 0 ? first : second, AFTER_SERVICE);
            }
            before.awaitNoMore();
        }

        @Test
        void duringARunTheRunEndsAndTheFobIsFinishedAfterwards() throws Exception {
            Footprint before = startAndSettle();
            for (int round = 0; round < SERVICE_ROUNDS; round++) {
                VirtualFob fob = fob();
                int ins = KILLED_AT.get(round % KILLED_AT.size());
                first.present(CardFault.on(fob).before(CardTrigger.firstWithIns(ins), RealPcscd::kill));
                assertThat(station.awaitOutcome().failure())
                        .map(Failure::code)
                        .as("killed at %02X", ins)
                        .contains(FailureCode.SERVICE_LOST);
                first.remove();

                RealPcscd.restart();
                first.present(fob);
                assertThat(station.awaitOutcome(AFTER_SERVICE).outcome()).isEqualTo(Outcome.PASS);
                first.remove();
                RealPcscd.awaitEmptyReaders();
            }
            before.awaitNoMore();
        }

        @Test
        void beforeTheStartTheStationWaitsForIt() throws Exception {
            RealPcscd.kill();
            station.startWithoutWaiting(new NativeSmartCardService(), "*ACR1252*PICC*");
            await().atMost(TestStation.LONGEST).untilAsserted(() -> assertThat(station.refused())
                    .extracting(Failure::code)
                    .contains(FailureCode.SERVICE_LOST));
            assertThat(station.isWatching()).isFalse();

            RealPcscd.restart();
            assertNextFobPasses(first, AFTER_SERVICE);
        }
    }

    @Nested
    class WhenAFobIsTornAway {

        @Test
        void atAnyCommandInEitherWayTheNextFobPasses() throws Exception {
            Footprint before = startAndSettle();
            VirtualFob counted = fob();
            first.present(counted);
            assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
            int commands = counted.received().size();
            first.remove();
            RealPcscd.awaitEmptyReaders();
            assertThat(commands).isGreaterThan(5);
            List<String> details = new ArrayList<>();
            for (int round = 0; round < TORN_ROUNDS; round++) {
                for (int index = 1; index <= commands; index++) {
                    tearAt(index, CardTrigger.nth(index), VpcdSlot::remove, details);
                    if (index > 1) {
                        tearAt(index, CardTrigger.nth(index - 1), VpcdSlot::tearOffAfterAnswer, details);
                    }
                }
            }
            before.awaitNoMore();
            assertThat(new TreeSet<>(details))
                    .as("both ways in which vpcd tells")
                    .anyMatch(detail -> detail.contains("W_REMOVED_CARD"))
                    .anyMatch(detail -> detail.contains("E_NOT_TRANSACTED"));
        }

        private void tearAt(int index, CardTrigger trigger, Consumer<VpcdSlot> way, List<String> details)
                throws Exception {
            int refused = station.refused().size();
            first.present(CardFault.on(fob()).before(trigger, () -> way.accept(first)));
            if (index == 1) {
                await().atMost(TestStation.LONGEST)
                        .until(() -> station.refused().size() > refused);
                assertThat(station.refused().get(refused).code()).isEqualTo(FailureCode.FOB_REMOVED);
            } else {
                RunReport report = station.awaitOutcome();
                assertThat(report.failure().orElseThrow().code())
                        .as("torn away at command %s: %s", index, report)
                        .isIn(FailureCode.FOB_REMOVED, FailureCode.FOB_REMOVED_HALF_DONE);
                details.add(report.failure().orElseThrow().detail());
            }
            assertNextFobPasses(first, NEXT_FOB);
        }

        @Test
        void andAnotherIsThereBeforeAnybodyLooksTheLastOnePasses() throws Exception {
            Footprint before = startAndSettle();
            for (int round = 0; round < TORN_ROUNDS; round++) {
                first.present(fob());
                first.remove();
                VirtualFob last = fob();
                first.present(last);

                RunReport report = station.awaitOutcome(NEXT_FOB);
                if (!report.uid().equals(last.uid())) {
                    assertThat(report.outcome()).isNotEqualTo(Outcome.PASS);
                    report = station.awaitOutcome(NEXT_FOB);
                }
                assertThat(report.uid()).isEqualTo(last.uid());
                assertThat(report.outcome()).isEqualTo(Outcome.PASS);
                first.remove();
                RealPcscd.awaitEmptyReaders();
            }
            before.awaitNoMore();
            assertThat(station.outcomes()).isZero();
        }
    }

    @Nested
    class WhenAFobHangs {

        @Test
        void theOtherReaderKeepsItsRhythmAndItsOwnGoesOnAfterwards() throws Exception {
            station.set("reader.stuck-after", "200 ms");
            Footprint before = startAndSettle();
            CountDownLatch hanging = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            VirtualFob hung = fob();
            first.present(CardFault.on(hung).before(CardTrigger.firstWithIns(SELECT), () -> {
                hanging.countDown();
                awaitQuietly(release);
            }));
            assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 10; i++) {
                VirtualFob quick = fob();
                second.present(quick);
                RunReport report = station.awaitOutcome(NEXT_FOB);
                assertThat(report.uid()).isEqualTo(quick.uid());
                assertThat(report.outcome()).isEqualTo(Outcome.PASS);
                second.remove();
                station.awaitRemoval();
            }
            await().untilAsserted(() ->
                    assertThat(station.refused()).extracting(Failure::code).containsExactly(FailureCode.READER_STUCK));

            first.remove();
            assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.RETRY);
            release.countDown();
            assertNextFobPasses(first, NEXT_FOB);
            before.awaitNoMore();
        }
    }

    @Nested
    class WhenTheStationIsStopped {

        private static final long MOST_SECONDS = 5;

        @Test
        void aFobThatHangsHoldsNothingUpAndIsSettledAtTheNextStart() throws Exception {
            start();
            CountDownLatch hanging = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            VirtualFob hung = fob();
            first.present(CardFault.on(hung).before(CardTrigger.firstWithIns(STORE_DATA), () -> {
                hanging.countDown();
                awaitQuietly(release);
            }));
            assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();

            CompletableFuture.runAsync(station::stop).get(MOST_SECONDS, TimeUnit.SECONDS);

            start();
            await().atMost(TestStation.LONGEST).untilAsserted(() -> assertThat(station.archived())
                    .singleElement()
                    .satisfies(record ->
                            assertThat(Files.readString(record)).contains(FailureCode.RESULT_UNKNOWN.name())));
            first.remove();
            release.countDown();
            RealPcscd.awaitEmptyReaders();
            first.present(hung);
            assertThat(awaitOutcomeOfTheSecondStart().outcome()).isEqualTo(Outcome.PASS);
        }

        /** The first one's thread may still say that its journal is closed; a process would be gone. */
        private RunReport awaitOutcomeOfTheSecondStart() throws InterruptedException {
            RunReport report;
            do {
                report = station.awaitOutcome();
            } while (report.failure().map(Failure::code).equals(Optional.of(FailureCode.JOURNAL_FAILED)));
            return report;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(TestStation.LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the hanging fob was not released");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("the hanging fob was interrupted", e);
        }
    }
}
