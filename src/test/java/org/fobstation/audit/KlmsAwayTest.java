package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The KLMS's audit side is away for many records and comes back. {@code -Dledger.away=N} for another number of records.
 */
class KlmsAwayTest {

    private static final int RECORDS = Integer.getInteger("ledger.away", 400);
    private static final int FOBS = 50;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @TempDir
    Path temp;

    @Test
    void holdsAtTheLimitAndDrainsInOrderOfEachFobAndNoneTwice() throws Exception {
        StubKlms klms = new StubKlms();
        try (AuditStation station = new AuditStation(temp.resolve("data"), klms)) {
            station.start();
            Gate gate = new AuditGate(
                    station.journal,
                    new AuditSettings(temp.resolve("data"), Runs.STATION, AuditSettings.SEGMENT_BYTES, RECORDS - 1, 0));
            klms.goAway();
            for (int i = 1; i <= RECORDS; i++) {
                assertThat(gate.hold()).isEmpty();
                String fob = "0411223344%04X".formatted(i % FOBS);
                long run = station.journal.begin(fob, Runs.READER);
                station.journal.intend(run, new Intent.Open("trx_" + i));
                station.journal.result(run, Runs.passed("trx_" + i, fob));
            }
            assertThat(gate.hold()).map(Gate.Hold::code).contains(FailureCode.BACKLOG_FULL);
            await().atMost(LONGEST).until(() -> station.journal.undelivered(1).isEmpty());
            int whileAway = klms.posts().size();

            long start = System.nanoTime();
            klms.comeBack();
            await().atMost(LONGEST).until(() -> station.journal.backlog() == 0);
            double seconds = (System.nanoTime() - start) / 1e9;

            Map<String, List<Long>> byFob = new HashMap<>();
            for (StubKlms.Post post : klms.takenInOrderOfArrival()) {
                String fob = RecordJson.text(RecordJson.MAPPER.readTree(post.body()), "fob_uid");
                byFob.computeIfAbsent(fob, none -> new ArrayList<>()).add(post.sequence());
            }
            System.out.printf(
                    "KLMS away for %d records of %d fobs: %d posts while away, drained in %.1f s, %.0f a second%n",
                    RECORDS, FOBS, whileAway, seconds, RECORDS / seconds);
            assertThat(klms.takenInOrderOfArrival()).hasSize(RECORDS);
            assertThat(klms.posts().size() - whileAway).isLessThanOrEqualTo(RECORDS + 3);
            assertThat(byFob.values())
                    .allSatisfy(sequences -> assertThat(sequences).isSorted());
            assertThat(gate.hold()).isEmpty();
            await().atMost(LONGEST).until(() -> station.deadLetters().isEmpty());
            assertThat(station.files(station.folder.archive())).hasSize(RECORDS);
        }
    }

    /** The replay on an interval comes in between. */
    @Test
    void noneOvertakesAnOlderOneOfItsFobWhileTheyAreDrained() throws Exception {
        StubKlms klms = new StubKlms();
        try (AuditStation station = new AuditStation(temp.resolve("data"), klms)) {
            station.openJournal();
            for (int i = 1; i <= 40; i++) {
                Runs.pass(station.journal, "trx_" + i);
                station.journal.settle(i, new Settlement.Dead("away", 0, false));
            }
            station.replayFirst = "1";
            station.replayInterval = "10";
            station.startRoutes();
            await().until(() -> station.journal.backlog() == 0);

            assertThat(klms.posts())
                    .extracting(StubKlms.Post::sequence)
                    .isSorted()
                    .hasSize(40);
        }
    }
}
