package org.fobstation.simulator.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.fobstation.simulator.reader.PcscAssertions.assertThatCode;
import static org.fobstation.simulator.reader.PcscAssertions.hex;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fobstation.pcsc.PcscException;
import org.fobstation.pcsc.ReaderState;
import org.fobstation.pcsc.SmartCardContext;
import org.fobstation.simulator.fob.MuteCard;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waiting for readers and fobs. */
class VirtualContextTest {

    private static final String PICC = "ACS ACR1252 1S CL Reader PICC 00 00";
    private static final String OTHER = "ACS ACR1252 1S CL Reader PICC 01 00";
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Executor NEW_THREAD = task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    };

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private final VirtualFob fob = VirtualFob.builder().uid("04112233445566").build();
    private final VirtualReader reader = service.plugIn(PICC);
    private SmartCardContext context;

    @BeforeEach
    void establish() throws PcscException {
        context = service.establish();
    }

    @Test
    void answersAtOnceWhenNothingIsKnown() throws PcscException {
        assertThat(states(unaware())).containsExactly("00000012");
        reader.present(fob);
        assertThat(states(unaware())).containsExactly("00010022");
    }

    @Test
    void givesTheAtrOfAPresentFob() throws PcscException {
        reader.present(fob);

        assertThat(context.waitForChange(List.of(unaware()), LONG).get(0).atr()).isEqualTo(fob.atr());
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
                () -> context.waitForChange(List.of(ReaderState.unaware(OTHER)), LONG), PcscException.E_UNKNOWN_READER);
        assertThatIllegalArgumentException().isThrownBy(() -> context.waitForChange(List.of(unaware()), Duration.ZERO));
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
        CompletableFuture<List<ReaderState>> wait = CompletableFuture.supplyAsync(() -> waitQuietly(known), NEW_THREAD);
        await().until(() -> service.waiting() == 1);
        return wait.orTimeout(10, TimeUnit.SECONDS);
    }

    private List<String> states(ReaderState... known) throws PcscException {
        return hex(context.waitForChange(List.of(known), LONG));
    }
}
