package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fobstation.audit.AuditJournal;
import org.fobstation.audit.AuditRecord;
import org.fobstation.audit.AuditSettings;
import org.fobstation.audit.DataFolder;
import org.fobstation.audit.Intent;
import org.fobstation.audit.JournalException;
import org.fobstation.audit.Request;
import org.fobstation.audit.RunResult;
import org.fobstation.audit.Settlement;
import org.fobstation.audit.StationIdentity;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code verify}, {@code export} and {@code repair} on a folder with one record that waits for its delivery. */
class EvidenceCommandsTest {

    /** Where Java says what the console has. */
    private static final String CONSOLE_CHARSET = "sun.stdout.encoding";

    private static final String REPEAT =
            " Check disk, path and permissions, then run it again: what it replaces is kept.";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path data;
    private AuditRecord record;

    @BeforeEach
    void run() throws Exception {
        data = folder.resolve("data");
        AuditSettings settings = AuditSettings.of(data, new StationIdentity("LINE-04-PC-12", "1.0.0"));
        try (AuditJournal journal = AuditJournal.open(settings, Clock.systemUTC())) {
            record = pass(journal, "trx_1");
        }
    }

    private static AuditRecord pass(AuditJournal journal, String transaction) throws Exception {
        long run = journal.begin("11223344556677", "LINE_04_READER_01");
        journal.intend(run, new Intent.Open(transaction));
        return journal.result(
                run,
                new RunResult(
                        transaction,
                        "11223344556677",
                        "LINE_04_READER_01",
                        Instant.parse("2023-10-27T14:32:01.123Z"),
                        Outcome.PASS,
                        Optional.empty(),
                        Stage.ISD_LOCK,
                        List.of(),
                        List.of(),
                        List.of(),
                        true));
    }

    private int execute(String... arguments) {
        CommandLine line = StationMain.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private Path segment() {
        return new DataFolder(data).journal().resolve("00000001.journal");
    }

    private void damage() throws Exception {
        Files.writeString(segment(), Files.readString(segment()).replace("LINE_04_READER_01", "LINE_04_READER_02"));
    }

    @Test
    void verifySaysWithAnExitCodeOfItsOwnThatTheEndIsNotAnchored() {
        assertThat(execute("verify", "--data", data.toString())).isEqualTo(VerifyCommand.NOT_ANCHORED);
        assertThat(out.toString())
                .contains("SOUND, end not anchored")
                .contains("head 1:" + record.auditHash())
                .contains("3 lines of the journal and 1 records proved");
    }

    @Test
    void verifyIsContentWithTheHeadThatTheKlmsHas() {
        assertThat(execute("verify", "--data", data.toString(), "--head", "1:" + record.auditHash()))
                .isEqualTo(StationMain.DONE);
        assertThat(out.toString().strip()).endsWith("SOUND");
    }

    @Test
    void verifySaysThatNoRecordIsInTheRange() {
        String sentence = "No proved record lies in the range that was asked for: none of its files was compared";

        assertThat(execute("verify", "--data", data.toString(), "--from", "1")).isEqualTo(VerifyCommand.NOT_ANCHORED);
        assertThat(out.toString()).doesNotContain(sentence);
        assertThat(execute("verify", "--data", data.toString(), "--from", "100"))
                .isEqualTo(VerifyCommand.NOT_ANCHORED);
        assertThat(out.toString()).contains(sentence);
    }

    @Test
    void verifySaysTheSameOfAHeadThatRetentionRemoved() throws Exception {
        AuditSettings settings = new AuditSettings(
                data, new StationIdentity("LINE-04-PC-12", "1.0.0"), 4 << 10, 1000, 0, AuditSettings.RETENTION_LEAST);
        try (AuditJournal journal = AuditJournal.open(settings, Clock.systemUTC())) {
            pass(journal, "trx_2");
            journal.settle(1, new Settlement.Local());
            journal.settle(2, new Settlement.Local());
        }
        for (int day = 0; day < 4; day++) {
            Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(day));
            try (AuditJournal journal = AuditJournal.open(settings, clock)) {
                for (int filling = 0; filling < 20; filling++) {
                    journal.request(new Request("replay", List.of("x".repeat(200)), "smith", "smith"));
                }
            }
        }
        assertThat(segment()).doesNotExist();

        assertThat(execute("verify", "--data", data.toString(), "--head", "1:" + record.auditHash()))
                .isEqualTo(VerifyCommand.NOT_ANCHORED);
        assertThat(out.toString()).contains("SOUND, end not anchored: retention removed the record of the given head");
    }

