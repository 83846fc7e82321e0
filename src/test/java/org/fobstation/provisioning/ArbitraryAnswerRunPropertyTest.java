package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.statistics.Statistics;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.scp03.AnswerMonitor;
import org.fobstation.scp03.ArbitraryAnswer;
import org.fobstation.scp03.SecurityLevel;
import org.fobstation.simulator.fob.VirtualFob;

/**
 * A fob that answers anything at all, from any command of a run on: the run ends in a failure that a fob can cause, is
 * recorded, leaves no key behind, and sends nothing after a failed check.
 */
class ArbitraryAnswerRunPropertyTest {

    private static final int MOST_ANSWERS = 6;

    /** What a fob may do to a run. Anything else would say that the station, its disk or the KLMS is at fault. */
    private static final Set<FailureCode> FROM_A_FOB = EnumSet.of(
            FailureCode.FOB_REMOVED,
            FailureCode.FOB_REMOVED_HALF_DONE,
            FailureCode.ISD_NOT_FOUND,
            FailureCode.CARD_LOCKED,
            FailureCode.SCP03_NOT_SUPPORTED,
            FailureCode.KEY_SET_NOT_FOUND,
            FailureCode.KEYS_BLOCKED,
            FailureCode.COUNTER_EXHAUSTED,
            FailureCode.TRIES_LEFT,
            FailureCode.CARD_CRYPTOGRAM_MISMATCH,
            FailureCode.CARD_ANSWER_INVALID,
            FailureCode.MEMORY_FAILURE,
            FailureCode.COMMAND_REFUSED,
            FailureCode.PAYLOAD_REFUSED,
            FailureCode.CARD_MEMORY_FULL,
            FailureCode.LIFE_CYCLE_UNEXPECTED,
            FailureCode.LOCK_REFUSED,
            FailureCode.LOCK_NOT_PROVED,
            FailureCode.HOST_CRYPTOGRAM_REFUSED,
            FailureCode.RESPONSE_MAC_INVALID,
            FailureCode.SECURE_MESSAGING_LOST,
            FailureCode.COMMAND_NOT_UNDERSTOOD,
            FailureCode.SCP02_CARD,
            FailureCode.FACTORY_KEYS,
            FailureCode.OTHER_KEY_SETS,
            FailureCode.KEY_SETS_NOT_LISTED,
            FailureCode.KEY_SET_REPLACED,
            FailureCode.ROTATION_REFUSED,
            FailureCode.ROTATION_KCV_WRONG,
            FailureCode.ROTATION_NOT_SHOWN,
            FailureCode.ROTATION_INCOMPLETE,
            FailureCode.ROTATION_NOT_PROVED);

    private static final FuzzedStation STATION = new FuzzedStation(SecurityLevel.LEVEL_33, "secured, rotate-keys");

    /** How many commands a run with a good fob sends. */
    private static final int GOOD_RUN = commandsOfAGoodRun();

    /**
     * @param genuine how many commands the fob answers as it should
     * @param answers what comes then, until the fob is gone
     */
    record Presentation(int genuine, List<ArbitraryAnswer> answers) {}

    /** Whoever provisions the fob. */
    interface Provisioner {
        FuzzedStation.Ended run(ApduTransport fob) throws IOException;
    }

    @AfterContainer
    static void close() throws IOException {
        STATION.close();
    }

    @Provide
    Arbitrary<Presentation> presentations() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, GOOD_RUN - 1),
                        ArbitraryAnswer.any().list().ofMinSize(1).ofMaxSize(MOST_ANSWERS))
                .as(Presentation::new);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void endsInAFailureOfTheFobAndSendsNothingAfterAFailedCheck(@ForAll("presentations") Presentation presentation)
            throws IOException {
        Provisioner counted = fob -> {
            FuzzedStation.Ended ended = STATION.run(fob);
            Statistics.label("stage reached").collect(ended.report().stageReached());
            return ended;
        };
        assertThat(violation(counted, presentation)).isEmpty();
    }

    private static int commandsOfAGoodRun() {
        VirtualFob fob = FuzzedStation.fob();
        try {
            assertThat(STATION.run(fob::transmit).report().outcome()).isEqualTo(Outcome.PASS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fob.received().size();
    }

    /** What was wrong about a run; empty if nothing. */
    private static Optional<String> violation(Provisioner station, Presentation presentation) throws IOException {
        AnswerMonitor monitor =
                new AnswerMonitor(FuzzedStation.fob()::transmit, true, presentation.genuine(), presentation.answers());
        FuzzedStation.Ended ended;
        try {
            ended = station.run(monitor);
        } catch (RuntimeException leaked) {
            return Optional.of("an exception left the run: " + leaked);
        }
        if (monitor.endsHere() && ended.report().outcome() == Outcome.PASS) {
            return Optional.of("PASS on an answer that proves nothing");
        }
        FailureCode code =
                ended.report().failure().map(failure -> failure.code()).orElse(null);
        if (code != null && !FROM_A_FOB.contains(code)) {
            return Optional.of("the fob caused " + ended.report().failure());
        }
        if (!ended.wiped()) {
            return Optional.of("keys were left behind");
        }
        if (monitor.sent() > GOOD_RUN + MOST_ANSWERS) {
            return Optional.of(monitor.sent() + " commands were sent");
        }
        return Optional.ofNullable(monitor.violation());
    }

    private boolean isFound(Provisioner station) {
        return presentations().sampleStream().limit(2_000).anyMatch(presentation -> {
            try {
                return violation(station, presentation).isPresent();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A property that cannot fail proves nothing. */
    @Example
    void findsAStationThatForgetsTheRMac() throws IOException {
        try (FuzzedStation forgetful = new FuzzedStation(SecurityLevel.LEVEL_03, "secured")) {
            assertThat(isFound(forgetful::run)).isTrue();
        }
    }

    @Example
    void findsAStationThatPresentsTheFobToItselfAgain() {
        assertThat(isFound(fob -> {
                    FuzzedStation.Ended first = STATION.run(fob);
                    return first.report().outcome() == Outcome.PASS ? first : STATION.run(fob);
                }))
                .isTrue();
    }
}
