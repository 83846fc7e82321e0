package org.fobstation.simulator.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.fobstation.simulator.reader.PcscAssertions.assertThatCode;
import static org.fobstation.simulator.reader.PcscAssertions.hex;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.fobstation.pcsc.CardConnection;
import org.fobstation.pcsc.PcscException;
import org.fobstation.pcsc.ReaderState;
import org.fobstation.pcsc.SmartCardContext;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class VirtualSmartCardServiceTest {

    private static final String PICC = "ACS ACR1252 1S CL Reader PICC 00 00";
    private static final String OTHER = "ACS ACR1252 1S CL Reader PICC 01 00";
    private static final Duration LONG = Duration.ofMinutes(1);
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
}
