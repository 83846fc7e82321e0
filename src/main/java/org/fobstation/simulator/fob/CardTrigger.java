package org.fobstation.simulator.fob;

import java.util.concurrent.atomic.AtomicInteger;

/** Says at which commands a {@link CardFault} strikes. Asked once for each command, in order; may count. */
@FunctionalInterface
public interface CardTrigger {

    /**
     * @param number the command's number since the fault was set, from 1
     * @param command the command as it came
     */
    boolean strikesAt(int number, byte[] command);

    /** Every command. */
    static CardTrigger always() {
        return (number, command) -> true;
    }

    /** The {@code n}-th command, from 1. */
    static CardTrigger nth(int n) {
        return (number, command) -> number == n;
    }

    /** The first command with this INS. */
    static CardTrigger firstWithIns(int ins) {
        return nthWithIns(ins, 1);
    }

    /** The {@code n}-th command with this INS, from 1. FF CA (the UID) does not count as CA. */
    static CardTrigger nthWithIns(int ins, int n) {
        AtomicInteger seen = new AtomicInteger();
        return (number, command) -> hasIns(command, ins) && seen.incrementAndGet() == n;
    }

    /** Every command with this INS. */
    static CardTrigger everyWithIns(int ins) {
        return (number, command) -> hasIns(command, ins);
    }

    private static boolean hasIns(byte[] command, int ins) {
        return command.length > 1 && command[0] != (byte) 0xFF && (command[1] & 0xFF) == ins;
    }
}
