package org.fobstation.simulator.fob;

/** Flips one bit of the R-MAC, the last bit before the status word. An answer without data stays as it is. */
public record BentRMac() implements AnswerAlteration {

    @Override
    public byte[] alter(byte[] command, byte[] answer) {
        if (answer.length > 2) {
            answer[answer.length - 3] ^= 0x01;
        }
        return answer;
    }
}
