package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.fobstation.outcome.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A last line that proves itself and lacks nothing but its line feed: it may have been acknowledged, so it counts. */
class UnendedLineTest {

    @TempDir
    Path temp;

    JournalFolder folder;
    AuditRecord passed;
    byte[] whole;

    @BeforeEach
    void pass() throws Exception {
        folder = new JournalFolder(temp.resolve("data"));
        try (AuditJournal journal = folder.open()) {
            passed = Runs.pass(journal, "trx_1");
        }
        whole = Files.readAllBytes(folder.segment(1));
    }

    /** The journal without its last byte, and with something else behind. */
    void instead(byte... ofTheLineFeed) throws IOException {
        byte[] damaged = Arrays.copyOf(whole, whole.length - 1 + ofTheLineFeed.length);
        System.arraycopy(ofTheLineFeed, 0, damaged, whole.length - 1, ofTheLineFeed.length);
        Files.write(folder.segment(1), damaged);
    }

    void assertThatTheNextStartHasIt() throws Exception {
        try (AuditJournal journal = folder.open()) {
            assertThat(journal.undelivered(10)).containsExactly(passed);
            assertThat(journal.lastRun(Runs.UID)).map(PastRun::outcome).contains(Outcome.PASS);
        }
        assertThat(Files.readAllBytes(folder.segment(1))).isEqualTo(whole);
    }

    @Test
    void isKeptWhereTheLineFeedWasCutOff() throws Exception {
        instead();

        assertThatTheNextStartHasIt();
        assertThat(folder.files(".torn")).isEmpty();
    }

    @Test
    void isKeptWhateverTheLineFeedWasChangedInto() throws Exception {
        for (int other = 0; other < 256; other++) {
            if (other != '\n') {
                instead((byte) other);

                assertThatTheNextStartHasIt();
                Path aside = folder.files(".torn").get(0);
                assertThat(Files.readAllBytes(aside)).containsExactly(other);
                Files.delete(aside);
            }
        }
    }

    @Test
    void isKeptWhereTheBlocksBehindItNeverCameToTheDisk() throws Exception {
        instead(new byte[700]);

        assertThatTheNextStartHasIt();
        assertThat(folder.files(".torn")).singleElement().satisfies(aside -> assertThat(Files.readAllBytes(aside))
                .isEqualTo(new byte[700]));
    }

    @Test
    void isContinuedByTheNextLine() throws Exception {
        instead();
        try (AuditJournal journal = folder.open()) {
            Runs.pass(journal, "trx_2");
        }

        try (AuditJournal journal = folder.open()) {
            assertThat(journal.undelivered(10))
                    .extracting(AuditRecord::transactionId)
                    .containsExactly("trx_1", "trx_2");
        }
    }

    @Test
    void isKeptHoweverOftenThePowerGoesWhileItsLineFeedIsWritten() throws Exception {
        for (int operations = 0; operations < 8; operations++) {
            for (int seed = 0; seed < 8; seed++) {
                instead((byte) 'x');
                PowerLossDisk disk = new PowerLossDisk(new Random(seed), operations);
                try (AuditJournal journal = folder.open(disk)) {
                    assertThat(journal.undelivered(10)).containsExactly(passed);
                } catch (JournalException expected) {
                    assertThat(disk.isLost()).isTrue();
                }
                assertThatTheNextStartHasIt();
            }
        }
    }

    @Test
    void isToldByVerify() throws Exception {
        instead();
        AuditVerifier.Report report =
                AuditVerifier.verify(new DataFolder(folder.data), AuditRange.ALL, Optional.empty());

        assertThat(report.records()).isEqualTo(1);
        assertThat(report.findings()).singleElement().satisfies(finding -> assertThat(finding.what())
                .endsWith("00000001.journal ends in a line without its line feed"));
    }

    @Nested
    class IsDamage {

        void assertThatItIsRefused(String where, String why) throws Exception {
            byte[] before = Files.readAllBytes(folder.segment(1));

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(folder::open)
                    .withMessageContaining(where + ": " + why);
            assertThat(Files.readAllBytes(folder.segment(1))).isEqualTo(before);
        }

        /** Otherwise both would be taken for one torn line. */
        @Test
        void ifOtherLinesFollow() throws Exception {
            byte[] merged = whole.clone();
            merged[lastLineAt() - 1] = 0;
            Files.write(folder.segment(1), merged);

            assertThatItIsRefused("00000001.journal, line 5", "the line before it has no line feed");
        }

        @Test
        void ifAnotherUnendedLineFollows() throws Exception {
            byte[] merged = Arrays.copyOf(whole, whole.length - 1);
            merged[lastLineAt() - 1] = 0;
            Files.write(folder.segment(1), merged);

            assertThatItIsRefused("00000001.journal, line 5", "the line before it has no line feed");
        }

        @Test
        void ifItDoesNotContinueTheLineBefore() throws Exception {
            byte[] foreign = JournalLine.after(
                            HashChain.START, 6, new JournalEntry.Settled(Runs.NOW, 1, new Settlement.Local()).json())
                    .bytes();
            Files.write(folder.segment(1), Arrays.copyOf(foreign, foreign.length - 1), StandardOpenOption.APPEND);

            assertThatItIsRefused("00000001.journal, line 6", "the line does not continue the line before it");
        }

        @Test
        void ifItsEntryIsNone() throws Exception {
            String last = folder.lines(1).get(4);
            JournalLine before = JournalLine.parse(last.getBytes(StandardCharsets.UTF_8));
            byte[] line = JournalLine.after(before.hash(), 6, "{\"type\":\"NONE\",\"at\":\"2023-10-27T14:32:01Z\"}")
                    .bytes();
            Files.write(folder.segment(1), Arrays.copyOf(line, line.length - 1), StandardOpenOption.APPEND);

            assertThatItIsRefused("00000001.journal, line 6", "an entry of type NONE is not known here");
        }

        private int lastLineAt() {
            int at = whole.length - 1;
            while (whole[at - 1] != '\n') {
                at--;
            }
            return at;
        }
    }

    @Nested
    class InSegmentsThatAreFull {

        @BeforeEach
        void fill() throws Exception {
            try (AuditJournal journal = folder.open(4096)) {
                for (int i = 2; i <= 8; i++) {
                    Runs.pass(journal, "trx_" + i);
                }
            }
            assertThat(folder.files(".journal")).hasSizeGreaterThan(2);
        }

        @Test
        void isDamage() throws Exception {
            folder.cut(1, Files.size(folder.segment(1)) - 1);

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> folder.open(4096))
                    .withMessageContaining("00000001.journal")
                    .withMessageContaining("segments follow");
        }

        @Test
        void isFoundByTheProofBehindACheckpoint() throws Exception {
            int last = folder.files(".journal").size();
            folder.open(4096).close();
            byte[] sealed = Files.readAllBytes(folder.segment(last - 1));
            sealed[sealed.length - 1] = 'x';
            Files.write(folder.segment(last - 1), sealed);

            try (AuditJournal journal = folder.open(4096)) {
                await().untilAsserted(() -> assertThat(journal.fault()).isPresent());
            }
        }
    }
}
