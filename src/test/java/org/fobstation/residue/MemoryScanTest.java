package org.fobstation.residue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The search itself finds what it is to find. */
class MemoryScanTest {

    private static final Random RANDOM = new Random(7);

    private final byte[] key = random(16);
    private final MemoryScan scan = new MemoryScan(List.of(
            new KnownKey("other", 1, random(32)),
            new KnownKey("sought", 2, key),
            new KnownKey("third", 3, random(24))));

    private static byte[] random(int length) {
        byte[] drawn = new byte[length];
        RANDOM.nextBytes(drawn);
        return drawn;
    }

    private static byte[] memoryWith(byte[] found, int at) {
        byte[] memory = random(20_000);
        Arrays.fill(memory, 6_000, 14_000, (byte) 0);
        System.arraycopy(found, 0, memory, at, found.length);
        return memory;
    }

    private static Stream<Arguments> texts() {
        HexFormat lower = HexFormat.of();
        return Stream.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)
                .flatMap(charset -> Stream.of(
                        Arguments.of(charset, Form.HEX, (Written) lower::formatHex),
                        Arguments.of(charset, Form.HEX, (Written) lower.withUpperCase()::formatHex),
                        Arguments.of(charset, Form.BASE64, (Written) Base64.getEncoder()::encodeToString),
                        Arguments.of(charset, Form.BASE64, (Written) Base64.getUrlEncoder()::encodeToString)));
    }

    private interface Written {
        String of(byte[] bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4_095, 5_990, 8_192, 9_001, 19_984})
    void findsTheKeyAtAnyByte(int at) {
        Findings found = scan.of(memoryWith(key, at));
        assertThat(found.copies(Form.RAW)).isEqualTo(1);
        assertThat(found.pieces())
                .hasSize(9)
                .allSatisfy(piece -> assertThat(piece.key().kind()).isEqualTo("sought"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 8})
    void findsAnyEightBytesOfIt(int from) {
        Findings found = scan.of(memoryWith(Arrays.copyOfRange(key, from, from + 8), 8_001));
        assertThat(found.pieces()).hasSize(1);
        assertThat(found.copies(Form.RAW)).isZero();
    }

    @ParameterizedTest
    @MethodSource("texts")
    void findsItInText(Charset charset, Form form, Written written) {
        Form expected = charset == StandardCharsets.ISO_8859_1 ? form : Form.valueOf(form + "_UTF16");
        for (int at : new int[] {1, 7_000, 13_001}) {
            Findings found = scan.of(memoryWith(written.of(key).getBytes(charset), at));
            assertThat(found.copies(expected)).as("at " + at).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void findsItInTheBase64OfMore(int before) {
        byte[] more = ByteBuffer.allocate(before + 16 + 5)
                .put(random(before))
                .put(key)
                .put(random(5))
                .array();
        Findings found = scan.of(memoryWith(Base64.getEncoder().encode(more), 9_000));
        assertThat(found.copies(Form.BASE64)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsEveryRowOfItsSchedule(boolean forEncryption) {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            for (int[] row : Schedules.of(key, forEncryption)) {
                ByteBuffer words = ByteBuffer.allocate(16).order(order);
                for (int word : row) {
                    words.putInt(word);
                }
                Findings found = scan.of(memoryWith(words.array(), 8_004));
                assertThat(found.copies(Form.SCHEDULE) + found.copies(Form.RAW)).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void findsNothingElse(int times) {
        assertThat(scan.of(random(times * 1_000_000)).pieces()).isEmpty();
    }
}
