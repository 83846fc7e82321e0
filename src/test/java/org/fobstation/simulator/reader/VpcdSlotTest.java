package org.fobstation.simulator.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.MuteCard;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class VpcdSlotTest {

    private static final String INITIALIZE_UPDATE = "8050010008010203040506070800";
    private static final String EXTERNAL_AUTHENTICATE = "8482330010" + "00".repeat(16);

    private final VirtualFob fob = VirtualFob.builder().uid("04112233445566").build();
    private MiniVpcd vpcd;
    private VpcdSlot slot;

    @BeforeEach
    void listen() throws IOException {
        vpcd = new MiniVpcd();
        slot = new VpcdSlot("Virtual PCD 00 00", vpcd.port());
    }

    @AfterEach
    void stop() throws IOException {
        slot.close();
        vpcd.close();
    }

    @Nested
    class WithAFob {

        @BeforeEach
        void present() throws IOException {
            slot.present(fob);
            vpcd.awaitInsertion();
        }

        @Test
        void answersToTheAtrPoll() throws IOException {
            assertThat(vpcd.atr()).isEqualTo("3B8580018073C821100E");
        }

        @Test
        void answersCommands() throws IOException {
            vpcd.powerOn();

            assertThat(vpcd.transmit("FFCA000000")).isEqualTo("041122334455669000");
            assertThat(fob.received()).containsExactly("FFCA000000");
        }

        @Test
        void changesNothingWhenPolledBetweenTwoCommands() throws IOException {
            vpcd.transmit(INITIALIZE_UPDATE);
            vpcd.atr();

            assertThat(vpcd.transmit(EXTERNAL_AUTHENTICATE)).isEqualTo("6300");
        }

        @Test
        void losesItsSessionWithPowerAndReset() throws IOException {
            vpcd.transmit(INITIALIZE_UPDATE);
            vpcd.reset();
            assertThat(vpcd.transmit(EXTERNAL_AUTHENTICATE)).isEqualTo("6985");

            vpcd.transmit(INITIALIZE_UPDATE);
            vpcd.powerOff();
            vpcd.powerOn();
            assertThat(vpcd.transmit(EXTERNAL_AUTHENTICATE)).isEqualTo("6985");
        }

        @Test
        void staysThereWhenPowerGoesOff() throws IOException {
            vpcd.powerOff();

            assertThat(vpcd.atr()).isEqualTo("3B8580018073C821100E");
            assertThat(slot.isOccupied()).isTrue();
        }

        @Test
        void isTakenAwayByClosing() throws IOException {
            slot.remove();

            assertThat(vpcd.awaitRemoval()).isTrue();
            assertThat(slot.isOccupied()).isFalse();
        }

        @Test
        void canBePresentedAgain() throws IOException {
            slot.remove();
            slot.present(fob);
            vpcd.awaitInsertion();

            assertThat(vpcd.transmit("FFCA000000")).isEqualTo("041122334455669000");
        }

        @Test
        void isGoneWhenPcscdStops() throws IOException {
            vpcd.transmit(INITIALIZE_UPDATE);
            vpcd.dropFob();
            await().until(() -> !slot.isOccupied());

            slot.present(fob);
            vpcd.awaitInsertion();

            assertThat(vpcd.transmit(EXTERNAL_AUTHENTICATE)).isEqualTo("6985");
        }

        @Test
        void leavesAReaderItDoesNotUnderstand() throws IOException {
            vpcd.unknownControl();

            assertThat(vpcd.awaitRemoval()).isTrue();
        }

        @Test
        void refusesASecondFob() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> slot.present(VirtualFob.builder().build()));
        }
    }

    @Nested
    class TornAway {

        @Test
        void duringACommandItCarriesOutAndDoesNotAnswer() throws IOException {
            slot.presentAndRemoveDuring(fob, CardTrigger.firstWithIns(0x50));
            vpcd.awaitInsertion();
            vpcd.transmit("FFCA000000");
            vpcd.send(INITIALIZE_UPDATE);

            assertThat(vpcd.awaitRemoval()).isTrue();
            assertThat(fob.sequenceCounter(0x01)).isEqualTo(1);
            assertThat(slot.isOccupied()).isFalse();
        }

        @Test
        void beforeACommandItThenNeverSees() throws IOException {
            slot.present(CardFault.on(fob).before(CardTrigger.firstWithIns(0x50), slot::remove));
            vpcd.awaitInsertion();
            vpcd.send(INITIALIZE_UPDATE);

            assertThat(vpcd.awaitRemoval()).isTrue();
            assertThat(fob.received()).isEmpty();
        }

        @Test
        void whileItHangsInACommand() throws IOException, InterruptedException {
            CountDownLatch hung = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            slot.present(CardFault.on(fob).before(CardTrigger.nth(1), () -> {
                hung.countDown();
                try {
                    go.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            vpcd.awaitInsertion();
            vpcd.send(INITIALIZE_UPDATE);
            assertThat(hung.await(10, TimeUnit.SECONDS)).isTrue();
            Thread remover = new Thread(slot::remove);
            remover.start();

            assertThat(vpcd.awaitRemoval()).isTrue();
            go.countDown();
            remover.join(10_000);
            assertThat(fob.received()).isEmpty();
        }
    }

    @Nested
    class Refusing {

        @Test
        void mutesWhichVpcdWouldTakeForARemoval() {
            assertThatIllegalArgumentException().isThrownBy(() -> slot.present(new MuteCard()));
        }

        @Test
        void presentationsAfterItsEnd() {
            slot.close();

            assertThatIllegalStateException().isThrownBy(() -> slot.present(fob));
        }

        @Test
        void withTheRemedyWhenNobodyListens() throws IOException {
            vpcd.close();

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> slot.present(fob))
                    .withMessageContaining("vsmartcard-vpcd");
            assertThat(slot.isOccupied()).isFalse();
        }

        @Test
        void readersVpcdDoesNotHave() {
            assertThat(VpcdSlot.asInstalled(1).readerName()).isEqualTo("Virtual PCD 00 01");
            assertThatIllegalArgumentException().isThrownBy(() -> VpcdSlot.asInstalled(2));
        }
    }
}
