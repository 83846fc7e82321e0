package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which file holds which segment when names were mixed up. Five segments, of which the first begins with no SEGMENT. */
class SegmentFilesTest {

    @TempDir
    Path temp;

    AuditedFolder folder;
    JournalSegments segments;

    @BeforeEach
    void fill() throws Exception {
        folder = AuditedFolder.with(temp.resolve("data"), 5, 4096);
        segments = new JournalSegments(folder.data.journal());
        assertThat(folder.journal.files(".journal")).hasSize(5);
    }

    SegmentFiles files() throws Exception {
        return SegmentFiles.in(segments, 1, 5);
    }

    void swap(int one, int other) throws Exception {
        byte[] bytes = Files.readAllBytes(segments.segment(one));
        Files.write(segments.segment(one), Files.readAllBytes(segments.segment(other)));
        Files.write(segments.segment(other), bytes);
    }

    void assertHeldBy(int segment, int file) throws Exception {
        assertThat(files().of(segment)).as("segment %d", segment).isEqualTo(segments.segment(file));
    }

    @Test
    void isTheOneOfItsNameWhereNothingIsWrong() throws Exception {
        for (int segment = 1; segment <= 5; segment++) {
            assertHeldBy(segment, segment);
        }
    }

    @Test
    void isTheOneWhoseFirstLineSaysSo() throws Exception {
        swap(2, 4);

        assertHeldBy(2, 4);
        assertHeldBy(4, 2);
        assertHeldBy(3, 3);
    }

    @Test
    void isForTheFirstSegmentTheOneThatIsLeft() throws Exception {
        swap(1, 3);

        assertHeldBy(1, 3);
        assertHeldBy(3, 1);
        assertHeldBy(2, 2);
    }

    @Test
    void isTheOneOfItsNameWhereTheFirstLineIsLost() throws Exception {
        folder.journal.replaceLine(3, 1, "odd");

        assertHeldBy(3, 3);
    }

    @Test
    void isOneThatWasRenamedIntoAGap() throws Exception {
        Files.delete(segments.segment(2));
        Files.move(segments.segment(4), segments.segment(2));

        assertHeldBy(4, 2);
        assertThat(files().of(2)).doesNotExist();
    }

    @Test
    void isNotACopyUnderAnotherName() throws Exception {
        Files.copy(segments.segment(2), segments.segment(6));

        SegmentFiles files = SegmentFiles.in(segments, 1, 6);
        assertThat(files.of(2)).isEqualTo(segments.segment(2));
        assertThat(files.of(6)).as("its own name is free").isEqualTo(segments.segment(6));

        Files.write(segments.segment(4), Files.readAllBytes(segments.segment(2)));
        assertHeldBy(2, 2);
        assertHeldBy(4, 4);
    }

    @Test
    void isLookedForOnlyAmongThoseThatAreAskedFor() throws Exception {
        swap(2, 4);

        SegmentFiles two = SegmentFiles.in(segments, 2, 3);
        assertThat(two.of(2)).as("what it begins is not asked for").isEqualTo(segments.segment(2));
        assertThat(two.of(3)).isEqualTo(segments.segment(3));
        assertThat(two.of(4)).doesNotExist();
    }
}
