package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.TransportException;

/** A card that follows a script: gives the written answers, and fails loudly if it is sent anything else. */
final class ScriptedCard implements ApduTransport {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** An answer of null: the card is gone. */
    private record Step(String command, String answer) {}

    private final Deque<Step> script = new ArrayDeque<>();
    private int sent;

    /** Next it expects {@code command} and gives {@code answer}, both in hex. */
    ScriptedCard expect(String command, String answer) {
        script.add(new Step(command, answer));
        return this;
    }

    /** Next it expects {@code command} and is torn away. */
    ScriptedCard leavesAt(String command) {
        return expect(command, null);
    }

    @Override
    public byte[] transmit(byte[] command) throws TransportException {
        sent++;
        Step step = script.poll();
        assertThat(step)
                .as("command %d, %s, is not in the script", sent, HEX.formatHex(command))
                .isNotNull();
        assertThat(HEX.formatHex(command)).as("command %d", sent).isEqualTo(step.command());
        if (step.answer() == null) {
            throw new TransportException(TransportException.Fault.FOB_REMOVED, "the scripted card has left");
        }
        return HEX.parseHex(step.answer());
    }

    /** Everything in the script was sent. */
    void assertFinished() {
        assertThat(script).as("commands never sent").isEmpty();
    }
}
