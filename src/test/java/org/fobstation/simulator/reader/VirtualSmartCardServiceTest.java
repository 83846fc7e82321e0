package org.fobstation.simulator.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.fobstation.pcsc.CardConnection;
import org.fobstation.pcsc.PcscException;
import org.fobstation.pcsc.ReaderState;
import org.fobstation.pcsc.SmartCardContext;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.MuteCard;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class VirtualSmartCardServiceTest {

    private static final String PICC = "ACS ACR1252 1S CL Reader PICC 00 00";
    private static final String OTHER = "ACS ACR1252 1S CL Reader PICC 01 00";
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final byte[] GET_UID = HexFormat.of().parseHex("FFCA000000");
    private static final Executor NEW_THREAD = task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    };

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private final VirtualFob fob = VirtualFob.builder().uid("04112233445566").build();
    private SmartCardContext context;

    @BeforeEach
    void establish() throws PcscException {
        context = service.establish();
    }

    @Nested
    class Readers {

        @Test
        void areNoneAtFirst() throws PcscException {
            assertThat(context.readers()).isEmpty();
        }

        @Test
        void comeAndGo() throws PcscException {
            service.plugIn(PICC);
            service.plugIn(OTHER);
            assertThat(context.readers()).containsExactly(PICC, OTHER);

            service.unplug(PICC);

            assertThat(context.readers()).containsExactly(OTHER);
        }

        @Test
        void haveNamesOfTheirOwnAndAreAtMostSixteen() {
            for (int i = 0; i < 16; i++) {
                service.plugIn("reader " + i);
            }

            assertThatIllegalStateException().isThrownBy(() -> service.plugIn("reader 16"));
            service.unplug("reader 3");
            assertThatIllegalStateException().isThrownBy(() -> service.plugIn("reader 4"));
        }

        @Test
        void holdOneFobAtATime() {
            VirtualReader reader = service.plugIn(PICC);
            reader.present(fob);

            assertThat(reader.isOccupied()).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> reader.present(VirtualFob.builder().build()));
            reader.remove();
            reader.remove();
            assertThat(reader.isOccupied()).isFalse();
        }

        @Test
        void takeNoFobWhenUnplugged() {
            VirtualReader reader = service.plugIn(PICC);
            reader.close();

            assertThatIllegalStateException().isThrownBy(() -> reader.present(fob));
        }
    }

    @Nested
    class Waiting {

        private final VirtualReader reader = service.plugIn(PICC);

        @Test
        void answersAtOnceWhenNothingIsKnown() throws PcscException {
            assertThat(states(unaware())).containsExactly("00000012");
            reader.present(fob);
            assertThat(states(unaware())).containsExactly("00010022");
        }

        @Test
        void givesTheAtrOfAPresentFob() throws PcscException {
            reader.present(fob);

            assertThat(context.waitForChange(List.of(unaware()), LONG).get(0).atr())
                    .isEqualTo(fob.atr());
        }

        @Test
        void givesBackWhatItWasGivenAfterTheTimeout() throws PcscException {
            ReaderState empty = known(0x10);

            assertThat(context.waitForChange(List.of(empty), SHORT)).containsExactly(empty);
        }

        @Test
        void wakesWhenAFobComes() {
            CompletableFuture<List<ReaderState>> wait = waitFor(known(0x10));
            reader.present(fob);

            assertThat(hex(wait.join())).containsExactly("00010022");
        }

        @Test
        void wakesWhenAFobLeaves() {
            reader.present(fob);
            CompletableFuture<List<ReaderState>> wait = waitFor(known(0x0001_0020));
            reader.remove();

            assertThat(hex(wait.join())).containsExactly("00020012");
        }

        @Test
        void seesAFobThatWasExchangedUnwatched() throws PcscException {
            reader.present(fob);
            reader.remove();
            reader.present(VirtualFob.builder().build());

            assertThat(states(known(0x0001_0020))).containsExactly("00030022");
        }

        @Test
        void marksOnlyTheReaderThatChanged() {
            VirtualReader other = service.plugIn(OTHER);
            CompletableFuture<List<ReaderState>> wait = waitFor(known(0x10), new ReaderState(OTHER, 0x10, new byte[0]));
            other.present(fob);

            assertThat(hex(wait.join())).containsExactly("00000010", "00010022");
        }

        @Test
        void tellsByThePnpEntryThatAReaderCame() {
            CompletableFuture<List<ReaderState>> wait =
                    waitFor(known(0x10), ReaderState.unaware(SmartCardContext.PNP_NOTIFICATION));
            service.plugIn(OTHER);

            assertThat(hex(wait.join())).containsExactly("00000010", "00000002");
        }

        @Test
        void waitsOnThePnpEntryAloneWithoutReaders() {
            service.unplug(PICC);
            CompletableFuture<List<ReaderState>> wait = waitFor(ReaderState.unaware(SmartCardContext.PNP_NOTIFICATION));
            service.plugIn(PICC);

            assertThat(hex(wait.join())).containsExactly("00000002");
        }

        @Test
        void saysThatAReaderWentAway() {
            CompletableFuture<List<ReaderState>> wait = waitFor(known(0x10));
            service.unplug(PICC);

            assertThat(hex(wait.join())).containsExactly("0000000E");
        }

        @Test
        void showsAMuteCard() throws PcscException {
            reader.present(new MuteCard());

            assertThat(states(unaware())).containsExactly("00010222");
        }

        @Test
        void showsWhoUsesAFob() throws PcscException {
            reader.present(fob);
            reader.takeByOtherProgram();
            assertThat(states(unaware())).containsExactly("000100A2");

            CompletableFuture<List<ReaderState>> wait = waitFor(known(0x0001_00A0));
            reader.giveBack();

            assertThat(hex(wait.join())).containsExactly("00010022");
        }

        @Test
        void endsWhenCancelled() {
            CompletableFuture<List<ReaderState>> wait = waitFor(known(0x10));
            context.cancel();

            assertThatCode(wait, PcscException.E_CANCELLED);
        }

        @Test
        void isNotCancelledBeforehand() throws PcscException {
            context.cancel();

            assertThat(context.waitForChange(List.of(known(0x10)), SHORT)).hasSize(1);
        }

        @Test
        void endsWhenTheContextIsClosed() {
            CompletableFuture<List<ReaderState>> wait = waitFor(known(0x10));
            context.close();

            assertThatCode(wait, PcscException.E_INVALID_HANDLE);
        }

        @Test
        void outlivesAnInterrupt() throws InterruptedException {
            List<ReaderState> seen = new ArrayList<>();
            List<Boolean> interrupted = new ArrayList<>();
            Thread waiter = new Thread(() -> {
                seen.addAll(waitQuietly(known(0x10)));
                interrupted.add(Thread.currentThread().isInterrupted());
            });
            waiter.start();
            await().until(() -> service.waiting() == 1);
            waiter.interrupt();
            reader.present(fob);
            waiter.join(10_000);

            assertThat(hex(seen)).containsExactly("00010022");
            assertThat(interrupted).containsExactly(true);
        }

        @Test
        void takesOneToSixteenKnownReaders() {
            assertThatCode(() -> context.waitForChange(List.of(), LONG), PcscException.E_INVALID_PARAMETER);
            assertThatCode(
                    () -> context.waitForChange(
                            Stream.generate(this::unaware).limit(17).toList(), LONG),
                    PcscException.E_INVALID_PARAMETER);
            assertThatCode(
                    () -> context.waitForChange(List.of(ReaderState.unaware(OTHER)), LONG),
                    PcscException.E_UNKNOWN_READER);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> context.waitForChange(List.of(unaware()), Duration.ZERO));
        }

        private ReaderState unaware() {
            return ReaderState.unaware(PICC);
        }

        private ReaderState known(int state) {
            return new ReaderState(PICC, state, new byte[0]);
        }

        private List<ReaderState> waitQuietly(ReaderState... known) {
            try {
                return context.waitForChange(List.of(known), LONG);
            } catch (PcscException e) {
                throw new CompletionException(e);
            }
        }

        private CompletableFuture<List<ReaderState>> waitFor(ReaderState... known) {
            CompletableFuture<List<ReaderState>> wait =
                    CompletableFuture.supplyAsync(() -> waitQuietly(known), NEW_THREAD);
            await().until(() -> service.waiting() == 1);
            return wait.orTimeout(10, TimeUnit.SECONDS);
        }

        private List<String> states(ReaderState... known) throws PcscException {
            return hex(context.waitForChange(List.of(known), LONG));
        }
    }

    @Nested
    class AConnection {

        private final VirtualReader reader = service.plugIn(PICC);

        @Test
        void carriesCommands() throws PcscException {
            reader.present(fob);
            try (CardConnection connection = context.connect(PICC)) {
                assertThat(connection.atr()).isEqualTo(fob.atr());
                assertThat(HexFormat.of().formatHex(connection.transmit(GET_UID)))
                        .isEqualTo("041122334455669000");
            }
        }

        @Test
        void needsAReaderAndAFob() {
            assertThatCode(() -> context.connect(OTHER), PcscException.E_UNKNOWN_READER);
            assertThatCode(() -> context.connect(PICC), PcscException.E_NO_SMARTCARD);
        }

        @Test
        void isNotMadeToAMuteCard() {
            reader.present(new MuteCard());

            assertThatCode(() -> context.connect(PICC), PcscException.W_UNRESPONSIVE_CARD);
        }

        @Test
        void isExclusive() throws PcscException {
            reader.present(fob);
            try (CardConnection first = context.connect(PICC);
                    SmartCardContext other = service.establish()) {
                assertThatCode(() -> other.connect(PICC), PcscException.E_SHARING_VIOLATION);
                assertThat(first.transmit(GET_UID)).hasSize(9);
            }
            context.connect(PICC).close();
        }

        @Test
        void isNotMadeWhileAnotherProgramHasTheFob() throws PcscException {
            reader.present(fob);
            reader.takeByOtherProgram();
            assertThatCode(() -> context.connect(PICC), PcscException.E_SHARING_VIOLATION);

            reader.giveBack();

            context.connect(PICC).close();
        }

        @Test
        void resetsTheFobWhenClosed() throws PcscException {
            reader.present(fob);
            CardConnection connection = context.connect(PICC);
            connection.transmit(HexFormat.of().parseHex("80500100080102030405060708"));
            String externalAuthenticate = "8482330010" + "00".repeat(16);
            connection.close();
            connection.close();

            try (CardConnection next = context.connect(PICC)) {
                assertThat(next.transmit(HexFormat.of().parseHex(externalAuthenticate)))
                        .containsExactly(0x69, 0x85);
            }
            assertThatCode(() -> connection.transmit(GET_UID), PcscException.E_INVALID_HANDLE);
        }

        @Test
        void endsWithItsContext() throws PcscException {
            reader.present(fob);
            CardConnection connection = context.connect(PICC);
            context.close();

            assertThatCode(() -> connection.transmit(GET_UID), PcscException.E_INVALID_HANDLE);
            service.establish().connect(PICC).close();
        }

        @Test
        void endsWithTheFobsRemoval() throws PcscException {
            reader.present(fob);
            CardConnection connection = context.connect(PICC);
            reader.remove();
            assertThatCode(() -> connection.transmit(GET_UID), PcscException.W_REMOVED_CARD);

            reader.present(fob);

            assertThatCode(() -> connection.transmit(GET_UID), PcscException.W_REMOVED_CARD);
        }

        @Test
        void getsNoAnswerFromAFobTornAwayDuringACommand() throws IOException {
            reader.presentAndRemoveDuring(fob, CardTrigger.firstWithIns(0x50));
            try (CardConnection connection = context.connect(PICC)) {
                assertThat(connection.transmit(GET_UID)).hasSize(9);

                assertThatCode(
                        () -> connection.transmit(HexFormat.of().parseHex("80500100080102030405060708")),
                        PcscException.W_REMOVED_CARD);
            }
            assertThat(fob.sequenceCounter(0x01)).isEqualTo(1);
            assertThat(reader.isOccupied()).isFalse();
        }

        @Test
        void doesNotCarryOutACommandTheFobWasTornAwayBefore() throws PcscException {
            reader.present(CardFault.on(fob).before(CardTrigger.firstWithIns(0x50), reader::remove));
            try (CardConnection connection = context.connect(PICC)) {
                assertThatCode(
                        () -> connection.transmit(HexFormat.of().parseHex("80500100080102030405060708")),
                        PcscException.W_REMOVED_CARD);
            }
            assertThat(fob.received()).isEmpty();
        }

        @Test
        void endsWithTheReader() throws PcscException {
            reader.present(fob);
            CardConnection connection = context.connect(PICC);
            service.unplug(PICC);

            assertThatCode(() -> connection.transmit(GET_UID), PcscException.E_READER_UNAVAILABLE);
        }

        @Test
        void noticesAResetByAnotherProgram() throws PcscException {
            reader.present(fob);
            CardConnection connection = context.connect(PICC);
            reader.resetByOtherProgram();
            assertThatCode(() -> connection.transmit(GET_UID), PcscException.W_RESET_CARD);
            connection.close();

            try (CardConnection next = context.connect(PICC)) {
                assertThat(next.transmit(GET_UID)).hasSize(9);
            }
        }

        @Test
        void failsOnceAsItIsTold() throws PcscException {
            reader.present(fob);
            reader.failNextConnect(PcscException.W_UNRESPONSIVE_CARD);
            reader.failNextTransmit(PcscException.E_NOT_TRANSACTED);

            assertThatCode(() -> context.connect(PICC), PcscException.W_UNRESPONSIVE_CARD);
            try (CardConnection connection = context.connect(PICC)) {
                assertThatCode(() -> connection.transmit(GET_UID), PcscException.E_NOT_TRANSACTED);
                assertThat(fob.received()).isEmpty();
                assertThat(connection.transmit(GET_UID)).hasSize(9);
            }
        }
    }

    @Nested
    class AStoppedService {

        private final VirtualReader reader = service.plugIn(PICC);

        @Test
        void refusesEveryCall() throws PcscException {
            reader.present(fob);
            CardConnection connection = context.connect(PICC);
            service.stopService();

            assertThatCode(service::establish, PcscException.E_NO_SERVICE);
            assertThatCode(context::readers, PcscException.E_NO_SERVICE);
            assertThatCode(() -> context.connect(PICC), PcscException.E_NO_SERVICE);
            assertThatCode(() -> connection.transmit(GET_UID), PcscException.E_NO_SERVICE);
        }

        @Test
        void endsARunningWait() {
            CompletableFuture<List<ReaderState>> wait = CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return context.waitForChange(
                                            List.of(new ReaderState(PICC, 0x10, new byte[0])), LONG);
                                } catch (PcscException e) {
                                    throw new CompletionException(e);
                                }
                            },
                            NEW_THREAD)
                    .orTimeout(10, TimeUnit.SECONDS);
            await().until(() -> service.waiting() == 1);
            service.stopService();

            assertThatCode(wait, PcscException.F_COMM_ERROR);
        }

        @Test
        void takesTheAnswerOfARunningCommandAlong() throws PcscException {
            reader.present(CardFault.on(fob).after(CardTrigger.nth(1), service::stopService));
            CardConnection connection = context.connect(PICC);

            assertThatCode(() -> connection.transmit(GET_UID), PcscException.F_COMM_ERROR);
        }

        @Test
        void knowsNothingOfBeforeWhenItStartsAgain() throws PcscException {
            reader.present(fob);
            CardConnection connection = context.connect(PICC);
            service.stopService();
            service.startService();

            assertThatCode(context::readers, PcscException.E_INVALID_HANDLE);
            assertThatCode(() -> connection.transmit(GET_UID), PcscException.E_INVALID_HANDLE);
            SmartCardContext next = service.establish();
            assertThat(hex(next.waitForChange(List.of(ReaderState.unaware(PICC)), LONG)))
                    .containsExactly("00000022");
            next.connect(PICC).close();
        }

        @Test
        void leavesFobsWithoutPower() throws PcscException {
            VirtualFob opened = VirtualFob.builder().keySet(0x01, CardKeys.TEST).build();
            reader.present(opened);
            try (CardConnection connection = context.connect(PICC)) {
                connection.transmit(HexFormat.of().parseHex("80500100080102030405060708"));
            }
            service.stopService();
            service.startService();

            assertThat(opened.inSession()).isFalse();
        }
    }

    private static List<String> hex(List<ReaderState> states) {
        return states.stream()
                .map(state -> HexFormat.of().withUpperCase().toHexDigits(state.state()))
                .toList();
    }

    private static void assertThatCode(ThrowingCallable call, int code) {
        assertThatExceptionOfType(PcscException.class)
                .isThrownBy(call)
                .extracting(PcscException::code)
                .isEqualTo(code);
    }

    private static void assertThatCode(CompletableFuture<?> future, int code) {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(future::join)
                .withCauseInstanceOf(PcscException.class)
                .satisfies(
                        e -> assertThat(((PcscException) e.getCause()).code()).isEqualTo(code));
    }
}
