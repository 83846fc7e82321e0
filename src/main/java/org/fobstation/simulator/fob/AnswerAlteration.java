package org.fobstation.simulator.fob;

/** Changes an answer on its way from the card: a broken card, a bad reader, or somebody in between. */
@FunctionalInterface
public interface AnswerAlteration {

    /**
     * @param command the command as it came
     * @param answer the card's answer, at least 2 bytes; may be changed in place
     * @return what goes out instead
     */
    byte[] alter(byte[] command, byte[] answer);
}
