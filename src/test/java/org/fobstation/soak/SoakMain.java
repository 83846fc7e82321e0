package org.fobstation.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.fobstation.pcsc.ShortPoll;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.ReceivedAudit;
import org.fobstation.simulator.pki.TestPki;
import org.fobstation.simulator.reader.PcscDaemon;
import org.fobstation.simulator.reader.VpcdSlot;

/**
 * The packed station as a process of its own, two readers through pcscd, presentations with faults: is any fob missed or
 * served twice, and does the process grow? {@code ./mvnw -q -Psoak [-Dsoak.minutes=10] [-Dsoak.fobs=2000]
 * [-Dsoak.poll=short|installed]}. Prints a table, and exits with 1 if the answer is yes. Linux, with pcscd and
 * vsmartcard-vpcd.
 *
 * <p>pcscd looks for fobs every 400 ms, and a presentation takes two looks, so that 1,000 on a reader need 800 s. Where no
 * pcscd runs, one is started that looks every 20 ms; what this shows is no latency.
 */
final class SoakMain {

    private static final int MINUTES = Integer.getInteger("soak.minutes", 10);
    private static final int PRESENTATIONS = Integer.getInteger("soak.fobs", 2000);
    private static final boolean SHORT = !"installed".equals(System.getProperty("soak.poll"));
    private static final int SAMPLES = 20;
    private static final Duration DAEMON_START = Duration.ofSeconds(10);

    private SoakMain() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("soak");
        TestPki pki = TestPki.create();
        Map<String, String> poll = SHORT ? ShortPoll.environment(folder) : Map.of();
        boolean passed;
        try (PcscDaemon daemon = PcscDaemon.running(
                        List.of(VpcdSlot.DEFAULT_PORT, VpcdSlot.DEFAULT_PORT + 1), DAEMON_START, poll);
                EmbeddedKlms klms = EmbeddedKlms.start(pki);
                SoakStation station = SoakStation.start(folder, klms, pki.writeStationStores(folder))) {
            System.out.println("soak: " + PRESENTATIONS + " presentations in " + MINUTES + " min, "
                    + SoakOperator.FAULT_PERCENT + " % faults, two readers, "
                    + pcscd(daemon.startedHere(), !poll.isEmpty()));
            passed = run(station, klms);
        }
        System.exit(passed ? 0 : 1);
    }

    private static String pcscd(boolean ours, boolean shortened) {
        if (!ours) {
            return "the pcscd that runs";
        }
        return "a pcscd of this run that looks for fobs every " + (shortened ? "20 ms" : "400 ms");
    }

    private static boolean run(SoakStation station, EmbeddedKlms klms) throws Exception {
        List<SoakOperator> operators = new ArrayList<>();
        Duration pace =
                Duration.ofMinutes(MINUTES).multipliedBy(SoakStation.READERS).dividedBy(PRESENTATIONS);
        for (int reader = 0; reader < SoakStation.READERS; reader++) {
            operators.add(new SoakOperator(reader, PRESENTATIONS / SoakStation.READERS, pace, station, klms));
        }
        long begin = System.nanoTime();
        operators.forEach(SoakOperator::start);
        List<SoakSample> samples = sampleUntilDone(station, operators, begin);
        long last = operators.stream().mapToLong(SoakOperator::lastNanos).max().orElseThrow();

        List<String> wrong = new ArrayList<>(station.wrong());
        operators.forEach(operator -> wrong.addAll(operator.wrong()));
        int presented = presented(operators);
        station.awaitAudits(klms, presented);
        List<ReceivedAudit> audits = klms.audits();
        if (audits.size() != presented) {
            wrong.add(audits.size() + " records at the key server, not " + presented);
        }
        System.out.println();
        System.out.println(presented + " presentations in " + TimeUnit.NANOSECONDS.toSeconds(last - begin) + " s, "
                + operators.stream().mapToInt(SoakOperator::torn).sum() + " of them torn away; " + station.outcomes()
                + " outcomes shown, " + audits.size() + " records at the key server; " + wrong.size() + " wrong");
        wrong.forEach(what -> System.out.println("! " + what));
        return SoakSample.isFlat(samples) && wrong.isEmpty();
    }

    private static int presented(List<SoakOperator> operators) {
        return operators.stream().mapToInt(SoakOperator::presented).sum();
    }

    private static List<SoakSample> sampleUntilDone(SoakStation station, List<SoakOperator> operators, long begin)
            throws IOException, InterruptedException {
        List<SoakSample> samples = new ArrayList<>();
        long pause = Math.max(5, TimeUnit.MINUTES.toSeconds(MINUTES) / SAMPLES);
        System.out.println();
        System.out.println(SoakSample.HEADER);
        while (operators.stream().anyMatch(SoakOperator::isAlive)) {
            TimeUnit.SECONDS.sleep(pause);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
            SoakSample sample = SoakSample.of(station.pid(), seconds, presented(operators));
            samples.add(sample);
            System.out.println(sample);
        }
        return samples;
    }
}
