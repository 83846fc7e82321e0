package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which lines of a damaged segment can be trusted. */
class SegmentSalvageTest {

    @TempDir
    Path temp;

    final List<JournalLine> lines = new ArrayList<>();
    AuditRecord record;

    @BeforeEach
    void writeSixLines() {
        record = Runs.record(1, Runs.passed("trx_1"), Runs.STATION);
        add(new JournalEntry.Begin(Runs.NOW, Runs.UID, Runs.READER, FobHistory.NONE));
        add(new JournalEntry.Intended(Runs.NOW, 1, new Intent.Open("trx_1")));
        add(new JournalEntry.Result(Runs.NOW, record));
        add(new JournalEntry.Settled(Runs.NOW, 1, new Settlement.Local()));
        add(new JournalEntry.Begin(Runs.NOW, Runs.UID, Runs.READER, FobHistory.NONE));
        add(new JournalEntry.Begin(Runs.NOW, Runs.UID, Runs.READER, FobHistory.NONE));
    }

    void add(JournalEntry entry) {
        String prev =
                lines.isEmpty() ? HashChain.START : lines.get(lines.size() - 1).hash();
        lines.add(JournalLine.after(prev, lines.size() + 1, entry.json()));
    }

    String text(int... numbers) {
        StringBuilder text = new StringBuilder();
        for (int number : numbers) {
            text.append(new String(lines.get(number - 1).bytes(), StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    Path segment(String text) throws Exception {
        return Files.writeString(temp.resolve("00000001.journal"), text);
    }

    SegmentSalvage salvage(String text) throws Exception {
        return SegmentSalvage.of(segment(text), 0, Optional.empty());
    }

    static Optional<JournalLine> first(Path segment, int number) throws Exception {
        return SegmentSalvage.first(segment, number, 0, SegmentSalvage.LINES_MAX);
    }

    @Test
    void allOfThemIfNothingIsDamaged() throws Exception {
        assertThat(salvage(text(1, 2, 3, 4, 5, 6))).isEqualTo(new SegmentSalvage(lines, 0, false));
    }

    @Test
    void thoseThatProveThemselvesAndThePiecesBetweenAreCounted() throws Exception {
        String text = "\n" + text(1) + "odd\n" + text(3) + "{\"n\":4" + text(4);

        assertThat(salvage(text)).isEqualTo(new SegmentSalvage(List.of(lines.get(0), lines.get(2)), 3, false));
    }

    @Test
    void notALastPieceWithoutALineFeedWhichWasNeverAcknowledged() throws Exception {
        assertThat(salvage(text(1, 2) + "{\"n\":3")).isEqualTo(new SegmentSalvage(lines.subList(0, 2), 0, true));
    }

    @Test
    void alsoALastOneThatLacksOnlyItsLineFeed() throws Exception {
        assertThat(salvage(text(1, 2, 3).strip())).isEqualTo(new SegmentSalvage(lines.subList(0, 3), 0, false));
    }

    @Test
    void inTheOrderOfTheirNumbersAndEachOnce() throws Exception {
        assertThat(salvage(text(5, 2, 2, 1, 3, 6, 4))).isEqualTo(new SegmentSalvage(lines, 1, false));
    }

    @Test
    void notALineThatTheNextOneDoesNotContinue() throws Exception {
        String forged = JournalLine.after(
                        lines.get(1).prev(), 2, lines.get(1).entry().replace("trx_1", "trx_9"))
                .entry();
        JournalLine line = JournalLine.after(lines.get(1).prev(), 2, forged);
        String text = text(1) + new String(line.bytes(), StandardCharsets.UTF_8) + text(3, 4);

        SegmentSalvage salvage = salvage(text);
        assertThat(salvage.lines()).extracting(JournalLine::n).containsExactly(1L, 3L, 4L);
        assertThat(salvage.damaged()).isEqualTo(1);
    }

    @Test
    void notALastLineThatTheNextSegmentDoesNotContinue() throws Exception {
        JournalLine other = JournalLine.after(HashChain.START, 3, lines.get(3).entry());

        assertThat(SegmentSalvage.of(segment(text(1, 2)), 0, Optional.of(lines.get(2)))
                        .lines())
                .isEqualTo(lines.subList(0, 2));
        assertThat(SegmentSalvage.of(segment(text(1, 2)), 0, Optional.of(other)).lines())
                .isEqualTo(lines.subList(0, 1));
        assertThat(SegmentSalvage.of(segment(text(1, 2)), 0, Optional.of(lines.get(1)))
                        .lines())
                .as("what the next segment has already")
                .isEqualTo(lines.subList(0, 1));
    }

    @Test
    void noneOfASegmentThatIsMissing() throws Exception {
        Path missing = temp.resolve("00000009.journal");

        assertThat(SegmentSalvage.of(missing, 0, Optional.empty()))
                .isEqualTo(new SegmentSalvage(Collections.emptyList(), 0, false));
        assertThat(first(missing, 9)).isEmpty();
    }

    JournalLine begin(int segment) {
        String hash = lines.get(1).hash();
        SegmentEntry.Begun begun =
                new SegmentEntry.Begun(Runs.NOW, segment, hash, 0, HashChain.START, Set.of(1L), Optional.empty());
        return JournalLine.after(hash, 3, begun.json());
    }

    @Test
    void theFirstOneIsTheOneThatBeginsTheSegmentWhereverItStands() throws Exception {
        String begin = new String(begin(2).bytes(), StandardCharsets.UTF_8);

        assertThat(first(segment(text(1, 2) + begin), 2)).contains(begin(2));
        assertThat(first(segment(text(1, 2) + begin), 3))
                .as("of another segment")
                .contains(lines.get(0));
    }

    @Test
    void theFirstOneIsElseTheFirstThatTheNextLineContinues() throws Exception {
        assertThat(first(segment("\nodd\n" + text(3, 4)), 2)).contains(lines.get(2));
        assertThat(first(segment(text(1, 3, 4, 5)), 2))
                .as("not one that was put there from elsewhere")
                .contains(lines.get(2));
        assertThat(first(segment(text(3, 5)), 2)).contains(lines.get(2));
        assertThat(first(segment(text(2)), 2)).contains(lines.get(1));
        assertThat(first(segment("odd\n" + text(3).strip()), 2)).contains(lines.get(2));
        assertThat(first(segment("odd\n" + text(3).substring(0, 90)), 2)).isEmpty();
    }

    @Test
    void notLinesWithNumbersThatNoSegmentHas() throws Exception {
        JournalLine far = JournalLine.after(
                "ab".repeat(32), SegmentSalvage.LINES_MAX + 1, lines.get(5).entry());
        String text = text(1, 2) + new String(far.bytes(), StandardCharsets.UTF_8);

        assertThat(salvage(text)).isEqualTo(new SegmentSalvage(lines.subList(0, 2), 1, false));
        assertThat(SegmentSalvage.of(segment(text), 1, Optional.empty()).lines())
                .containsExactly(lines.get(1), far);
    }

    @Test
    void withTheNumbersThatTheirOrderSays() throws Exception {
        assertThat(salvage(text(1) + text(2).replace("{\"n\":2,", "{\"n\":99992,") + text(3, 4)))
                .isEqualTo(new SegmentSalvage(lines.subList(0, 4), 0, false));
    }

    @Test
    void theFirstRecordBehindALineIsNotTheOneInIt() throws Exception {
        SegmentSalvage salvage = salvage(text(1, 2, 3, 4, 5, 6));

        assertThat(salvage.firstRecordAfter(2).map(AuditRecord::auditSeq)).contains(1L);
        assertThat(salvage.firstRecordAfter(3)).isEmpty();
    }
}
