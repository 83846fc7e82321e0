package org.fobstation.apdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import org.fobstation.apdu.ApduTrace.Direction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("An APDU trace")
class ApduTraceTest {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final Deque<String> answers = new ArrayDeque<>(List.of("9000"));
    private final List<String> sent = new ArrayList<>();
    private final ApduTrace trace = new ApduTrace();
    private final ApduTransport transport = trace.recording(this::card);

    private byte[] card(byte[] command) throws TransportException {
        sent.add(HEX.formatHex(command));
        if (answers.isEmpty()) {
            throw new TransportException(TransportException.Fault.FOB_REMOVED, "no answer left");
        }
        return HEX.parseHex(answers.poll());
    }

    private void send(String command) throws TransportException {
        transport.transmit(HEX.parseHex(command));
    }

    private List<String> traced() {
        return trace.entries().stream()
                .map(entry -> entry.direction() + " " + entry.hex())
                .toList();
    }

    @Test
    void notesCommandAndAnswerInOrder() throws TransportException {
        answers.add("01026310");
        send("80CA00CF00");
        send("80F28002024F0000");
        assertThat(traced()).containsExactly("TX 80CA00CF00", "RX 9000", "TX 80F28002024F0000", "RX 01026310");
        assertThat(trace.entries()).isSortedAccordingTo((one, other) -> Long.compare(one.nanos() - other.nanos(), 0));
    }

    @Test
    void keepsACommandThatWasNotAnswered() throws TransportException {
        send("80CA00CF00");
        assertThatExceptionOfType(TransportException.class).isThrownBy(() -> send("80E28000"));
        assertThat(trace.entries()).last().satisfies(entry -> {
            assertThat(entry.direction()).isEqualTo(Direction.TX);
            assertThat(entry.hex()).isEqualTo("80E28000");
        });
    }

    @Test
    void givesACopyOfItsEntries() throws TransportException {
        List<ApduTrace.Entry> before = trace.entries();
        send("80CA00CF00");
        assertThat(before).isEmpty();
    }

    @Nested
    class WithAMask {

        @Test
        void notesZerosAndSendsTheCommandAsItIs() throws TransportException {
            trace.maskNext(5, 8);
            send("84D80181040102030400");
            assertThat(sent).containsExactly("84D80181040102030400");
            assertThat(traced()).containsExactly("TX 84D80181040000000400", "RX 9000");
        }

        @Test
        void masksOneCommand() throws TransportException {
            answers.add("9000");
            trace.maskNext(0, 100);
            send("84D8018104");
            send("84F0800F08");
            assertThat(traced()).contains("TX 0000000000", "TX 84F0800F08");
        }

        @Test
        void leavesTheCallersArrayAsItIs() throws TransportException {
            byte[] command = {1, 2, 3, 4, 5};
            trace.maskNext(0, 5);
            transport.transmit(command);
            assertThat(command).containsExactly(1, 2, 3, 4, 5);
        }

        /** The secret goes out again, so it is masked again. */
        @Test
        void holdsForTheRepetitionWithAnotherLe() throws TransportException {
            answers.clear();
            answers.addAll(List.of("6C0A", "9000", "9000"));
            trace.maskNext(5, 9);
            send("84D80181040102030400");
            send("84D8018104010203040A");
            send("84D80181040102030400");
            assertThat(traced())
                    .containsExactly(
                            "TX 84D80181040000000000",
                            "RX 6C0A",
                            "TX 84D8018104000000000A",
                            "RX 9000",
                            "TX 84D80181040102030400",
                            "RX 9000");
        }
    }
}
