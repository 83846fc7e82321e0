package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The binding above the library, with the layouts of both systems. */
class NativeSmartCardServiceTest {

    @Nested
    class OnWindows extends Binding {
        OnWindows() {
            super(true);
        }
    }

    @Nested
    class OnLinux extends Binding {
        OnLinux() {
            super(false);
        }
    }

    abstract static class Binding {

        private static final Duration WAIT = Duration.ofMillis(1500);

        private final boolean windows;
        private final FakeLibrary library;
        private final NativeSmartCardService service;

        Binding(boolean windows) {
            this.windows = windows;
            library = new FakeLibrary(windows);
            service = new NativeSmartCardService(windows ? PcscAbi.WINDOWS : PcscAbi.LINUX, () -> library);
        }

        @Test
        void establishesInSystemScopeAndReleasesOnce() throws PcscException {
            SmartCardContext context = service.establish();
            context.close();
            context.close();

            assertThat(library.calls).containsExactly("establish 2", "release true");
        }

        @Test
        void saysWhichLibraryIsMissingAndWhatToDo() {
            NativeSmartCardService without =
                    new NativeSmartCardService(windows ? PcscAbi.WINDOWS : PcscAbi.LINUX, () -> {
                        throw new UnsatisfiedLinkError("no such file\nand a long stack of reasons");
                    });

            assertThatThrownBy(without::establish)
                    .isInstanceOfSatisfying(
                            PcscException.class, e -> assertThat(e.code()).isEqualTo(PcscException.E_NO_SERVICE))
                    .hasMessageContaining(windows ? "winscard" : "libpcsclite.so.1")
                    .hasMessageContaining(windows ? "repair the installation" : "Install it")
                    .hasMessageEndingWith("(no such file)");
        }

        @Test
        void listsReaders() throws PcscException {
            try (SmartCardContext context = service.establish()) {
                assertThat(context.readers()).containsExactly("Reader Ü PICC 0", "Reader SAM 0");
            }
        }

        @Test
        void listsReadersThatCameWhileListing() throws PcscException {
            library.calls.add("plug another in meanwhile");

            try (SmartCardContext context = service.establish()) {
                assertThat(context.readers()).endsWith("Reader come late 0");
            }
        }

        @Test
        void takesNoReadersForAnEmptyList() throws PcscException {
            library.readers.clear();

            try (SmartCardContext context = service.establish()) {
                assertThat(context.readers()).isEmpty();
            }
        }

        @Test
        void waitsWithTheWholeStateWordButChanged() throws PcscException {
            try (SmartCardContext context = service.establish()) {
                List<ReaderState> seen = context.waitForChange(
                        List.of(new ReaderState("Reader Ü PICC 0", 0x00020122, new byte[0])), WAIT);

                assertThat(library.calls).contains("wait 1500 for Reader Ü PICC 0 00020120");
                assertThat(seen).singleElement().satisfies(state -> {
                    assertThat(state.reader()).isEqualTo("Reader Ü PICC 0");
                    assertThat(state.state()).isEqualTo(0x00030022);
                    assertThat(state.atr()).containsExactly(0x3B, 0x80);
                });
            }
        }

        @Test
        void givesTheStatesBackAsTheyWereOnATimeout() throws PcscException {
            ReaderState known = new ReaderState("Reader Ü PICC 0", 0x00020120, new byte[0]);
            try (SmartCardContext context = service.establish()) {
                library.result = PcscException.E_TIMEOUT;

                assertThat(context.waitForChange(List.of(known), WAIT)).containsExactly(known);
            }
        }

        @Test
        void refusesSeventeenEntries() throws PcscException {
            ReaderState one = ReaderState.unaware("A");
            try (SmartCardContext context = service.establish()) {
                assertThatThrownBy(() -> context.waitForChange(Collections.nCopies(17, one), WAIT))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }

        @Test
        void cancelsNothingOnceClosed() throws PcscException {
            SmartCardContext context = service.establish();
            context.cancel();
            context.close();
            context.cancel();

            assertThat(library.calls).containsExactly("establish 2", "cancel true", "release true");
        }

        /** A reset that fails makes pcsc-lite overlook the next fob, so there the fob is left. */
        @Test
        void connectsExclusivelyInATransactionAndLetsGoAsThePlatformBearsItBest() throws PcscException {
            try (SmartCardContext context = service.establish()) {
                CardConnection connection = context.connect("Reader Ü PICC 0");
                assertThat(connection.atr()).containsExactly(0x3B, 0x80);
                connection.close();
                connection.close();
            }

            assertThat(library.calls)
                    .containsExactly(
                            "establish 2",
                            "connect Reader Ü PICC 0 share 1 protocols 3",
                            "begin",
                            "end 0",
                            windows ? "disconnect 1" : "disconnect 0",
                            "release true");
        }

        @Test
        void letsTheFobGoWhereTheTransactionCannotBegin() throws PcscException {
            FakeLibrary removing = new FakeLibrary(windows) {
                @Override
                public int beginTransaction(long card) {
                    return PcscException.W_REMOVED_CARD;
                }
            };
            try (SmartCardContext context =
                    new NativeSmartCardService(windows ? PcscAbi.WINDOWS : PcscAbi.LINUX, () -> removing).establish()) {
                assertThatThrownBy(() -> context.connect("Reader Ü PICC 0")).hasMessageContaining("W_REMOVED_CARD");
            }

            assertThat(removing.calls).contains(windows ? "disconnect 1" : "disconnect 0");
        }

        @Test
        void transmitsWithTheProtocolInUse() throws PcscException {
            try (CardConnection connection = service.establish().connect("Reader Ü PICC 0")) {
                byte[] answer = connection.transmit(new byte[] {0, (byte) 0xA4, 4, 0, 0});

                assertThat(answer).containsExactly(0x90, 0);
                assertThat(library.lastCommand).containsExactly(0, 0xA4, 4, 0, 0);
                assertThat(library.calls).contains("transmit T=1 request of " + (windows ? 8 : 16) + " room 65538");
            }
        }

        @Test
        void leavesNoCommandInNativeMemory() throws PcscException {
            try (CardConnection connection = service.establish().connect("Reader Ü PICC 0")) {
                byte[] command = new byte[261];
                Arrays.fill(command, (byte) 0x5A);
                connection.transmit(command);
                assertThat(library.isCommandBufferClear()).isTrue();

                library.result = PcscException.E_NOT_TRANSACTED;
                assertThatThrownBy(() -> connection.transmit(command)).isInstanceOf(PcscException.class);
                assertThat(library.isCommandBufferClear()).isTrue();
            }
        }

        @Test
        void takesTheLongestAnswer() throws PcscException {
            library.answer = new byte[65538];
            Arrays.fill(library.answer, (byte) 7);

            try (CardConnection connection = service.establish().connect("Reader Ü PICC 0")) {
                assertThat(connection.transmit(new byte[4])).isEqualTo(library.answer);
            }
        }

        @Test
        void takesAnEmptyAnswerForARemoval() throws PcscException {
            library.answer = new byte[0];

            try (CardConnection connection = service.establish().connect("Reader Ü PICC 0")) {
                assertThatThrownBy(() -> connection.transmit(new byte[5]))
                        .hasMessageContaining("W_REMOVED_CARD (80100069)");
            }
        }

        @Test
        void sendsNothingOnceClosed() throws PcscException {
            CardConnection connection = service.establish().connect("Reader Ü PICC 0");
            connection.close();

            assertThatThrownBy(() -> connection.transmit(new byte[5])).hasMessageContaining("E_INVALID_HANDLE");
            assertThat(library.lastCommand).isNull();
        }
    }
}
