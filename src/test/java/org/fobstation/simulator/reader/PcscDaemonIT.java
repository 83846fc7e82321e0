package org.fobstation.simulator.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.fobstation.simulator.fob.VirtualCard;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the real pcscd with vpcd, where both are installed and this runs as root. */
class PcscDaemonIT {

    private static final List<Integer> PORTS = List.of(VpcdSlot.DEFAULT_PORT, VpcdSlot.DEFAULT_PORT + 1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @BeforeEach
    void needsPcscd() {
        assumeThat(Path.of("/usr/sbin/pcscd")).isExecutable();
        assumeThat(Path.of("/etc/reader.conf.d/vpcd")).exists();
        assumeThat(Files.isWritable(Path.of("/run"))).as("may start a service").isTrue();
    }

    @Test
    void startsPcscdWithItsReadersAndStopsWhatItStarted() throws IOException {
        boolean ranBefore = PcscDaemon.isRunning();
        try (PcscDaemon daemon = PcscDaemon.running(PORTS, PATIENCE)) {
            assertThat(PcscDaemon.isRunning()).isTrue();
            assertThat(daemon.startedHere()).isNotEqualTo(ranBefore);
        }
        assertThat(PcscDaemon.isRunning()).isEqualTo(ranBefore);
    }

    @Test
    void joinsThePcscdThatRuns() throws IOException {
        try (PcscDaemon first = PcscDaemon.running(PORTS, PATIENCE)) {
            try (PcscDaemon second = PcscDaemon.running(PORTS, PATIENCE)) {
                assertThat(second.startedHere()).isFalse();
            }
            assertThat(PcscDaemon.isRunning()).as("still, %s", first).isTrue();
        }
    }

    @Test
    void saysWhatToDoAboutMissingReaders() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> PcscDaemon.running(List.of(1), Duration.ofMillis(500)))
                .withMessageContaining("vsmartcard-vpcd");
    }

    @Test
    void powersAFobLaidOnAVirtualReader() throws IOException {
        PoweredCard card = new PoweredCard(VirtualFob.builder().build());
        try (PcscDaemon daemon = PcscDaemon.running(PORTS, PATIENCE);
                VpcdSlot slot = VpcdSlot.asInstalled(0)) {
            slot.present(card);
            await("%s powers the fob".formatted(daemon))
                    .atMost(PATIENCE)
                    .until(() -> card.powerOns.get() > 0 && card.atrs.get() > 1);
        }
    }

    /** Counts what pcscd asks of a card nobody uses. */
    private static final class PoweredCard implements VirtualCard {

        private final VirtualCard card;
        private final AtomicInteger powerOns = new AtomicInteger();
        private final AtomicInteger atrs = new AtomicInteger();

        PoweredCard(VirtualCard card) {
            this.card = card;
        }

        @Override
        public byte[] atr() {
            atrs.incrementAndGet();
            return card.atr();
        }

        @Override
        public void powerOn() {
            powerOns.incrementAndGet();
        }

        @Override
        public void reset() {
            card.reset();
        }

        @Override
        public void powerOff() {
            card.powerOff();
        }

        @Override
        public byte[] transmit(byte[] command) {
            return card.transmit(command);
        }
    }
}
