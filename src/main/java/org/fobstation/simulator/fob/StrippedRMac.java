package org.fobstation.simulator.fob;

import java.util.Arrays;

/**
 * Cuts the R-MAC off: the card's word arrives, but nothing proves it.
 *
 * @param length length of an R-MAC in bytes: 8 in S8 mode, 16 in S16 mode
 */
public record StrippedRMac(int length) implements AnswerAlteration {

    @Override
    public byte[] alter(byte[] command, byte[] answer) {
        int end = answer.length - 2;
        if (end < length) {
            return answer;
        }
        byte[] stripped = Arrays.copyOf(answer, answer.length - length);
        System.arraycopy(answer, end, stripped, end - length, 2);
        return stripped;
    }
}
