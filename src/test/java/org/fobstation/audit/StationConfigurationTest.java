package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the journal says of the configuration a station was started with. */
class StationConfigurationTest {

    private static final StationConfiguration FIRST = new StationConfiguration(
            "1.0.0", "aa", "bb", Map.of("lock.policy", "11111111", "routes/klms.yaml", "22222222"));
    private static final StationConfiguration SECOND = new StationConfiguration(
            "1.0.0", "cc", "bb", Map.of("lock.policy", "33333333", "routes/klms.yaml", "22222222", "site.mes", "4444"));

    @TempDir
    private Path temp;

    private JournalFolder folder;

    @BeforeEach
    void make() {
        folder = new JournalFolder(temp.resolve("data"));
    }

    private AuditJournal start(StationConfiguration configuration, long segmentBytes) throws Exception {
        return start(configuration, segmentBytes, Runs.CLOCK);
    }

    private AuditJournal start(StationConfiguration configuration, long segmentBytes, Clock clock) throws Exception {
        return AuditJournal.open(
                folder.journal,
                new StationIdentity("LINE-04-PC-12", configuration.softwareVersion(), Optional.of(configuration)),
                clock,
                new AuditJournal.Limits(segmentBytes, AuditSettings.RETENTION),
                DiskJournalFile::open);
    }

    private void startAndStop(StationConfiguration configuration) throws Exception {
        start(configuration, AuditSettings.SEGMENT_BYTES).close();
    }

    private List<JournalEntry.Configured> entries() throws Exception {
        return SegmentLines.read(folder.segment(1), SegmentLines.Depth.ENTRIES).lines().stream()
                .map(SegmentLines.Line::entry)
                .filter(JournalEntry.Configured.class::isInstance)
                .map(JournalEntry.Configured.class::cast)
                .toList();
    }

    @Test
    void isAnEntryAtTheFirstStartAndThenOnlyWhereSomethingChanged() throws Exception {
        startAndStop(FIRST);
        startAndStop(FIRST);
        assertThat(entries()).containsExactly(new JournalEntry.Configured(Runs.NOW, FIRST, List.of()));

        startAndStop(SECOND);

        assertThat(entries()).hasSize(2);
        assertThat(entries().get(1).changed()).containsExactly("lock.policy", "site.mes");
    }

    @Test
    void namesAnotherSoftwareVersionAndWhatIsGone() throws Exception {
        startAndStop(SECOND);
        startAndStop(new StationConfiguration("1.0.1", "dd", "ee", FIRST.parts()));

        assertThat(entries().get(1).changed()).containsExactly("software version", "lock.policy", "site.mes");
    }

    @Test
    void isNamedByEveryRecordItWasMadeUnder() throws Exception {
        try (AuditJournal journal = start(FIRST, AuditSettings.SEGMENT_BYTES)) {
            AuditRecord record = Runs.pass(journal, "trx_1");
            assertThat(record.envelope().configHash()).contains("aa");
            assertThat(new String(ArchiveFile.of(record)))
                    .contains("\"config_hash\" : \"aa\"", "\"routes_hash\" : \"bb\"");
            assertThat(ArchiveFile.parse(ArchiveFile.of(record))).isEqualTo(record);
        }
        StringBuilder csv = new StringBuilder();
        CsvExport.write(new DataFolder(folder.data), AuditRange.ALL, csv);
        assertThat(csv.toString().lines()).hasSize(2).first().asString().endsWith(",config_hash,routes_hash");
        assertThat(csv.toString().lines()).last().asString().endsWith(",aa,bb");
    }

    @Test
    void isMissingInARecordFromBeforeWhichIsReadAllTheSame() throws Exception {
        AuditRecord record = Runs.record(5, Runs.passed("trx_1"), Runs.STATION);
        String json = new JournalEntry.Result(Runs.NOW, record).json();

        assertThat(json).doesNotContain("config_hash", "routes_hash");
        assertThat(EntryReader.read(json)).isEqualTo(new JournalEntry.Result(Runs.NOW, record));
    }

    @Test
    void isSaidAgainInEverySegmentSoThatRetentionLeavesOne() throws Exception {
        MovableClock clock = new MovableClock();
        try (AuditJournal journal = start(FIRST, 4096, clock)) {
            for (int i = 1; i <= 8; i++) {
                Runs.pass(journal, "trx_" + i);
                journal.settle(i, new Settlement.Delivered(new Receipt(200, 1)));
            }
        }
        folder.age(clock, AuditSettings.RETENTION.plusSeconds(1));
        start(FIRST, 4096, clock).close();
        assertThat(folder.segment(1)).doesNotExist();

        start(SECOND, 4096, clock).close();

        String last = folder.files(".journal")
                .get(folder.files(".journal").size() - 1)
                .toString();
        assertThat(Path.of(last)).content().contains("\"changed\":[\"lock.policy\",\"site.mes\"]");
    }

    /** The process may be killed behind the first line of a segment; the next start says what that one could not. */
    @Test
    void isSaidInASegmentThatHadOnlyJustBegun() throws Exception {
        try (AuditJournal journal = start(FIRST, 4096)) {
            for (int i = 1; i <= 8; i++) {
                Runs.pass(journal, "trx_" + i);
            }
        }
        List<Path> files = folder.files(".journal");
        Path last = files.get(files.size() - 1);
        Files.writeString(last, Files.readAllLines(last).get(0) + "\n");

        start(FIRST, 4096).close();

        assertThat(files).hasSizeGreaterThan(1);
        assertThat(Files.readAllLines(last).get(1)).contains("\"type\":\"CONFIGURATION\"", "\"changed\":[]");
    }

    @Test
    void isAFindingWhereARecordNamesOneThatWasNeverAnnounced() throws Exception {
        try (AuditJournal journal = start(FIRST, AuditSettings.SEGMENT_BYTES)) {
            Runs.pass(journal, "trx_1");
        }
        assertThat(verify().findings()).noneMatch(finding -> finding.what().contains("configuration"));
        StationIdentity foreign = new StationIdentity("LINE-04-PC-12", "1.0.0", Optional.of(SECOND));
        try (AuditJournal journal = start(FIRST, AuditSettings.SEGMENT_BYTES)) {
            long run = journal.begin(Runs.UID, Runs.READER);
            AuditRecord before = journal.undelivered(1).get(0);
            RunResult result = Runs.passed("trx_2");
            Optional<EarlierRecord> follows = Optional.of(new EarlierRecord(1, "trx_1"));
            AuditRecord forged =
                    AuditRecord.make(2, before.auditHash(), result, Runs.envelope(run, result, foreign, follows));
            journal.appendFor(line -> Optional.of(new JournalEntry.Result(Runs.NOW, forged)));
        }

        assertThat(verify().findings())
                .anyMatch(finding ->
                        finding.auditSeq() == 2 && finding.what().contains("no entry of the journal announces"));
    }

    private AuditVerifier.Report verify() throws Exception {
        return AuditVerifier.verify(new DataFolder(folder.data), AuditRange.ALL, Optional.empty());
    }
}
