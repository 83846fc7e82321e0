package org.fobstation.station;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.fobstation.pcsc.SmartCardService;
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

    private final Supplier<SmartCardService> cards;

    /** @param cards this machine's PC/SC service, or a stand-in for it */
    RunCommand(Supplier<SmartCardService> cards) {
        this.cards = cards;
    }

    @Override
    public Integer call() throws Exception {
        CoreDumps.forbid();
        StationSettings settings = files.settings();
        OperatorConsole console = new OperatorConsole(System.out);
        try (Station station = Station.start(settings, cards.get(), console)) {
            station.awaitStop();
        }
        return StationMain.DONE;
    }
}
