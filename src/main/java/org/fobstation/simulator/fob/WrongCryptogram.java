package org.fobstation.simulator.fob;

/** Bends the card cryptogram in the answer to INITIALIZE UPDATE: a fob with other keys than those issued for it. */
public record WrongCryptogram() implements AnswerAlteration {

    private static final int CHALLENGE_AT = 13;

    @Override
    public byte[] alter(byte[] command, byte[] answer) {
        boolean initializeUpdate = (command[1] & 0xFF) == 0x50 && answer.length > CHALLENGE_AT + 2;
        if (initializeUpdate) {
            int challengeLength = command[4] & 0xFF;
            answer[CHALLENGE_AT + challengeLength] ^= 0x01;
        }
        return answer;
    }
}