    @Test
    void verifyNamesTheFirstBadRecord() throws Exception {
        damage();

        assertThat(execute("verify", "--data", data.toString())).isEqualTo(VerifyCommand.NOT_SOUND);
        assertThat(out.toString())
                .contains("record 1: The audit journal is damaged: " + segment() + ", line 1")
                .contains("NOT SOUND: 1 findings, the first bad record is 1");
    }

    @Test
    void verifyRefusesWhatIsNoHeadNoRangeAndNoFolder() {
        assertThat(execute("verify", "--data", data.toString(), "--head", "1")).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString()).contains("a head is SEQ:HASH");
        assertThat(execute("verify", "--data", data.toString(), "--from", "x")).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString()).contains("neither a record's number nor a day");
        assertThat(execute("verify", "--data", data.toString(), "--from", "5", "--to", "3"))
                .isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString()).contains("'5' lies behind '3'");
        assertThat(execute("verify", "--data", folder.resolve("nowhere").toString()))
                .isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString()).contains("no station has run on this folder");
    }

    @Test
    void commandsSayThatAFileStandsWhereTheirFolderBelongs() throws Exception {
        DataFolder other = new DataFolder(Files.createDirectory(folder.resolve("other")));
        Files.createFile(other.journal());
        Files.createFile(other.requests());
        Path config = Files.writeString(folder.resolve("station.properties"), "data.dir = " + other.root());

        assertThat(execute("repair", "--data", other.root().toString())).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString()).contains(other.journal() + ": a file stands where the folder belongs. Move it away");
        assertThat(execute("replay", "--config", config.toString())).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString())
                .contains(other.requests() + ": a file stands where the folder belongs. Move it away");
    }

    @Test
    void exportWritesATable() throws Exception {
        assertThat(execute("export", "--csv", "--data", data.toString())).isEqualTo(StationMain.DONE);
        assertThat(out.toString())
                .startsWith("audit_sequence,")
                .contains("\n1,2023-10-27T14:32:01.123Z,11223344556677,1,");

        Path file = folder.resolve("records.csv");
        assertThat(execute("export", "--data", data.toString(), "--csv", file.toString()))
                .isEqualTo(StationMain.DONE);
        assertThat(Files.readString(file, StandardCharsets.UTF_8)).isEqualTo(out.toString());
        assertThat(err.toString()).contains("1 records written to " + file);
    }

    @Test
    void exportWritesUtf8ToStandardOutputWhateverTheConsoleHas() throws Exception {
        try (AuditJournal journal = AuditJournal.open(
                AuditSettings.of(data, new StationIdentity("Stra\u00dfe 4", "1.0.0")), Clock.systemUTC())) {
            pass(journal, "trx_2");
        }
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        PrintStream before = System.out;
        String charset = System.setProperty(CONSOLE_CHARSET, "US-ASCII");
        System.setOut(new PrintStream(console, true, StandardCharsets.US_ASCII));
        try {
            assertThat(StationMain.commandLine().execute("export", "--data", data.toString()))
                    .isEqualTo(StationMain.DONE);
        } finally {
            System.setOut(before);
            System.getProperties().compute(CONSOLE_CHARSET, (name, set) -> charset);
        }

        assertThat(console.toString(StandardCharsets.UTF_8)).contains(",Stra\u00dfe 4,");
    }

    /** Anybody who can write in the archive names files. */
    @Test
    void verifyPrintsNoSignsThatATerminalObeys() throws Exception {
        Path archive = Files.createDirectories(new DataFolder(data).archive());
        Files.createFile(archive.resolve("7-\u001b[2J\u202e.json"));

        assertThat(execute("verify", "--data", data.toString())).isEqualTo(VerifyCommand.NOT_SOUND);
        assertThat(out.toString())
                .contains("7-\\u001b[2J\\u202e.json is of no record")
                .doesNotContain("\u001b", "\u202e");
    }

    @Test
    void exportSaysWhyTheFileCannotBeWritten() throws Exception {
        Path file = folder.resolve("no such folder").resolve("records.csv");

        assertThat(execute("export", "--data", data.toString(), "--csv", file.toString()))
                .isEqualTo(StationMain.FAILED);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(file + ": there is no such file or folder. Check path and permissions.");
    }

    @Test
    void exportLeavesAnEarlierFileAloneWhenTheCommandLineIsWrong() throws Exception {
        Path file = Files.writeString(folder.resolve("records.csv"), "an earlier export");

        assertThat(execute("export", "--data", folder.resolve("nowhere").toString(), "--csv", file.toString()))
                .isEqualTo(StationMain.UNUSABLE);
        assertThat(execute("export", "--data", data.toString(), "--csv", file.toString(), "--from", "x"))
                .isEqualTo(StationMain.UNUSABLE);
        assertThat(file).hasContent("an earlier export");
    }

    @Test
    void exportSaysThatItIsNotCompleteWhenTheJournalIsDamaged() throws Exception {
        damage();

        assertThat(execute("export", "--data", data.toString())).isEqualTo(StationMain.FAILED);
        assertThat(err.toString()).contains("The export is not complete: The audit journal is damaged");
    }

    @Test
    void repairMakesADamagedFolderUsableAgain() throws Exception {
        damage();

        assertThat(execute("repair", "--data", data.toString())).isEqualTo(StationMain.DONE);
        assertThat(out.toString()).contains("line 1 is lost", "Repaired. Prove it with: station verify");
        assertThat(execute("repair", "--data", data.toString())).isEqualTo(StationMain.DONE);
        assertThat(out.toString()).contains("Nothing had to be repaired.");
    }

    @Test
    void repairDoesNothingWhileAStationRuns() throws Exception {
        AuditSettings settings = AuditSettings.of(data, new StationIdentity("LINE-04-PC-12", "1.0.0"));
        try (AuditJournal journal = AuditJournal.open(settings, Clock.systemUTC())) {
            assertThat(execute("repair", "--data", data.toString())).isEqualTo(StationMain.FAILED);
            assertThat(journal.backlog()).isEqualTo(1);
        }
        assertThat(err.toString())
                .contains("Nothing was repaired: The data folder is in use")
                .contains("process id " + ProcessHandle.current().pid());
    }

    @Test
    void repairAndVerifySayThatAFolderStandsWhereASegmentBelongs() throws Exception {
        Path saved = Files.move(segment(), folder.resolve("saved.journal"));
        Files.createDirectory(segment());
        String sentence = "The audit journal cannot be read: " + segment()
                + ": a folder stands where the segment belongs. Move it away, then put the segment back or run: station"
                + " repair.";

        assertThat(execute("repair", "--data", data.toString())).isEqualTo(StationMain.FAILED);
        assertThat(err.toString()).isEqualToIgnoringNewLines("Nothing was repaired: " + sentence);
        assertThat(new DataFolder(data).journal()).isDirectoryNotContaining("glob:**/repair-*");
        assertThat(execute("verify", "--data", data.toString())).isEqualTo(VerifyCommand.NOT_SOUND);
        assertThat(out.toString()).contains(sentence);
        AuditSettings settings = AuditSettings.of(data, new StationIdentity("LINE-04-PC-12", "1.0.0"));
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> AuditJournal.open(settings, Clock.systemUTC()))
                .withMessage(sentence);

        Files.delete(segment());
        Files.move(saved, segment());
        assertThat(execute("repair", "--data", data.toString())).isEqualTo(StationMain.DONE);
    }

    @Test
    void repairSaysInASentenceWhatItCouldNotDo() throws Exception {
        damage();
        Path checkpoint = Files.createDirectories(new DataFolder(data).journal().resolve("checkpoint.cache"));
        Files.createFile(checkpoint.resolve("inside"));

        assertThat(execute("repair", "--data", data.toString())).isEqualTo(StationMain.FAILED);
        assertThat(err.toString().strip())
                .isEqualTo("The repair is not complete: " + checkpoint + ": a folder stands where a file belongs."
                        + REPEAT);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "a file that nobody can read from its beginning is there only")
    void repairSaysWhichSegmentTheDiskDoesNotGive() throws Exception {
        Files.delete(segment());
        Files.createSymbolicLink(segment(), Path.of("/proc/self/mem"));

        assertThat(execute("repair", "--data", data.toString())).isEqualTo(StationMain.FAILED);
        assertThat(err.toString().strip())
                .isEqualTo("The repair is not complete: " + segment() + ": Input/output error." + REPEAT);
    }

    @Test
    void exportSaysWhenItsOutputCannotBeWritten() {
        CommandLine line = StationMain.commandLine();
        line.setOut(new PrintWriter(new Writer() {
            @Override
            public void write(char[] signs, int from, int length) throws IOException {
                throw new IOException("No space left on device");
            }

            @Override
            public void flush() {
                // Nothing is kept back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        }));
        line.setErr(new PrintWriter(err, true));

        assertThat(line.execute("export", "--data", data.toString())).isEqualTo(StationMain.FAILED);
        assertThat(err.toString()).contains("The export is not complete");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "a file that is always full is there only")
    void exportSaysWhenTheDiskIsFull() {
        assertThat(execute("export", "--data", data.toString(), "--csv", "/dev/full"))
                .isEqualTo(StationMain.FAILED);
        assertThat(err.toString()).isEqualToIgnoringNewLines("The export is not complete: No space left on device");
    }
}
