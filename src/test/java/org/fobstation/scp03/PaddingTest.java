package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Padding")
class PaddingTest {

    private static byte[] blocks(int length, int marker) {
        byte[] padded = new byte[length];
        Arrays.fill(padded, 0, marker, (byte) 0xAA);
        padded[marker] = (byte) 0x80;
        return padded;
    }

    private static int plainLength(byte[] padded) {
        return Padding.plainLength(padded, padded.length);
    }

    @ParameterizedTest
    @CsvSource({"0, 16", "1, 16", "15, 16", "16, 32", "17, 32", "31, 32", "32, 48", "239, 240"})
    void addsAtLeastTheMarker(int plain, int padded) {
        assertThat(Padding.paddedLength(plain)).isEqualTo(padded);
    }

    @ParameterizedTest
    @CsvSource({"16, 0", "16, 1", "16, 15", "32, 16", "32, 31", "48, 40"})
    void isTakenOff(int length, int plain) {
        assertThat(plainLength(blocks(length, plain))).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({"32, 1", "32, 15", "48, 16", "48, 31"})
    void mayHaveOneBlockTooMany(int length, int plain) {
        assertThat(plainLength(blocks(length, plain))).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({"32, 0", "48, 0", "48, 1", "48, 15", "64, 16", "256, 100"})
    void mayNotHaveMore(int length, int plain) {
        assertThat(plainLength(blocks(length, plain))).isEqualTo(-1);
    }

    @Test
    void isWrongWithoutItsMarker() {
        assertThat(plainLength(new byte[16])).isEqualTo(-1);
        assertThat(plainLength(new byte[32])).isEqualTo(-1);
        byte[] other = blocks(16, 8);
        other[8] = 0x40;
        assertThat(plainLength(other)).isEqualTo(-1);
        other[8] = (byte) 0x80;
        other[15] = 0x01;
        assertThat(plainLength(other)).isEqualTo(-1);
    }

    @Test
    void isTheLastMarkerOfSeveral() {
        byte[] padded = blocks(16, 8);
        padded[7] = (byte) 0x80;
        assertThat(plainLength(padded)).isEqualTo(8);
    }

    @Test
    void looksAtTheLengthGivenOnly() {
        byte[] buffer = Arrays.copyOf(blocks(16, 5), 40);
        Arrays.fill(buffer, 16, 40, (byte) 0x77);
        assertThat(Padding.plainLength(buffer, 16)).isEqualTo(5);
    }
}
