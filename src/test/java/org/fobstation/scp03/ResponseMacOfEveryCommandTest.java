package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.fobstation.scp03.Vectors.hex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.scp03.Scp03Exception.Fault;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command a run sends, answered by 9000 and by all of 62xx and 63xx, the R-MAC taken off or bent: all refused.
 * Two well-known libraries take the stripped form. {@link ResponseMacTest} looks at one command from all sides.
 */
@DisplayName("A success or warning answer without its own R-MAC")
class ResponseMacOfEveryCommandTest {

    private static final List<SecurityLevel> LEVELS =
            List.of(SecurityLevel.LEVEL_11, SecurityLevel.LEVEL_13, SecurityLevel.LEVEL_33);

    /** A command, and the data a card answers it with. */
    private record Kind(String name, CommandApdu command, String answer) {}

    private static List<Kind> kinds() {
        try (StaticKeys keys = TestCard.keys();
                StaticKeys newKeys = TestCard.keys()) {
            CommandApdu putKey = PutKey.of(1, 0x3F, newKeys, keys.dek(), PutKey.Format.INNER_LENGTH)
                    .command();
            String kcvs = hex(Kcv.of(newKeys.enc())).repeat(3);
            return List.of(
                    new Kind("STORE DATA", command("80E2000020" + "D5".repeat(32)), ""),
                    new Kind("last STORE DATA", command("80E2910105D5D5D5D5D500"), "CAFE"),
                    new Kind("PUT DATA", command("80DA010005F1E2D3C4B5"), ""),
                    new Kind("PUT KEY", putKey, "3F" + kcvs),
                    new Kind("GET STATUS", command("80F28002024F0000"), "E3114F08A0000001510000009F70010FC5039EFE80"),
                    new Kind("SET STATUS", command("80F0800F08A000000151000000"), ""),
                    new Kind("SET STATUS without data", command("80F0800F"), ""),
                    new Kind("INSTALL", command("80E620000E000008A00000015153504100000000"), "00"));
        }
    }

    private static CommandApdu command(String digits) {
        return CommandApdu.parse(hex(digits));
    }

    static Stream<Arguments> modesAndLevels() {
        return Stream.of(Scp03Mode.values()).flatMap(mode -> LEVELS.stream().map(level -> Arguments.of(mode, level)));
    }

    private static int[] successAndWarnings() {
        int[] all = new int[1 + 2 * 256];
        all[0] = 0x9000;
        for (int i = 0; i < 2 * 256; i++) {
            all[1 + i] = 0x6200 + i;
        }
        return all;
    }

    /** Ways to take the R-MAC off, or to leave it on and make it wrong; each bit of it once for 9000. */
    private static Map<String, UnaryOperator<byte[]>> attacks(int n, int status) {
        Map<String, UnaryOperator<byte[]>> attacks = new LinkedHashMap<>();
        attacks.put("status word alone", answer -> Arrays.copyOfRange(answer, answer.length - 2, answer.length));
        attacks.put("R-MAC stripped", answer -> without(answer, n));
        attacks.put("R-MAC cut by a byte", answer -> without(answer, 1));
        int step = status == 0x9000 ? 1 : 8 * n - 1;
        for (int bit = 0; bit < 8 * n; bit += step) {
            int flipped = bit;
            attacks.put("R-MAC bit " + bit, answer -> {
                answer[answer.length - 2 - n + flipped / 8] ^= (byte) (0x80 >> flipped % 8);
                return answer;
            });
        }
        return attacks;
    }

    /** Without the last {@code cut} bytes before the status word. */
    private static byte[] without(byte[] answer, int cut) {
        byte[] statusWord = Arrays.copyOfRange(answer, answer.length - 2, answer.length);
        return TestCard.join(Arrays.copyOf(answer, answer.length - 2 - cut), statusWord);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("modesAndLevels")
    void isRefusedAtEveryCommandAndStatusWord(Scp03Mode mode, SecurityLevel level) throws Exception {
        List<String> accepted = new ArrayList<>();
        int sent = 0;
        int refused = 0;
        for (Kind kind : kinds()) {
            for (int status : successAndWarnings()) {
                for (Map.Entry<String, UnaryOperator<byte[]>> attack :
                        attacks(mode.length(), status).entrySet()) {
                    sent++;
                    if (isRefused(mode, level, kind, status, attack.getValue())) {
                        refused++;
                    } else {
                        accepted.add(String.format("%s, %04X, %s", kind.name(), status, attack.getKey()));
                    }
                }
            }
        }
        System.out.printf("R-MAC stripped or bent, %s %s: %d answers, %d refused%n", mode, level, sent, refused);
        assertThat(accepted).isEmpty();
        assertThat(refused).isEqualTo(sent).isGreaterThan(kinds().size() * 513 * 5);
    }

    /** Refused means: a fault that names the R-MAC, the session ended, and not one more command sent. */
    private static boolean isRefused(
            Scp03Mode mode, SecurityLevel level, Kind kind, int status, UnaryOperator<byte[]> attack) throws Exception {
        TestCard card = new TestCard(mode).answers(kind.answer(), status).bending(attack);
        try (SecureChannel channel = card.open(level)) {
            boolean named = catchThrowable(() -> channel.transmit(kind.command())) instanceof Scp03Exception fault
                    && (fault.fault() == Fault.RMAC_MISSING || fault.fault() == Fault.RMAC_WRONG);
            boolean ended = catchThrowable(() -> channel.transmit(kind.command())) instanceof Scp03Exception fault
                    && fault.fault() == Fault.SESSION_UNUSABLE;
            return named && ended && !channel.isUsable() && card.sent.size() == 1;
        }
    }

    /** The same answers untouched are taken, so that the refusals above are for the R-MAC. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("modesAndLevels")
    void isOtherwiseTaken(Scp03Mode mode, SecurityLevel level) throws Exception {
        for (Kind kind : kinds()) {
            for (int status : successAndWarnings()) {
                try (SecureChannel channel =
                        new TestCard(mode).answers(kind.answer(), status).open(level)) {
                    assertThat(hex(channel.transmit(kind.command()).encode()))
                            .isEqualTo(kind.answer() + String.format("%04X", status));
                }
            }
        }
    }
}
