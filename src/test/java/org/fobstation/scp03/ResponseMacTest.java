package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.fobstation.scp03.Vectors.hex;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.scp03.Scp03Exception.Fault;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both modes, all levels with R-MAC, all kinds of status word that carry one; with answer data and without. */
@DisplayName("A success or warning answer at a level with R-MAC")
class ResponseMacTest {

    private static final CommandApdu GET_DATA = CommandApdu.parse(hex("80CA006600"));

    static Stream<Arguments> answers() {
        return Stream.of(Scp03Mode.values())
                .flatMap(mode -> Stream.of(SecurityLevel.LEVEL_11, SecurityLevel.LEVEL_13, SecurityLevel.LEVEL_33)
                        .flatMap(level -> IntStream.of(0x9000, 0x6200, 0x6283, 0x6300, 0x6310, 0x63C2)
                                .boxed()
                                .flatMap(status -> Stream.of("", "66", "5A".repeat(16), "5A".repeat(40))
                                        .map(data -> Arguments.of(mode, level, status, data)))));
    }

    private static Scp03Exception fault(
            Scp03Mode mode, SecurityLevel level, int status, String data, UnaryOperator<byte[]> bend) throws Exception {
        TestCard card = new TestCard(mode).answers(data, status).bending(bend);
        try (SecureChannel channel = card.open(level)) {
            Scp03Exception fault = catchThrowableOfType(Scp03Exception.class, () -> channel.transmit(GET_DATA));
            assertThat(fault).isNotNull();
            assertThat(channel.isUsable()).isFalse();
            int sent = card.sent.size();
            assertThat(catchThrowableOfType(Scp03Exception.class, () -> channel.transmit(GET_DATA))
                            .fault())
                    .isEqualTo(Fault.SESSION_UNUSABLE);
            assertThat(card.sent).hasSize(sent);
            return fault;
        }
    }

    /** Length over the air, without R-MAC. */
    private static int bodyLength(SecurityLevel level, String data) {
        return level.rEnc() && !data.isEmpty() ? TestCard.pad(hex(data)).length : data.length() / 2;
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @MethodSource("answers")
    void isGivenInPlainWhenItsMacIsRight(Scp03Mode mode, SecurityLevel level, int status, String data)
            throws Exception {
        try (SecureChannel channel = new TestCard(mode).answers(data, status).open(level)) {
            ResponseApdu answer = channel.transmit(GET_DATA);
            assertThat(hex(answer.data())).isEqualTo(data);
            assertThat(answer.status().value()).isEqualTo(status);
            assertThat(hex(channel.transmit(GET_DATA).data())).isEqualTo(data);
        }
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @MethodSource("answers")
    void isRefusedWithoutMac(Scp03Mode mode, SecurityLevel level, int status, String data) throws Exception {
        byte[] statusWord = {(byte) (status >> 8), (byte) status};
        Scp03Exception bare = fault(mode, level, status, data, answer -> statusWord);
        assertThat(bare.fault()).isEqualTo(Fault.RMAC_MISSING);
        assertThat(bare.status().orElseThrow().value()).isEqualTo(status);

        Scp03Exception stripped = fault(mode, level, status, data, answer -> {
            byte[] body = Arrays.copyOf(answer, answer.length - 2 - mode.length());
            return TestCard.join(body, statusWord);
        });
        assertThat(stripped.fault())
                .isEqualTo(bodyLength(level, data) < mode.length() ? Fault.RMAC_MISSING : Fault.RMAC_WRONG);
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @MethodSource("answers")
    void isRefusedWhenCutByAByte(Scp03Mode mode, SecurityLevel level, int status, String data) throws Exception {
        Scp03Exception cut = fault(mode, level, status, data, answer -> {
            byte[] statusWord = Arrays.copyOfRange(answer, answer.length - 2, answer.length);
            return TestCard.join(Arrays.copyOf(answer, answer.length - 3), statusWord);
        });
        assertThat(cut.fault()).isEqualTo(data.isEmpty() ? Fault.RMAC_MISSING : Fault.RMAC_WRONG);
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @MethodSource("answers")
    void isRefusedWhenAnyByteOfItIsBent(Scp03Mode mode, SecurityLevel level, int status, String data) throws Exception {
        int body = bodyLength(level, data);
        for (int at : List.of(0, body / 2, body, body + mode.length() / 2, body + mode.length() - 1)) {
            Scp03Exception bent = fault(mode, level, status, data, answer -> {
                answer[at] ^= 0x10;
                return answer;
            });
            assertThat(bent.fault()).as("byte %d", at).isEqualTo(Fault.RMAC_WRONG);
        }
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @MethodSource("answers")
    void isRefusedWithAnotherStatusWord(Scp03Mode mode, SecurityLevel level, int status, String data) throws Exception {
        Scp03Exception other = fault(mode, level, status, data, answer -> {
            answer[answer.length - 2] = (byte) (status == 0x9000 ? 0x63 : 0x90);
            answer[answer.length - 1] = (byte) (status == 0x9000 ? 0x10 : 0x00);
            return answer;
        });
        assertThat(other.fault()).isEqualTo(Fault.RMAC_WRONG);
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @MethodSource("answers")
    void isRefusedWhenItIsTheOneBefore(Scp03Mode mode, SecurityLevel level, int status, String data) throws Exception {
        byte[][] first = new byte[1][];
        TestCard card = new TestCard(mode).answers(data, status).bending(answer -> {
            if (first[0] == null) {
                first[0] = answer.clone();
            }
            return first[0].clone();
        });
        try (SecureChannel channel = card.open(level)) {
            channel.transmit(GET_DATA);
            Scp03Exception replayed = catchThrowableOfType(Scp03Exception.class, () -> channel.transmit(GET_DATA));
            assertThat(replayed.fault()).isEqualTo(Fault.RMAC_WRONG);
        }
    }
}
