package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.fobstation.scp03.Vectors.hex;

import java.util.List;
import java.util.Random;
import org.fobstation.scp03.Scp03Exception.Fault;
import org.fobstation.secret.SecretBytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("STORE DATA")
class StoreDataTest {

    private static byte[] payload(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static StoreData of(int p1, int length, int blockLength) throws Scp03Exception {
        return StoreData.of(p1, SecretBytes.takeFrom(payload(length)), blockLength);
    }

    private static List<String> headers(TestCard card) {
        return card.sent.stream().map(command -> command.substring(4, 8)).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "S8, LEVEL_33, 1, 1",
        "S8, LEVEL_33, 239, 1",
        "S8, LEVEL_33, 240, 2",
        "S8, LEVEL_33, 478, 2",
        "S8, LEVEL_33, 479, 3",
        "S8, LEVEL_01, 247, 1",
        "S8, LEVEL_01, 248, 2",
        "S16, LEVEL_33, 223, 1",
        "S16, LEVEL_33, 224, 2",
        "S16, LEVEL_11, 239, 1",
        "S16, LEVEL_11, 240, 2"
    })
    void arrivesWholeInAsFewShortBlocksAsTheLevelAllows(Scp03Mode mode, SecurityLevel level, int length, int blocks)
            throws Exception {
        TestCard card = new TestCard(mode);
        try (SecureChannel channel = card.open(level)) {
            StoreData storeData = of(0x00, length, channel.maxShortData());
            assertThat(storeData.blocks()).isEqualTo(blocks);

            StoreData.Sent sent = storeData.send(channel);

            assertThat(sent.blocks()).isEqualTo(blocks);
            assertThat(sent.answer().status().isSuccess()).isTrue();
            assertThat(String.join("", card.received)).isEqualTo(hex(payload(length)));
            assertThat(card.sent).hasSize(blocks);
        }
    }

    @Test
    void numbersItsBlocksAndMarksTheLast() throws Exception {
        TestCard card = new TestCard(Scp03Mode.S8);
        try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
            of(0x00, 25, 10).send(channel);
        }
        assertThat(headers(card)).containsExactly("0000", "0001", "8002");
    }

    @ParameterizedTest
    @CsvSource({"00, 00, 80", "80, 00, 80", "60, 60, E0", "88, 08, 88", "90, 10, 90", "78, 78, F8"})
    void keepsTheOtherBitsOfP1(String given, String first, String last) throws Exception {
        TestCard card = new TestCard(Scp03Mode.S8);
        try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
            of(Integer.parseInt(given, 16), 2, 1).send(channel);
        }
        assertThat(headers(card)).containsExactly(first + "00", last + "01");
    }

    @Test
    void asksForAnAnswerWhereP1SaysThereIsOne() throws Exception {
        TestCard card = new TestCard(Scp03Mode.S8).answers("CAFE", 0x9000);
        try (SecureChannel channel = card.open(SecurityLevel.LEVEL_01)) {
            StoreData.Sent sent = of(0x11, 5, 10).send(channel);
            assertThat(hex(sent.answer().data())).isEqualTo("CAFE");
            of(0x10, 5, 10).send(channel);
        }
        // 5 header bytes, 5 of data, 8 of C-MAC, and Le or none.
        assertThat(card.sent.get(0)).hasSize(2 * 19).endsWith("00");
        assertThat(card.sent.get(1)).hasSize(2 * 18);
    }

    @Test
    void stopsAtTheBlockTheCardRefuses() throws Exception {
        int[] block = {0};
        TestCard card = new TestCard(Scp03Mode.S8).bending(answer -> block[0]++ == 1 ? hex("6A84") : answer);
        try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
            StoreData.Sent sent = of(0x00, 30, 10).send(channel);
            assertThat(sent.blocks()).isEqualTo(2);
            assertThat(sent.answer().status()).hasToString("6A84");
            assertThat(card.sent).hasSize(2);
            assertThat(channel.isUsable()).isTrue();
        }
    }

    @Test
    void mayBeSentAgainFromTheFirstBlock() throws Exception {
        TestCard card = new TestCard(Scp03Mode.S8);
        try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
            StoreData storeData = of(0x00, 2, 1);
            storeData.send(channel);
            storeData.send(channel);
        }
        assertThat(headers(card)).containsExactly("0000", "8001", "0000", "8001");
    }

    @Test
    void leavesTheDataToTheCaller() throws Exception {
        TestCard card = new TestCard(Scp03Mode.S8);
        try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33);
                SecretBytes data = SecretBytes.allocate(3)) {
            StoreData.of(0, data, 2).send(channel);
            assertThat(data.isClosed()).isFalse();
        }
    }

    @Nested
    class AtItsLimits {

        @Test
        void takesTheHighestP1AndTheLongestBlock() throws Exception {
            assertThat(of(0xFF, 256, 255).blocks()).isEqualTo(2);
            assertThat(of(0x00, 2, 1).blocks()).isEqualTo(2);
        }

        @Test
        void has256Blocks() throws Exception {
            TestCard card = new TestCard(Scp03Mode.S8);
            try (SecureChannel channel = card.open(SecurityLevel.LEVEL_33)) {
                assertThat(of(0x00, 512, 2).send(channel).blocks()).isEqualTo(256);
            }
            assertThat(headers(card)).endsWith("00FE", "80FF");
        }

        @Test
        void isRefusedWith257BeforeAnythingIsSent() {
            Scp03Exception refused = catchThrowableOfType(Scp03Exception.class, () -> of(0x00, 513, 2));
            assertThat(refused.fault()).isEqualTo(Fault.COMMAND_TOO_LONG);
            assertThat(refused).hasMessageContaining("513 bytes").hasMessageContaining("257");
        }

        @ParameterizedTest
        @CsvSource({"0, 0, 10", "0, 1, 0", "0, 1, 256", "-1, 1, 10", "256, 1, 10"})
        void isRefusedWithValuesOutOfRange(int p1, int length, int blockLength) {
            assertThatIllegalArgumentException().isThrownBy(() -> of(p1, length, blockLength));
        }
    }
}
