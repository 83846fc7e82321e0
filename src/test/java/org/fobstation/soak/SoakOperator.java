package org.fobstation.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.fobstation.pcsc.NativeSmartCardService;
import org.fobstation.pcsc.ReaderState;
import org.fobstation.pcsc.SmartCardContext;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.VirtualCard;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Kdf3;
import org.fobstation.simulator.reader.VpcdSlot;

/**
 * One person at one reader, on a thread: presents new fobs at a steady pace. Now and then tears one away in a command,
 * in either way that vpcd reports, and presents it again when the station asks for it.
 */
final class SoakOperator extends Thread {

    static final int FAULT_PERCENT = 5;

    private static final int FIRST_COMMAND_OF_A_RUN = 2;
    private static final int LAST_COMMAND = 9;

    private final int reader;
    private final int goal;
    private final Duration pace;
    private final SoakStation station;
    private final EmbeddedKlms klms;
    private final Random random;
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private volatile int presented;
    private volatile int torn;
    private volatile long lastNanos;

    /**
     * @param reader 0 or 1
     * @param goal how many presentations
     * @param pace from one presentation to the next
     */
    SoakOperator(int reader, int goal, Duration pace, SoakStation station, EmbeddedKlms klms) {
        super("operator-" + reader);
        this.reader = reader;
        this.goal = goal;
        this.pace = pace;
        this.station = station;
        this.klms = klms;
        this.random = new Random(42 + reader);
        setDaemon(true);
    }

    int presented() {
        return presented;
    }

    int torn() {
        return torn;
    }

    /** When the last fob was taken away, by the monotonic clock; of use once this thread has ended. */
    long lastNanos() {
        return lastNanos;
    }

    List<String> wrong() {
        return wrong;
    }

    @Override
    public void run() {
        long begin = System.nanoTime();
        try (VpcdSlot slot = VpcdSlot.asInstalled(reader);
                SmartCardContext context = new NativeSmartCardService().establish()) {
            for (int i = 0; presented < goal && station.isAlive(); i++) {
                VirtualFob fob = fob(String.format("04%02X%010X", reader, i));
                if (random.nextInt(100) < FAULT_PERCENT && presented + 1 < goal) {
                    torn++;
                    present(slot, faulty(fob, slot), fob.uid(), "RETRY", context);
                }
                present(slot, fob, fob.uid(), "PASS", context);
                lastNanos = System.nanoTime();
                TimeUnit.NANOSECONDS.sleep(
                        Math.max(0, begin + pace.multipliedBy(presented).toNanos() - System.nanoTime()));
            }
        } catch (IOException | InterruptedException e) {
            wrong.add("operator " + reader + ": " + e);
        }
        if (presented < goal) {
            wrong.add("operator " + reader + " presented " + presented + " fobs, not " + goal);
        }
    }

    private VirtualCard faulty(VirtualFob fob, VpcdSlot slot) {
        int command = FIRST_COMMAND_OF_A_RUN + random.nextInt(LAST_COMMAND - FIRST_COMMAND_OF_A_RUN);
        Runnable way = random.nextBoolean() ? slot::remove : slot::tearOffAfterAnswer;
        return CardFault.on(fob).before(CardTrigger.nth(command), way);
    }

    private void present(VpcdSlot slot, VirtualCard card, String uid, String outcome, SmartCardContext context)
            throws IOException, InterruptedException {
        presented++;
        slot.present(card);
        String shown = station.shown(uid).poll(SoakStation.LONGEST.toSeconds(), TimeUnit.SECONDS);
        if (!outcome.equals(shown)) {
            wrong.add(uid + " was " + (shown == null ? "missed" : shown) + ", not " + outcome);
        }
        slot.remove();
        awaitRemoval(slot, context);
    }

    /** An odd count: pcscd has yet to notice the removal, even where it says empty already. */
    private static void awaitRemoval(VpcdSlot slot, SmartCardContext context) throws IOException {
        ReaderState state = ReaderState.unaware(slot.readerName());
        do {
            state = context.waitForChange(List.of(state), Duration.ofSeconds(1)).get(0);
            state = new ReaderState(state.reader(), state.state() & ~ReaderState.CHANGED, state.atr());
        } while (!state.has(ReaderState.EMPTY) || state.eventCount() % 2 != 0);
    }

    private VirtualFob fob(String uid) {
        Kdf3.Keys keys = klms.fobKeys().keysOf(uid);
        return VirtualFob.builder()
                .uid(uid)
                .keySet(klms.keyVersion(), new CardKeys(keys.enc(), keys.mac(), keys.dek()))
                .build();
    }
}
