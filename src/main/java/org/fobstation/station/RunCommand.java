package org.fobstation.station;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.fobstation.pcsc.NativeSmartCardService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run}: the station, until the process is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Watches the readers and provisions every fob presented. Prints READY when the readers are watched.")
final class RunCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration. Without it: config/station.properties in the station's folder.")
    private Path config;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "The station's folder, where relative paths of the configuration start. Without it: the jar's.")
    private Path home;

    @Override
    public Integer call() throws Exception {
        Path folder = home == null ? StationHome.find() : home.toAbsolutePath().normalize();
        Path file = config == null ? folder.resolve("config").resolve("station.properties") : config.toAbsolutePath();
        StationSettings settings = StationSettings.load(file, System.getenv(), folder);
        OperatorConsole console = new OperatorConsole(System.out);
        try (Station station = Station.start(settings, new NativeSmartCardService(), console)) {
            station.awaitStop();
        }
        return StationMain.DONE;
    }
}
