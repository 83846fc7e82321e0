package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.fobstation.scp03.Vectors.hex;
import static org.fobstation.scp03.Vectors.secret;

import java.util.Arrays;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.scp03.Scp03Exception.Fault;
import org.fobstation.secret.AesCmac;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Secure messaging")
class SecureMessagingTest {

    private static SecureMessaging at(SecurityLevel level) {
        SessionKeys keys = new SessionKeys(secret(TestCard.KEY), secret(TestCard.KEY), secret(TestCard.KEY));
        HandshakeParameters parameters = HandshakeParameters.of(1).withExtendedLength(true);
        return new SecureMessaging(keys, AesCmac.of(keys.mac()), level, parameters);
    }

    private static byte[] wrap(SecureMessaging messaging, int length, int ne) throws Scp03Exception {
        CommandApdu command = CommandApdu.of(0x80, 0xE2, 0x00, 0x00, new byte[length], ne);
        return messaging.wrap(command, new CommandData.OfCommand(command), ne);
    }

    @Test
    void leavesNoKeyNoChainingValueAndNoCounterBlockBehind() throws Exception {
        SecureMessaging messaging = at(SecurityLevel.LEVEL_33);
        wrap(messaging, 3, 0);
        Wiped look = Wiped.of(messaging);
        assertThat(look.ciphersStillAtWork()).containsExactlyInAnyOrder("cMac", "rMac", "enc");
        assertThat(look.arraysNotZero()).containsExactlyInAnyOrder("chaining", "scratch");

        messaging.close();

        assertThat(look.ciphersStillAtWork()).isEmpty();
        assertThat(look.arraysNotZero()).isEmpty();
    }

    /** S8 at C-MAC: 65527 bytes of data and 8 of MAC make the longest Lc there is. */
    @Test
    void fillsAnExtendedCommandToItsLastByte() throws Exception {
        try (SecureMessaging messaging = at(SecurityLevel.LEVEL_01)) {
            assertThat(Arrays.copyOf(wrap(messaging, 65527, 0), 7)).isEqualTo(hex("84E2000000FFFF"));
            assertThat(catchThrowableOfType(Scp03Exception.class, () -> wrap(messaging, 65528, 0))
                            .fault())
                    .isEqualTo(Fault.COMMAND_TOO_LONG);
        }
    }

    @ParameterizedTest
    @CsvSource({"257, 0101", "4660, 1234", "65280, FF00", "65535, FFFF", "65536, 0000"})
    void writesAnExtendedLeInTwoBytes(int ne, String le) throws Exception {
        try (SecureMessaging messaging = at(SecurityLevel.LEVEL_33)) {
            assertThat(hex(wrap(messaging, 3, ne))).endsWith(le);
            assertThat(hex(wrap(messaging, 0, ne))).endsWith(le);
        }
    }
}
