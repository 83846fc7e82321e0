package org.fobstation.simulator.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.LifeCycle;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Kdf3;
import org.fobstation.station.OperatorConsole;
import org.fobstation.station.Station;
import org.fobstation.station.StationCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: presents virtual fobs one after another to a whole station. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Provisions virtual fobs with an embedded key server over mutual TLS.")
public final class DemoCommand implements StationCommand {

    private static final Duration LONGEST_RUN = Duration.ofSeconds(30);
    private static final Duration LONGEST_DELIVERY = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(20);

    @Option(names = "--fobs", paramLabel = "N", defaultValue = "20", description = "How many; without it 20.")
    private int fobs;

    @Option(
            names = "--readers",
            paramLabel = "KIND",
            defaultValue = "virtual",
            description = "virtual: in this process. pcsc: the real PC/SC stack with vpcd. Without it: virtual.")
    private DemoReader.Kind readers;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws Exception {
        if (fobs < 1 || fobs > 100_000) {
            System.err.println("--fobs is 1 to 100000, not " + fobs);
            return 2;
        }
        Path home = Path.of(System.getProperty("station.home"));
        try (DemoReader reader = DemoReader.open(readers);
                DemoSite site = DemoSite.create(home);
                EmbeddedKlms klms = EmbeddedKlms.start(site.pki())) {
            return present(reader, site, klms) ? 0 : 1;
        } catch (DemoFailedException | IOException e) {
            String what = e instanceof DemoFailedException ? e.getMessage() : e + ". May you write in " + home + "?";
            System.err.println("The demo cannot go on: " + what);
            return 1;
        }
    }

    private boolean present(DemoReader reader, DemoSite site, EmbeddedKlms klms) throws Exception {
        out.printf(
                "%d virtual fobs on %s through %s%nkey server %s, mutual TLS%n%n",
                fobs, reader.slot().readerName(), reader.service().description(), klms.url());
        DemoDisplay display = new DemoDisplay(new OperatorConsole(out));
        List<VirtualFob> presented = new ArrayList<>();
        Station station = Station.start(site.settings(klms, reader.slot().readerName()), reader.service(), display);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(station, site), "stop"));
        try {
            display.awaitWatching(LONGEST_RUN);
            for (int i = 0; i < fobs; i++) {
                VirtualFob fob = fob(klms);
                presented.add(fob);
                reader.slot().present(fob);
                display.await(LONGEST_RUN);
                reader.slot().remove();
                display.awaitRemoval(LONGEST_RUN);
            }
            await(() -> klms.audits().size() >= fobs && archived(site) >= fobs);
        } finally {
            station.close();
        }
        DemoSummary summary = new DemoSummary(
                fobs,
                display.reports(),
                (int) presented.stream().filter(fob -> isDone(fob, klms)).count(),
                klms.audits().size(),
                DemoSummary.filesIn(site.archive()),
                site.archive());
        summary.print(out);
        return summary.isComplete();
    }

    /** Ctrl-C: no fob is left half done, and no private key is left behind. */
    private static void interrupted(Station station, DemoSite site) {
        station.close();
        try {
            site.close();
        } catch (IOException e) {
            System.err.println("The demo's stores could not be deleted: " + e);
        }
    }

    /** A fob fresh from the factory that holds the keys which the key server will issue for it. */
    private static VirtualFob fob(EmbeddedKlms klms) {
        byte[] uid = new byte[7];
        ThreadLocalRandom.current().nextBytes(uid);
        uid[0] = 0x04; // NXP
        String hex = HexFormat.of().withUpperCase().formatHex(uid);
        Kdf3.Keys keys = klms.fobKeys().keysOf(hex);
        return VirtualFob.builder()
                .uid(hex)
                .keySet(klms.keyVersion(), new CardKeys(keys.enc(), keys.mac(), keys.dek()))
                .build();
    }

    private static boolean isDone(VirtualFob fob, EmbeddedKlms klms) {
        String payload = HexFormat.of().withUpperCase().formatHex(klms.payloadOf(fob.uid()));
        boolean stored = fob.storedData().stream()
                .anyMatch(data -> data.hex().toUpperCase(Locale.ROOT).equals(payload));
        boolean rotated = !fob.keyVersions().contains(klms.keyVersion());
        return stored && rotated && fob.lifeCycle() == LifeCycle.SECURED;
    }

    private static long archived(DemoSite site) {
        try {
            return DemoSummary.filesIn(site.archive());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Delivery goes on behind the operator's back; the summary waits for it, but not for ever. */
    private static void await(BooleanSupplier delivered) throws InterruptedException {
        long end = System.nanoTime() + LONGEST_DELIVERY.toNanos();
        while (!delivered.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(LOOK.toMillis());
        }
    }
}
