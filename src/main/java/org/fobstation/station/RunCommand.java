package org.fobstation.station;

import java.util.concurrent.Callable;
import org.fobstation.pcsc.NativeSmartCardService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: the station, until the process is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Watches the readers and provisions every fob presented. Prints READY when the readers are watched.")
final class RunCommand implements Callable<Integer> {

    @Mixin
    private StationFiles files;

    @Override
    public Integer call() throws Exception {
        CoreDumps.forbid();
        StationSettings settings = files.settings();
        OperatorConsole console = new OperatorConsole(System.out);
        try (Station station = Station.start(settings, new NativeSmartCardService(), console)) {
            station.awaitStop();
        }
        return StationMain.DONE;
    }
}
