package org.fobstation.audit;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the KLMS takes audits, as far as the last posts tell. While it is known to be away, one post goes now and then
 * to see whether it is back; everything else waits for that one. Any thread may use it.
 */
final class KlmsReach {

    private static final Logger LOG = LoggerFactory.getLogger(KlmsReach.class);

    /** Statuses below 500 that say nothing of the record. */
    private static final Set<Integer> AWAY = Set.of(401, 403, 408, 429);

    private static final int FAILURES_TO_BE_AWAY = 2;
    private static final long FIRST_PROBE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    private final Clock clock;
    private Backoff backoff = new Backoff(FIRST_PROBE_MILLIS, LONGEST_PAUSE_MILLIS);
    private boolean away;
    private int failures;
    private String reason = "";
    private Instant since = Instant.EPOCH;
    private long probeAt;

    KlmsReach(Clock clock) {
        this.clock = clock;
    }

    /** Whether a failed post leaves it open what the KLMS says of the record: it is away, as a rule. */
    static boolean isAway(Exception cause) {
        return !(cause instanceof HttpOperationFailedException failed)
                || failed.getStatusCode() >= 500
                || AWAY.contains(failed.getStatusCode());
    }

    /** Whether a post failed for a reason that says nothing of the KLMS: the station's own. */
    static boolean isOfTheStation(Exception cause) {
        return cause instanceof ReplayTurn.Missed || cause instanceof JournalException;
    }

    /** How long to wait before probes. */
    synchronized void probeAfter(Backoff pauses) {
        backoff = pauses;
    }

    synchronized boolean isDown() {
        return away;
    }

    /** Milliseconds until the next probe may go; 0 if it may go now. */
    synchronized long untilProbe() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(probeAt - System.nanoTime()));
    }

    /** The KLMS took a record, or refused one for what it is. */
    synchronized void answered() {
        if (away) {
            LOG.info("The KLMS's audit side is back; it was away since {}", since);
        }
        away = false;
        failures = 0;
        backoff.reset();
    }

    /** A post failed that may have been one record's bad luck. */
    synchronized void failed(String why) {
        failures++;
        if (away || failures >= FAILURES_TO_BE_AWAY) {
            lost(why);
        }
    }

    /** Posts failed again and again. */
    synchronized void lost(String why) {
        if (!away) {
            since = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            LOG.warn("The KLMS's audit side is away: {}. From now on one post goes now and then", why);
        }
        away = true;
        reason = why;
        probeAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoff.next());
    }

    /** Why nothing is posted. */
    synchronized String describe() {
        return "not posted: the KLMS's audit side is away since " + since + ": " + reason;
    }
}
