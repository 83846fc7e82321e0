package org.fobstation.station;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.fobstation.audit.DataFolder;
import org.fobstation.audit.DataRepair;
import org.fobstation.audit.JournalException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code repair}: makes a damaged data folder usable again. */
@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description =
                "Makes a damaged journal usable again and writes missing files of the archive anew. Only while the"
                        + " station is stopped. Nothing is discarded: what is replaced is kept beside.")
final class RepairCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        DataFolder folder = data.folder();
        try {
            List<String> done = DataRepair.repair(folder, System.getProperty("user.name"), Clock.systemUTC());
            done.forEach(out::println);
            out.println(done.isEmpty() ? "Nothing had to be repaired." : "Repaired. Prove it with: station verify");
            return StationMain.DONE;
        } catch (JournalException e) {
            spec.commandLine().getErr().println("Nothing was repaired: " + e.getMessage());
            return StationMain.FAILED;
        } catch (IOException e) {
            return notComplete(folder, e);
        } catch (UncheckedIOException e) {
            return notComplete(folder, e.getCause());
        }
    }

    private int notComplete(DataFolder folder, IOException e) {
        spec.commandLine()
                .getErr()
                .println("The repair is not complete: " + CommandFailures.sentence(e, folder.root())
                        + ". Check disk, path and permissions, then run it again: what it replaces is kept.");
        return StationMain.FAILED;
    }
}
