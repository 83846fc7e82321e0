package org.fobstation.simulator.fob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fobstation.simulator.fob.TestHost.plain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CardFaultTest {

    private static final String INITIALIZE_UPDATE = "8050010008010203040506070800";
    private static final String UID = "FFCA000000";

    private final VirtualFob fob = VirtualFob.builder().build();
    private final CardFault faulty = CardFault.on(fob);

    @Nested
    class Striking {

        @Test
        void replacesTheAnswerOfTheNthCommandUnseenByTheCard() {
            faulty.answering(CardTrigger.nth(2), "6F00");

            assertThat(plain(faulty, UID)).endsWith("9000");
            assertThat(plain(faulty, UID)).isEqualTo("6F00");
            assertThat(plain(faulty, UID)).endsWith("9000");
            assertThat(fob.received()).hasSize(2);
        }

        @Test
        void strikesAtTheFirstCommandOfItsInsOnly() {
            faulty.answering(CardTrigger.firstWithIns(0xCA), "6F00");

            assertThat(plain(faulty, UID)).endsWith("9000");
            assertThat(plain(faulty, "80CA006600")).isEqualTo("6F00");
            assertThat(plain(faulty, "80CA006600")).endsWith("9000");
        }

        @Test
        void actsBeforeAndAfterTheCard() {
            List<Integer> seenByTheCard = new ArrayList<>();
            faulty.before(
                            CardTrigger.always(),
                            () -> seenByTheCard.add(fob.received().size()))
                    .after(
                            CardTrigger.always(),
                            () -> seenByTheCard.add(fob.received().size()));

            plain(faulty, UID);

            assertThat(seenByTheCard).containsExactly(0, 1);
        }

        @Test
        void losesACommandWhenPowerGoesBeforeIt() {
            faulty.before(CardTrigger.everyWithIns(0x50), faulty::powerOff);

            assertThat(plain(faulty, INITIALIZE_UPDATE)).isEmpty();
            assertThat(fob.received()).isEmpty();
        }

        @Test
        void letsTestsLookInsideWhileItWaits() throws InterruptedException {
            CountDownLatch hung = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            faulty.before(CardTrigger.nth(1), () -> {
                hung.countDown();
                awaitQuietly(go);
            });
            Thread reader = new Thread(() -> plain(faulty, UID));
            reader.start();

            assertThat(hung.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(fob.received()).isEmpty();
            assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.OP_READY);

            go.countDown();
            reader.join(10_000);
            assertThat(fob.received()).containsExactly(UID);
        }

        private static void awaitQuietly(CountDownLatch latch) {
            try {
                latch.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Nested
    class Altering {

        @Test
        void bendsTheCardCryptogramOnly() {
            String right = plain(VirtualFob.builder().uid("04000000000001").build(), INITIALIZE_UPDATE);
            CardFault foreign = CardFault.on(
                            VirtualFob.builder().uid("04000000000001").build())
                    .altering(CardTrigger.always(), new WrongCryptogram());

            String bent = plain(foreign, INITIALIZE_UPDATE);

            assertThat(bent).hasSameSizeAs(right).isNotEqualTo(right).startsWith(right.substring(0, 42));
            assertThat(bent).endsWith(right.substring(58));
            assertThat(plain(foreign, "80CA00CF00")).endsWith("9000");
        }

        @Test
        void stripsTheRMac() {
            TestHost host = TestHost.open(faulty, 0x01, CardKeys.TEST);
            faulty.altering(CardTrigger.nth(1), new StrippedRMac(8));

            assertThat(faulty.transmit(host.wrap("80F08007"))).containsExactly(0x90, 0x00);
            assertThat(fob.lifeCycle()).isEqualTo(LifeCycle.INITIALIZED);
        }

        @Test
        void bendsTheRMac() {
            TestHost host = TestHost.open(faulty, 0x01, CardKeys.TEST);
            List<byte[]> untouched = new ArrayList<>();
            faulty.altering(CardTrigger.always(), (command, answer) -> {
                untouched.add(answer.clone());
                return answer;
            });
            faulty.altering(CardTrigger.always(), new BentRMac());

            byte[] bent = faulty.transmit(host.wrap("80F08007"));

            bent[bent.length - 3] ^= 1;
            assertThat(untouched).hasSize(1);
            assertThat(bent).hasSize(10).isEqualTo(untouched.get(0));
        }
    }

    @Nested
    class Waiting {

        @Test
        void carriesTheCommandOutBeforeItWaitsAndAnswersWhenInterrupted() throws InterruptedException {
            CardLatency slow = new CardLatency(fob, Map.of(0x50, Duration.ofHours(1)), Duration.ZERO);
            assertThat(plain(slow, UID)).endsWith("9000");
            List<String> answers = new ArrayList<>();
            Thread reader = new Thread(() -> answers.add(plain(slow, INITIALIZE_UPDATE)));
            reader.start();
            await().until(() -> fob.received().size() == 2);

            reader.interrupt();
            reader.join(10_000);

            assertThat(answers).singleElement().asString().endsWith("9000");
        }
    }
}
