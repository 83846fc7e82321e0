package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.reader.VirtualReader;
import org.fobstation.simulator.reader.VirtualSmartCardService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code check}: what it says of readers and fobs, and that it changes neither. */
class CheckCommandTest {

    private static final String PICC = "ACS ACR1252 1S CL Reader PICC 0";
    private static final String SAM = "ACS ACR1252 1S CL Reader SAM 0";

    @TempDir
    private Path folder;

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path config;

    @BeforeEach
    void configure() throws Exception {
        // No stores, no key server, no passwords: the readers are checked before any of them are there.
        config = Files.writeString(
                folder.resolve("station.properties"),
                "reader.1.id = LINE_04_READER_01\nreader.1.name = *PICC*\nreader.1.exclude = *SAM*\n");
    }

    private int check(String... arguments) {
        CommandLine line = new CommandLine(new CheckCommand(service));
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        all[0] = "--config";
        all[1] = config.toString();
        return line.execute(all);
    }

    @Test
    void saysWhoseEachReaderIs() {
        service.plugIn(PICC);
        service.plugIn(SAM);

        assertThat(check("--wait", "0")).isEqualTo(StationMain.DONE);
        assertThat(out.toString())
                .contains(PICC + "  ->  LINE_04_READER_01")
                .contains(SAM + "  ->  not used")
                .contains("LINE_04_READER_01  ok, " + PICC)
                .doesNotContain("Present a fob");
    }

    @Test
    void readsTheUidOfAFobAndSendsNothingElse() {
        VirtualReader reader = service.plugIn(PICC);
        VirtualFob fob = VirtualFob.builder().uid("04A1B2C3D4E5F6").build();
        reader.present(fob);

        assertThat(check()).isEqualTo(StationMain.DONE);
        assertThat(out.toString()).contains("Reader " + PICC + ", ATR 3B").contains("UID 04A1B2C3D4E5F6");
        assertThat(fob.received()).containsExactly("FFCA000000");
    }

    @Test
    void saysThatNoFobCame() {
        service.plugIn(PICC);

        assertThat(check("--wait", "1")).isEqualTo(StationMain.FAILED);
        assertThat(out.toString()).contains("No fob came");
    }

    @Test
    void saysThatAnotherProgramHoldsTheFob() {
        VirtualReader reader = service.plugIn(PICC);
        reader.present(VirtualFob.builder().uid("04A1B2C3D4E5F6").build());
        reader.takeByOtherProgram();

        assertThat(check()).isEqualTo(StationMain.FAILED);
        assertThat(out.toString()).contains("READER_IN_USE").contains("Close the other program");
    }

    @Test
    void saysWhichReaderIsMissing() {
        service.plugIn(SAM);

        assertThat(check("--wait", "0")).isEqualTo(StationMain.FAILED);
        assertThat(out.toString()).contains("LINE_04_READER_01  MISSING, no reader matches \"*PICC* without *SAM*\"");
    }

    @Test
    void saysThatThereIsNoService() {
        service.stopService();

        assertThat(check()).isEqualTo(StationMain.FAILED);
        assertThat(err.toString()).contains("E_NO_SERVICE").contains("pcscd");
    }

    @Test
    void refusesAWaitThatIsTooLong() {
        assertThat(check("--wait", "601")).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString()).contains("--wait is 0 to 600, not 601");
    }
}
