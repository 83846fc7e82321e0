package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line: what it takes, and what it says of what it cannot use. */
class StationMainTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void asksForACommand() {
        assertThat(execute()).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString()).contains("Name a command").contains("run").contains("replay");
    }

    @Test
    void refusesAnUnknownCommand() {
        assertThat(execute("provision")).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString()).contains("provision");
    }

    @Test
    void saysWhatIsWrongLastAndWhereToRead() {
        assertThat(execute("check", "--wait", "x")).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString().lines())
                .containsExactly("Invalid value for option '--wait': 'x' is not an int", "Try: station check --help");
    }

    @Test
    void suggestsTheOptionThatWasMeant() {
        assertThat(execute("--versoin")).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString()).contains("Unknown option: '--versoin'", "--version", "Try: station --help");
    }

    @Test
    void tellsItsVersion() {
        assertThat(execute("--version")).isEqualTo(StationMain.DONE);
        assertThat(out.toString()).startsWith("Fob station");
    }

    @Test
    void findsTheDemoBesideIt() {
        assertThat(execute("demo", "--help")).isEqualTo(StationMain.DONE);
        assertThat(out.toString()).contains("--fobs").contains("--readers");
    }

    @Test
    void namesEveryProblemOfTheConfiguration() throws Exception {
        Path config = Files.writeString(folder.resolve("station.properties"), "station.id = A\nlock.policy = maybe\n");

        assertThat(execute("run", "--config", config.toString())).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString())
                .contains("The station does not start")
                .contains(config + " line 2: lock.policy is refused: 'maybe' is no step")
                .contains("klms.url is not set");
    }

    @Test
    void saysThatNoStationHasRunOnAFolder() throws Exception {
        Path config =
                Files.writeString(folder.resolve("station.properties"), "data.dir = " + folder.resolve("nowhere"));

        assertThat(execute("replay", "--config", config.toString())).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString()).contains("no station has run on this folder").contains("data.dir");
    }

    private int execute(String... arguments) {
        CommandLine line = StationMain.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
