package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.TransportException;
import org.fobstation.apdu.TransportException.Fault;
import org.fobstation.outcome.FailureCode;
import org.fobstation.pcsc.UidReading.NoUid;
import org.fobstation.pcsc.UidReading.Uid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UidReadingTest {

    private final List<String> sent = new ArrayList<>();

    private UidReading reading(String... answers) throws TransportException {
        ApduTransport reader = command -> {
            sent.add(HexFormat.of().withUpperCase().formatHex(command));
            return HexFormat.of().parseHex(answers[sent.size() - 1]);
        };
        return UidReading.read(reader);
    }

    @ParameterizedTest
    @ValueSource(strings = {"11223344", "04112233445566", "11223344556677889900"})
    void takesUidsOfFourSevenAndTenBytes(String uid) throws TransportException {
        assertThat(reading(uid + "9000")).isInstanceOfSatisfying(Uid.class, read -> {
            assertThat(read.hex()).isEqualTo(uid);
            assertThat(read.random()).isFalse();
        });
        assertThat(sent).containsExactly("FFCA000000");
    }

    @Test
    void takesTheUidThatComesWithAWarningAboutLe() throws TransportException {
        assertThat(reading("041122334455666282")).isInstanceOf(Uid.class);
    }

    @Test
    void asksAgainWithTheLengthTheReaderNames() throws TransportException {
        assertThat(reading("6C07", "041122334455669000")).isInstanceOf(Uid.class);
        assertThat(sent).containsExactly("FFCA000000", "FFCA000007");
    }

    @Test
    void asksNoThirdTime() throws TransportException {
        assertThat(reading("6C07", "6C04")).isInstanceOf(NoUid.class);
        assertThat(sent).hasSize(2);
    }

    @Test
    void knowsARandomUid() throws TransportException {
        assertThat(reading("081122339000")).isInstanceOfSatisfying(Uid.class, read -> assertThat(read.random())
                .isTrue());
        sent.clear();
        assertThat(reading("801122339000")).isInstanceOfSatisfying(Uid.class, read -> assertThat(read.random())
                .isTrue());
        sent.clear();
        assertThat(reading("081122334455669000")).isInstanceOfSatisfying(Uid.class, read -> assertThat(read.random())
                .isFalse());
    }

    @ParameterizedTest
    @CsvSource({
        "6A81, UID_NOT_AVAILABLE, function not supported",
        "6D00, UID_NOT_AVAILABLE, invalid instruction",
        "6300, FOB_UNREADABLE, could not read the UID",
        "6282, UID_NOT_AVAILABLE, gave 0 with 6282",
        "9000, UID_NOT_AVAILABLE, gave 0 with 9000",
        "11223344556677889000, UID_NOT_AVAILABLE, gave 8 with 9000",
    })
    void saysWhyThereIsNone(String answer, FailureCode code, String detail) throws TransportException {
        assertThat(reading(answer)).isInstanceOfSatisfying(NoUid.class, none -> {
            assertThat(none.failure().code()).isEqualTo(code);
            assertThat(none.failure().detail()).contains(detail);
        });
    }

    @Test
    void passesOnThatTheFobIsGone() {
        ApduTransport gone = command -> {
            throw new TransportException(Fault.FOB_REMOVED, "gone");
        };
        assertThatThrownBy(() -> UidReading.read(gone)).isInstanceOf(TransportException.class);
    }
}
