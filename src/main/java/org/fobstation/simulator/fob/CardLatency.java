package org.fobstation.simulator.fob;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A card that takes its time: it carries a command out, and its answer comes later. Torn away in between, the command
 * is done and its answer lost. Interrupting the waiting thread lets the answer out at once.
 */
public final class CardLatency implements VirtualCard {

    /** Measured on JCOP 4 over a contact reader; INS to time. */
    private static final Map<Integer, Duration> JCOP4 = Map.of(
            0x50, Duration.ofMillis(50),
            0x82, Duration.ofMillis(18),
            0xA4, Duration.ofMillis(20),
            0xF2, Duration.ofMillis(20),
            0xD8, Duration.ofMillis(196));

    private static final Duration JCOP4_OTHER = Duration.ofMillis(13);

    private final VirtualCard card;
    private final Map<Integer, Duration> byIns;
    private final Duration other;

    /**
     * @param byIns times by INS
     * @param other the time of every other command
     */
    public CardLatency(VirtualCard card, Map<Integer, Duration> byIns, Duration other) {
        this.card = card;
        this.byIns = Map.copyOf(byIns);
        this.other = other;
    }

    /** The times of a JCOP 4. */
    public static CardLatency realistic(VirtualCard card) {
        return new CardLatency(card, JCOP4, JCOP4_OTHER);
    }

    @Override
    public byte[] transmit(byte[] command) {
        byte[] answer = card.transmit(command);
        Duration time = command.length > 1 ? byIns.getOrDefault(command[1] & 0xFF, other) : other;
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answer;
    }

    @Override
    public byte[] atr() {
        return card.atr();
    }

    @Override
    public void powerOn() {
        card.powerOn();
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
    public String toString() {
        return card.toString();
    }
}
