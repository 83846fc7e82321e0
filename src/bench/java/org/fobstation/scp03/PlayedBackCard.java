package org.fobstation.scp03;

import java.util.ArrayList;
import java.util.List;
import org.fobstation.simulator.fob.VirtualFob;

/** Records the answers of a virtual fob once, then gives them again in their order at no cost but a copy. */
final class PlayedBackCard {

    private final VirtualFob fob;
    private final List<byte[]> answers = new ArrayList<>();
    private boolean recording = true;
    private int next;

    private PlayedBackCard(VirtualFob fob) {
        this.fob = fob;
    }

    /** A card that answers STORE DATA with as many bytes, and records until {@link #rewind()}. */
    static PlayedBackCard recording(int answerLength) {
        return new PlayedBackCard(VirtualFob.builder()
                .storeDataAnswer("5A".repeat(answerLength))
                .memory(Integer.MAX_VALUE)
                .build());
    }

    /** From the first answer again. */
    void rewind() {
        recording = false;
        next = 0;
    }

    byte[] transmit(byte[] command) {
        if (recording) {
            byte[] answer = fob.transmit(command);
            answers.add(answer);
            return answer.clone();
        }
        return answers.get(next++).clone();
    }
}
