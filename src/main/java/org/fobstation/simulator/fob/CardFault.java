package org.fobstation.simulator.fob;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A card with faults, around any other card. Faults strike in the order they were set:
 *
 * <pre>
 * CardFault.on(fob).before(CardTrigger.firstWithIns(0xE2), slot::remove)
 * CardFault.on(fob).altering(CardTrigger.always(), new WrongCryptogram())
 * </pre>
 *
 * Acts run on the reader's thread, outside all locks, and may wait. A card that loses power while an act runs before a
 * command does not carry that command out. Safe for any thread.
 */
public final class CardFault implements VirtualCard {

    private interface Fault {
        /** @return the answer so far, or null if the command goes on to the card */
        byte[] strike(byte[] command, byte[] answer);
    }

    private final VirtualCard card;
    private final List<Fault> beforehand = new CopyOnWriteArrayList<>();
    private final List<Fault> afterwards = new CopyOnWriteArrayList<>();
    private final AtomicInteger powerCycles = new AtomicInteger();

    private CardFault(VirtualCard card) {
        this.card = card;
    }

    public static CardFault on(VirtualCard card) {
        return new CardFault(card);
    }

    /** Runs {@code act} before the card sees the command. */
    public CardFault before(CardTrigger trigger, Runnable act) {
        return add(beforehand, trigger, (command, answer) -> {
            act.run();
            return answer;
        });
    }

    /** Runs {@code act} when the card has carried the command out and nobody has its answer yet. */
    public CardFault after(CardTrigger trigger, Runnable act) {
        return add(afterwards, trigger, (command, answer) -> {
            act.run();
            return answer;
        });
    }

    /** Gives {@code answerHex}, with its status word, in place of the card, which never sees the command. */
    public CardFault answering(CardTrigger trigger, String answerHex) {
        byte[] replacement = HexFormat.of().parseHex(answerHex);
        return add(beforehand, trigger, (command, answer) -> replacement.clone());
    }

    /** Changes the card's answer; an answer that never came stays away. */
    public CardFault altering(CardTrigger trigger, AnswerAlteration alteration) {
        return add(
                afterwards,
                trigger,
                (command, answer) -> answer.length < 2 ? answer : alteration.alter(command, answer));
    }

    private CardFault add(List<Fault> faults, CardTrigger trigger, Fault fault) {
        AtomicInteger number = new AtomicInteger();
        faults.add((command, answer) ->
                trigger.strikesAt(number.incrementAndGet(), command) ? fault.strike(command.clone(), answer) : answer);
        return this;
    }

    @Override
    public byte[] transmit(byte[] command) {
        int cycle = powerCycles.get();
        byte[] answer = null;
        for (Fault fault : beforehand) {
            answer = fault.strike(command, answer);
        }
        if (cycle != powerCycles.get()) {
            return new byte[0];
        }
        answer = answer == null ? card.transmit(command) : answer;
        for (Fault fault : afterwards) {
            answer = fault.strike(command, answer);
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
        powerCycles.incrementAndGet();
        card.reset();
    }

    @Override
    public void powerOff() {
        powerCycles.incrementAndGet();
        card.powerOff();
    }

    @Override
    public String toString() {
        return card + " with faults";
    }
}
