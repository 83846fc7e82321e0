package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What verify says of a data folder with six records in small segments. */
class AuditVerifierTest {

    @TempDir
    Path temp;

    AuditedFolder folder;

    @BeforeEach
    void fill() throws Exception {
        folder = AuditedFolder.with(temp.resolve("data"), 6, 4096);
    }

    AuditVerifier.Report verify() throws Exception {
        return verify(AuditRange.ALL, folder.head());
    }

    AuditVerifier.Report verify(AuditRange range, AuditHead head) throws Exception {
        return AuditVerifier.verify(folder.data, range, Optional.ofNullable(head));
    }

    @Nested
    class OfASoundFolder {

        @Test
        void saysThatAllIsProvedUpToTheGivenHead() throws Exception {
            AuditVerifier.Report report = verify();

            assertThat(report.findings()).isEmpty();
            assertThat(report.isSound()).isTrue();
            assertThat(report.anchor()).isEqualTo(AuditVerifier.Anchor.HOLDS);
            assertThat(report.records()).isEqualTo(6);
            assertThat(report.compared()).isEqualTo(6);
            assertThat(report.auditHash()).isEqualTo(folder.head().auditHash());
        }

        @Test
        void saysThatTheEndIsNotAnchoredWithoutAHead() throws Exception {
            assertThat(verify(AuditRange.ALL, null).anchor()).isEqualTo(AuditVerifier.Anchor.NONE);
        }

        @Test
        void takesAHeadInTheMiddleToo() throws Exception {
            AuditRecord third = folder.records.get(2);
            AuditHead head = AuditHead.parse("3:" + third.auditHash().toUpperCase(Locale.ROOT));

            assertThat(verify(AuditRange.ALL, head).anchor()).isEqualTo(AuditVerifier.Anchor.HOLDS);
        }

        @Test
        void comparesOnlyTheFilesOfTheRange() throws Exception {
            Files.delete(folder.file(folder.records.get(1)));

            assertThat(verify(AuditRange.parse("3", "5"), null).findings()).isEmpty();
            assertThat(verify(AuditRange.parse("3", "5"), null).compared()).isEqualTo(3);
            assertThat(verify(AuditRange.parse("2023-10-28", null), null).compared())
                    .isZero();
            assertThat(verify(AuditRange.parse("2023-10-27", "2"), null).findings())
                    .hasSize(1);
        }

        @Test
        void missesNoFileOfARecordThatWaits() throws Exception {
            try (AuditJournal journal = folder.journal.open(4096)) {
                Runs.pass(journal, "trx_7");
                assertThat(verify().findings()).isEmpty();
            }
        }

        @Test
        void changesNothing() throws Exception {
            String before = folder.journalText();
            verify();
            assertThat(folder.journalText()).isEqualTo(before);
        }
    }

    @Nested
    class OfADamagedFolder {

        @Test
        void namesAChangedLineWithTheFirstRecordInDoubt() throws Exception {
            folder.edit("\"audit_sequence\":3,\"id\"", "SUCCESS", "FAILURE");

            AuditVerifier.Report report = verify();

            assertThat(report.findings().get(0).what()).contains(".journal, line", "hash does not fit");
            assertThat(report.firstBad()).contains(3L);
            assertThat(report.anchor()).isEqualTo(AuditVerifier.Anchor.BROKEN);
        }

        @Test
        void namesTheFirstRecordOfASegmentThatIsMissing() throws Exception {
            JournalLine begin = JournalLine.parse(folder.journal.lines(4).get(0).getBytes(StandardCharsets.UTF_8));
            long before = ((SegmentEntry.Begun) EntryReader.read(begin.entry())).auditSeq();
            assertThat(before).isGreaterThan(1);
            Files.delete(folder.journal.segment(4));

            AuditVerifier.Report report = verify();

            assertThat(report.firstBad()).contains(before + 1);
            assertThat(report.findings().get(0).what()).contains("00000004.journal: the segment is missing");
        }

        @Test
        void namesFilesMissingEditedAndStrange() throws Exception {
            Files.delete(folder.file(folder.records.get(1)));
            Path edited = folder.file(folder.records.get(3));
            Files.writeString(edited, Files.readString(edited).replace("SUCCESS", "FAILURE"));
            Files.copy(folder.file(folder.records.get(4)), folder.data.archive().resolve("2023-10-27/5-trx_55.json"));

            AuditVerifier.Report report = verify();

            assertThat(report.findings())
                    .extracting(AuditVerifier.Finding::auditSeq)
                    .containsExactly(2L, 4L, 5L);
            assertThat(report.firstBad()).contains(2L);
            assertThat(report.findings())
                    .extracting(AuditVerifier.Finding::what)
                    .satisfiesExactly(
                            missing -> assertThat(missing).contains("record 2 is missing"),
                            changed -> assertThat(changed).contains("4-trx_4.json is not what the station wrote"),
                            strange -> assertThat(strange).contains("5-trx_55.json is of no record"));
        }

