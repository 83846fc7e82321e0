package org.fobstation.simulator.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fobstation.simulator.reader.PcscAssertions.assertThatCode;

import java.io.IOException;
import java.util.HexFormat;
import org.fobstation.pcsc.CardConnection;
import org.fobstation.pcsc.PcscException;
import org.fobstation.pcsc.SmartCardContext;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.MuteCard;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Talking to a fob through a virtual reader. */
class VirtualConnectionTest {

    private static final String PICC = "ACS ACR1252 1S CL Reader PICC 00 00";
    private static final String OTHER = "ACS ACR1252 1S CL Reader PICC 01 00";
    private static final byte[] GET_UID = HexFormat.of().parseHex("FFCA000000");

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private final VirtualFob fob = VirtualFob.builder().uid("04112233445566").build();
    private final VirtualReader reader = service.plugIn(PICC);
    private SmartCardContext context;

    @BeforeEach
    void establish() throws PcscException {
        context = service.establish();
    }

    @Test
    void carriesCommands() throws PcscException {
        reader.present(fob);
        try (CardConnection connection = context.connect(PICC)) {
            assertThat(connection.atr()).isEqualTo(fob.atr());
            assertThat(HexFormat.of().formatHex(connection.transmit(GET_UID))).isEqualTo("041122334455669000");
        }
    }

    @Test
    void needsAReaderAndAFob() {
        assertThatCode(() -> context.connect(OTHER), PcscException.E_UNKNOWN_READER);
        assertThatCode(() -> context.connect(PICC), PcscException.E_NO_SMARTCARD);
    }

    @Test
    void isNotMadeToAMuteCard() {
        reader.present(new MuteCard());

        assertThatCode(() -> context.connect(PICC), PcscException.W_UNRESPONSIVE_CARD);
    }

    @Test
    void isExclusive() throws PcscException {
        reader.present(fob);
        try (CardConnection first = context.connect(PICC);
                SmartCardContext other = service.establish()) {
            assertThatCode(() -> other.connect(PICC), PcscException.E_SHARING_VIOLATION);
            assertThat(first.transmit(GET_UID)).hasSize(9);
        }
        context.connect(PICC).close();
    }

    @Test
    void isNotMadeWhileAnotherProgramHasTheFob() throws PcscException {
        reader.present(fob);
        reader.takeByOtherProgram();
        assertThatCode(() -> context.connect(PICC), PcscException.E_SHARING_VIOLATION);

        reader.giveBack();

        context.connect(PICC).close();
    }

    @Test
    void resetsTheFobWhenClosed() throws PcscException {
        reader.present(fob);
        CardConnection connection = context.connect(PICC);
        connection.transmit(HexFormat.of().parseHex("80500100080102030405060708"));
        String externalAuthenticate = "8482330010" + "00".repeat(16);
        connection.close();
        connection.close();

        try (CardConnection next = context.connect(PICC)) {
            assertThat(next.transmit(HexFormat.of().parseHex(externalAuthenticate)))
                    .containsExactly(0x69, 0x85);
        }
        assertThatCode(() -> connection.transmit(GET_UID), PcscException.E_INVALID_HANDLE);
    }

    @Test
    void endsWithItsContext() throws PcscException {
        reader.present(fob);
        CardConnection connection = context.connect(PICC);
        context.close();

        assertThatCode(() -> connection.transmit(GET_UID), PcscException.E_INVALID_HANDLE);
        service.establish().connect(PICC).close();
    }

    @Test
    void endsWithTheFobsRemoval() throws PcscException {
        reader.present(fob);
        CardConnection connection = context.connect(PICC);
        reader.remove();
        assertThatCode(() -> connection.transmit(GET_UID), PcscException.W_REMOVED_CARD);

        reader.present(fob);

        assertThatCode(() -> connection.transmit(GET_UID), PcscException.W_REMOVED_CARD);
    }

    @Test
    void getsNoAnswerFromAFobTornAwayDuringACommand() throws IOException {
        reader.presentAndRemoveDuring(fob, CardTrigger.firstWithIns(0x50));
        try (CardConnection connection = context.connect(PICC)) {
            assertThat(connection.transmit(GET_UID)).hasSize(9);

            assertThatCode(
                    () -> connection.transmit(HexFormat.of().parseHex("80500100080102030405060708")),
                    PcscException.W_REMOVED_CARD);
        }
        assertThat(fob.sequenceCounter(0x01)).isEqualTo(1);
        assertThat(reader.isOccupied()).isFalse();
    }

    @Test
    void doesNotCarryOutACommandTheFobWasTornAwayBefore() throws PcscException {
        reader.present(CardFault.on(fob).before(CardTrigger.firstWithIns(0x50), reader::remove));
        try (CardConnection connection = context.connect(PICC)) {
            assertThatCode(
                    () -> connection.transmit(HexFormat.of().parseHex("80500100080102030405060708")),
                    PcscException.W_REMOVED_CARD);
        }
        assertThat(fob.received()).isEmpty();
    }

    @Test
    void endsWithTheReader() throws PcscException {
        reader.present(fob);
        CardConnection connection = context.connect(PICC);
        service.unplug(PICC);

        assertThatCode(() -> connection.transmit(GET_UID), PcscException.E_READER_UNAVAILABLE);
    }

    @Test
    void noticesAResetByAnotherProgram() throws PcscException {
        reader.present(fob);
        CardConnection connection = context.connect(PICC);
        reader.resetByOtherProgram();
        assertThatCode(() -> connection.transmit(GET_UID), PcscException.W_RESET_CARD);
        connection.close();

        try (CardConnection next = context.connect(PICC)) {
            assertThat(next.transmit(GET_UID)).hasSize(9);
        }
    }

    @Test
    void failsOnceAsItIsTold() throws PcscException {
        reader.present(fob);
        reader.failNextConnect(PcscException.W_UNRESPONSIVE_CARD);
        reader.failNextTransmit(PcscException.E_NOT_TRANSACTED);

        assertThatCode(() -> context.connect(PICC), PcscException.W_UNRESPONSIVE_CARD);
        try (CardConnection connection = context.connect(PICC)) {
            assertThatCode(() -> connection.transmit(GET_UID), PcscException.E_NOT_TRANSACTED);
            assertThat(fob.received()).isEmpty();
            assertThat(connection.transmit(GET_UID)).hasSize(9);
        }
    }
}
