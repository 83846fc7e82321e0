package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Offsets are written out here as the C compilers place them, independently of {@link PcscAbi}. */
class PcscAbiTest {

    private static final ReaderState PICC = new ReaderState("Leser Ü 0", 0x00070122, new byte[0]);
    private static final ReaderState SAM = new ReaderState("SAM 0", 0x00000232, new byte[0]);

    @Nested
    class OnLinux {

        @Test
        void laysReaderStatesOutWithEightByteWords() {
            try (ReaderStateArray states = new ReaderStateArray(PcscAbi.LINUX, List.of(PICC, SAM))) {
                assertThat(states.pointer().getPointer(0).getString(0, "UTF-8")).isEqualTo("Leser Ü 0");
                assertThat(states.pointer().getLong(16)).isEqualTo(0x00070120L);
                assertThat(states.pointer().getPointer(80).getString(0, "UTF-8"))
                        .isEqualTo("SAM 0");
                assertThat(states.pointer().getLong(80 + 16)).isEqualTo(0x00000230L);
                assertThat(states.count()).isEqualTo(2);
            }
        }

        @Test
        void readsEventWordAndAtrBack() {
            try (ReaderStateArray states = new ReaderStateArray(PcscAbi.LINUX, List.of(PICC, SAM))) {
                states.pointer().setLong(80 + 24, 0xFFFF0022L);
                states.pointer().setLong(80 + 32, 3);
                states.pointer().write(80 + 40, new byte[] {0x3B, 1, 2}, 0, 3);

                ReaderState sam = states.events().get(1);

                assertThat(sam.reader()).isEqualTo("SAM 0");
                assertThat(sam.state()).isEqualTo(0xFFFF0022);
                assertThat(sam.eventCount()).isEqualTo(0xFFFF);
                assertThat(sam.atr()).containsExactly(0x3B, 1, 2);
            }
        }

        @Test
        void takesNoMoreAtrThanThereIsRoomFor() {
            try (ReaderStateArray states = new ReaderStateArray(PcscAbi.LINUX, List.of(PICC))) {
                states.pointer().setLong(32, 4_000_000_000L);

                assertThat(states.events().get(0).atr().length).isLessThanOrEqualTo(33);
            }
        }

        @Test
        void endsTextsWithOneZero() {
            try (Memory text = PcscAbi.LINUX.textOf("Ü")) {
                assertThat(text.getByteArray(0, (int) text.size())).containsExactly(0xC3, 0x9C, 0);
            }
        }

        @Test
        void readsDwordsFromEightBytes() {
            try (Memory word = PcscAbi.LINUX.dwordOf(0x8010000A)) {
                assertThat(word.size()).isEqualTo(8);
                assertThat(word.getLong(0)).isEqualTo(0x8010000AL);
                assertThat(PcscAbi.LINUX.getDword(word, 0)).isEqualTo(0x8010000A);
            }
        }

        @Test
        void splitsMultiStringsByBytes() {
            assertThat(multiString(PcscAbi.LINUX, "A 00 00\0Ü\0\0".getBytes(StandardCharsets.UTF_8), 12))
                    .containsExactly("A 00 00", "Ü");
        }
    }

    @Nested
    class OnWindows {

        @Test
        void laysReaderStatesOutWithFourByteWords() {
            try (ReaderStateArray states = new ReaderStateArray(PcscAbi.WINDOWS, List.of(PICC, SAM))) {
                assertThat(states.pointer().getPointer(0).getByteArray(0, 20))
                        .isEqualTo("Leser Ü 0\0".getBytes(StandardCharsets.UTF_16LE));
                assertThat(states.pointer().getInt(16)).isEqualTo(0x00070120);
                assertThat(states.pointer().getInt(20)).isZero();
                assertThat(states.pointer().getInt(64 + 16)).isEqualTo(0x00000230);
            }
        }

        @Test
        void readsEventWordAndAtrBack() {
            try (ReaderStateArray states = new ReaderStateArray(PcscAbi.WINDOWS, List.of(PICC, SAM))) {
                states.pointer().setInt(64 + 20, 0x00010022);
                states.pointer().setInt(64 + 24, 2);
                states.pointer().write(64 + 28, new byte[] {0x3B, 9}, 0, 2);

                ReaderState sam = states.events().get(1);

                assertThat(sam.state()).isEqualTo(0x00010022);
                assertThat(sam.atr()).containsExactly(0x3B, 9);
            }
        }

        @Test
        void endsTextsWithTwoZeros() {
            try (Memory text = PcscAbi.WINDOWS.textOf("A")) {
                assertThat(text.getByteArray(0, (int) text.size())).containsExactly('A', 0, 0, 0);
            }
        }

        @Test
        void readsDwordsFromFourBytes() {
            try (Memory word = PcscAbi.WINDOWS.dwordOf(0x8010000A)) {
                assertThat(word.size()).isEqualTo(4);
                assertThat(PcscAbi.WINDOWS.getDword(word, 0)).isEqualTo(0x8010000A);
            }
        }

        @Test
        void splitsMultiStringsByUtf16Units() {
            byte[] encoded = "A 0\0Ü 1\0\0".getBytes(StandardCharsets.UTF_16LE);

            assertThat(multiString(PcscAbi.WINDOWS, encoded, 9)).containsExactly("A 0", "Ü 1");
        }
    }

    private static List<String> multiString(PcscAbi abi, byte[] encoded, int characters) {
        try (Memory memory = new Memory(encoded.length)) {
            memory.write(0, encoded, 0, encoded.length);
            return abi.multiString(memory, characters);
        }
    }

    @Test
    void isChosenByOperatingSystem() {
        assertThat(PcscAbi.of("Windows 11", 8)).isSameAs(PcscAbi.WINDOWS);
        assertThat(PcscAbi.of("Linux", 8)).isSameAs(PcscAbi.LINUX);
    }

    @Test
    void isRefusedWhereTheLayoutIsNotKnown() {
        assertThatThrownBy(() -> PcscAbi.of("Windows 10", 4)).hasMessageContaining("32-bit Java");
        assertThatThrownBy(() -> PcscAbi.of("Mac OS X", 8)).hasMessageContaining("not on Mac OS X");
    }
}