        @Test
        void namesATornEnd() throws Exception {
            Path last = folder.journal.segment(folder.journal.files(".journal").size());
            Files.writeString(last, "{\"n\":", StandardOpenOption.APPEND);

            AuditVerifier.Report report = verify();

            assertThat(report.findings()).singleElement().satisfies(finding -> assertThat(finding.what())
                    .contains("5 bytes of a line"));
        }

        @Test
        void findsACutOffEndByTheHeadAlone() throws Exception {
            AuditedFolder older = AuditedFolder.with(temp.resolve("older"), 4, 4096);

            AuditVerifier.Report report = AuditVerifier.verify(older.data, AuditRange.ALL, Optional.of(folder.head()));

            assertThat(report.anchor()).isEqualTo(AuditVerifier.Anchor.BROKEN);
            assertThat(report.firstBad()).contains(5L);
            assertThat(report.findings().get(0).what()).contains("its end was cut off or it is an older copy");
        }

        @Test
        void findsAJournalMadeAnewByTheHeadAlone() throws Exception {
            AuditedFolder forged = AuditedFolder.with(temp.resolve("forged"), 6, 1 << 20);
            try (AuditJournal journal = forged.journal.open()) {
                forged.add(journal, "trx_7");
            }
            AuditHead head = new AuditHead(6, "ab".repeat(32));

            AuditVerifier.Report report = AuditVerifier.verify(forged.data, AuditRange.ALL, Optional.of(head));

            assertThat(report.firstBad()).contains(6L);
            assertThat(report.findings().get(0).what()).contains("another hash at the given head");
        }
    }

    @Nested
    class OfAFolderThatRetentionShortened {

        @BeforeEach
        void shorten() throws Exception {
            folder.journal.ageBeyondRetention();
            assertThat(folder.journal.segment(1)).doesNotExist();
        }

        @Test
        void provesTheOlderFilesOfTheArchiveByTheirOwnChain() throws Exception {
            AuditVerifier.Report report = verify();

            assertThat(report.findings()).isEmpty();
            assertThat(report.compared()).isEqualTo(6);
        }

        @Test
        void namesAnOlderFileThatWasChanged() throws Exception {
            Path edited = folder.file(folder.records.get(1));
            Files.writeString(
                    edited,
                    Files.readString(edited)
                            .replace("\"overall_result\":\"SUCCESS\"", "\"overall_result\":\"FAILURE\""));

            assertThat(verify().firstBad()).contains(2L);
        }
    }

    @Test
    void refusesAHeadAndARangeOfAnotherForm() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditHead.parse("6:ab"))
                .withMessageContaining("SEQ:HASH");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditRange.parse("yesterday", null))
                .withMessageContaining("neither a record's number nor a day");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditRange.parse(null, "2023-13-01"))
                .withMessageContaining("neither a record's number nor a day");
    }

    @Test
    void namesTheFirstBadRecordHoweverManyStrangersThereAre() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            Files.createFile(folder.data.archive().resolve("copy-" + i + ".json"));
        }
        Files.delete(folder.file(folder.records.get(3)));

        assertThat(verify().firstBad()).contains(4L);
        assertThat(verify().findingCount()).isEqualTo(1_001);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a right of their own there")
    void looksBehindLinksToAnotherDisk() throws Exception {
        Path elsewhere = temp.resolve("elsewhere");
        Files.move(folder.data.archive(), elsewhere);
        Files.createSymbolicLink(folder.data.archive(), elsewhere);
        assertThat(verify().findings()).isEmpty();

        Files.createFile(elsewhere.resolve("3-copy.json"));
        assertThat(verify().firstBad()).contains(3L);
    }

    @Test
    void takesANumberThatIsTooGreatForDamage() throws Exception {
        int last = folder.journal.files(".journal").size();
        int line = folder.journal.lines(last).size();
        JournalLine delivered =
                JournalLine.parse(folder.journal.lines(last).get(line - 1).getBytes(StandardCharsets.UTF_8));
        String changed = delivered.entry().replace("\"attempts\":1", "\"attempts\":9999999999");
        byte[] anew =
                JournalLine.after(delivered.prev(), delivered.n(), changed).bytes();
        folder.journal.replaceLine(last, line, new String(anew, StandardCharsets.UTF_8).strip());

        assertThat(verify().findings()).first().satisfies(finding -> assertThat(finding.what())
                .contains("line " + line)
                .contains("the field attempts is too great a number"));
    }
}
