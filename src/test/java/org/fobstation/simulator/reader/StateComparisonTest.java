package org.fobstation.simulator.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.fobstation.pcsc.ReaderState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of SCardGetStatusChange in pcsc-lite 1.9.9, line by line. */
class StateComparisonTest {

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource({
        "00000000, 00000010, unaware",
        "00000000, 00000020, unaware",
        "00000010, 00010020, came",
        "00010020, 00020010, left",
        "00010020, 00030020, replaced by another in between",
        "00020010, 00040010, came and left in between",
        "00000004, 00000010, the reader is back",
        "00000008, 00000010, the reader is available again",
        "00010020, 00010220, became mute",
        "00010220, 00010020, is mute no more",
        "000100A0, 00010020, no longer taken exclusively",
        "00010120, 00010020, no longer in use",
        "00010120, 000100A0, taken exclusively by the one that used it"
    })
    void isNews(String known, String present, String why) {
        assertThat(compare(known, present)).as(why).isEqualTo(word(present) | ReaderState.CHANGED);
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource({
        "00000010, 00000010, the same",
        "00010020, 00010020, the same",
        "00010022, 00010020, the CHANGED bit of last time",
        "00010020, 000100A0, somebody took a free fob",
        "00000020, 00010020, nothing counted by the caller"
    })
    void isNoNews(String known, String present, String why) {
        assertThat(compare(known, present)).as(why).isEqualTo(word(present));
    }

    @Test
    void saysOnceThatAReaderIsGone() {
        ReaderState gone = StateComparison.compare(new ReaderState("R", 0x10, new byte[0]), null);

        assertThat(gone.state()).isEqualTo(ReaderState.UNKNOWN | ReaderState.UNAVAILABLE | ReaderState.CHANGED);
        assertThat(StateComparison.compare(gone, null).has(ReaderState.CHANGED)).isFalse();
    }

    @Test
    void ignoresWhatIsToBeIgnored() {
        ReaderState ignored = new ReaderState("R", ReaderState.IGNORE, new byte[0]);

        assertThat(StateComparison.compare(ignored, null)).isSameAs(ignored);
    }

    private static int compare(String known, String present) {
        return StateComparison.compare(
                        new ReaderState("R", word(known), new byte[0]),
                        new ReaderState("R", word(present), new byte[0]))
                .state();
    }

    private static int word(String hex) {
        return HexFormat.fromHexDigits(hex);
    }
}
