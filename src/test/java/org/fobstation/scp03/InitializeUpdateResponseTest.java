package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.fobstation.scp03.Vectors.hex;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.OptionalInt;
import org.fobstation.scp03.Scp03Exception.Fault;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An answer to INITIALIZE UPDATE")
class InitializeUpdateResponseTest {

    private static byte[] answer(int length, int protocol, int i) {
        byte[] data = new byte[length];
        if (length > 12) {
            data[10] = 0x01;
            data[12] = (byte) i;
        }
        if (length > 11) {
            data[11] = (byte) protocol;
        }
        return data;
    }

    private static Scp03Exception refused(byte[] data, Scp03Mode mode) {
        return catchThrowableOfType(Scp03Exception.class, () -> InitializeUpdateResponse.parse(data, mode));
    }

    private static byte[] withoutStatus(byte[] answer) {
        return Arrays.copyOf(answer, answer.length - 2);
    }

    @ParameterizedTest
    @CsvSource({"S8, 29", "S8, 32", "S16, 45", "S16, 48"})
    void hasACounterAtTheLongerLengthWhateverItsI(Scp03Mode mode, int length) throws Scp03Exception {
        boolean counter = length % 16 == 0;
        for (int i : new int[] {0x00, 0x10, 0x60, 0x70}) {
            InitializeUpdateResponse response = InitializeUpdateResponse.parse(answer(length, 3, i), mode);
            assertThat(response.sequenceCounter()).isEqualTo(counter ? OptionalInt.of(0) : OptionalInt.empty());
            assertThat(response.i()).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedAtEveryOtherLength(Scp03Mode mode) {
        int without = 13 + 2 * mode.length();
        for (int length = 0; length < 64; length++) {
            if (length != without && length != without + 3) {
                Scp03Exception refused = refused(answer(length, 3, 0x70), mode);
                assertThat(refused).as("%d bytes", length).isNotNull();
                assertThat(refused.fault()).isEqualTo(length < 12 ? Fault.NOT_SCP03 : Fault.WRONG_LENGTH);
                assertThat(refused.protocol()).isEmpty();
                assertThat(refused).hasMessageContaining(length + " bytes");
                if (length >= 12) {
                    assertThat(refused).hasMessageEndingWith("it gives " + without + " or " + (without + 3));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x02, 0x00, 0x10, 0x83})
    void isRefusedByNameWhenItIsOfAnotherProtocol(int protocol) {
        for (int length : new int[] {28, 29, 32}) {
            Scp03Exception refused = refused(answer(length, protocol, 0x70), Scp03Mode.S8);
            assertThat(refused.fault()).isEqualTo(Fault.NOT_SCP03);
            assertThat(refused.protocol()).hasValue(protocol);
            assertThat(refused).hasMessageContaining(String.format("SCP%02X", protocol));
        }
    }

    @Test
    void doesNotShareItsBytes() throws Scp03Exception {
        byte[] data = answer(32, 3, 0x70);
        InitializeUpdateResponse response = InitializeUpdateResponse.parse(data, Scp03Mode.S8);
        data[0] = 1;
        response.kdd()[0] = 1;
        response.cardChallenge()[0] = 1;
        assertThat(response.kdd()).containsOnly(0).hasSize(10);
        assertThat(response.cardChallenge()).containsOnly(0).hasSize(8);
    }

    @Test
    void announcesLevelsByItsI() throws Scp03Exception {
        InitializeUpdateResponse response = InitializeUpdateResponse.parse(answer(29, 3, 0x20), Scp03Mode.S8);
        assertThat(response.announces(SecurityLevel.LEVEL_13)).isTrue();
        assertThat(response.announces(SecurityLevel.LEVEL_33)).isFalse();
    }

    @Nested
    class OfAJcop4Card {

        @Test
        void isToldApartWhenItsFactoryKeysAreScp02() {
            JsonNode card = Vectors.named("jcop4.json", "jcop4-p71d321-factory-key-FF-scp02");
            Scp03Exception refused = refused(withoutStatus(hex(card, "initializeUpdate")), Scp03Mode.S8);
            assertThat(refused.fault()).isEqualTo(Fault.NOT_SCP03);
            assertThat(refused).hasMessage("the card's key set FF is for SCP02, SCP03 is needed");
        }

        @Test
        void repeatsTheKddOfGetData() throws Scp03Exception {
            JsonNode card = Vectors.named("jcop4.json", "jcop4-p71d321");
            JsonNode session = Vectors.named("sessions.json", "jcop4-p71-level33");
            byte[] answer = hex(session.required("initializeUpdate"), "answer");
            InitializeUpdateResponse response = InitializeUpdateResponse.parse(withoutStatus(answer), Scp03Mode.S8);
            // CF 0A KDD SW
            assertThat(response.kdd()).isEqualTo(Arrays.copyOfRange(hex(card, "kdd"), 2, 12));
            assertThat(response).hasToString("KDD 03700000000000000000, KVN 01, i 70");
        }
    }
}
