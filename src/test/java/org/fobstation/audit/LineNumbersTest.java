package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which numbers lines have whose numbers cannot be trusted. Lines 11 to 16 follow line 10. */
class LineNumbersTest {

    static final long BEFORE = 10;

    final List<JournalLine> lines = new ArrayList<>();

    @BeforeEach
    void writeSixLines() {
        String hash = "ab".repeat(32);
        for (int i = 1; i <= 6; i++) {
            JournalLine line = JournalLine.after(hash, BEFORE + i, "{\"line\":" + i + "}");
            lines.add(line);
            hash = line.hash();
        }
    }

    JournalLine line(int i) {
        return lines.get(i - 1);
    }

    JournalLine numbered(int i, long n) {
        return new JournalLine(n, line(i).prev(), line(i).hash(), line(i).entry());
    }

    static final JournalLine DAMAGED = null;

    List<JournalLine> read(JournalLine... pieces) {
        return LineNumbers.of(Arrays.stream(pieces).map(Optional::ofNullable).toList(), BEFORE);
    }

    @Test
    void areThoseThatMostLinesOfAChainAgreeOn() {
        assertThat(read(line(1), numbered(2, 9_999_912), line(3), numbered(4, 1), line(5), line(6)))
                .isEqualTo(lines);
    }

    @Test
    void holdWhereverTheLinesStand() {
        assertThat(read(line(6), numbered(2, 99), line(5), line(1), line(4), line(3)))
                .containsExactly(line(6), line(2), line(5), line(1), line(4), line(3));
    }

    @Test
    void areWhatTheFileSuggestsWhereTwoDisagree() {
        assertThat(read(numbered(1, 911), line(2))).containsExactly(line(1), line(2));
        assertThat(read(line(1), numbered(2, 912))).containsExactly(line(1), line(2));
        assertThat(read(DAMAGED, DAMAGED, line(3), numbered(4, 914))).containsExactly(line(3), line(4));
    }

    @Test
    void areTheirOwnWhereNothingElseSaysOne() {
        assertThat(read(line(1), DAMAGED, numbered(3, 913), DAMAGED, line(5), line(6)))
                .containsExactly(line(1), numbered(3, 913), line(5), line(6));
    }

    @Test
    void ofALineThatStandsTwiceAreTheSame() {
        assertThat(read(line(1), line(2), numbered(2, 99), line(3)))
                .containsExactly(line(1), line(2), line(2), line(3));
    }

    @Test
    void ofManyLinesInTheWrongOrderAreFoundWithoutALongStack() {
        List<Optional<JournalLine>> pieces = new ArrayList<>();
        String hash = HashChain.START;
        for (int i = 1; i <= 50_000; i++) {
            JournalLine line = JournalLine.after(hash, i, "{}");
            pieces.add(0, Optional.of(line));
            hash = line.hash();
        }

        assertThat(LineNumbers.of(pieces, 0))
                .isEqualTo(pieces.stream().map(Optional::orElseThrow).toList());
    }
}
