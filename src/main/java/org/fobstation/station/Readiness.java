package org.fobstation.station;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.fobstation.pcsc.ReaderStatus;
import org.fobstation.pcsc.WatchStatus;

/**
 * Whether the station may begin the next fob, and why not. As the gate that readers ask it speaks for the station as a
 * whole: one reader that is missing or stuck does not hold the others. {@link #report()} tells of the readers too. Any
 * thread may ask.
 */
final class Readiness implements Gate {

    /** How the station stands. */
    enum State {
        /** Every configured reader serves fobs. */
        READY,
        /** Something needs a person: no fob is begun, or not on every reader. */
        HOLD,
        /** No reader can serve a fob: the PC/SC service is away, or every reader is. */
        DOWN
    }

    /**
     * How the station stands, and why.
     *
     * @param reasons each with its code, which gives sentence and remedy; empty if READY
     * @param readers every configured reader
     * @param warnings what needs a person soon and stops nothing now
     */
    record Report(State state, List<Hold> reasons, List<ReaderStatus> readers, List<String> warnings) {}

    private final List<Gate> gates;
    private final Supplier<WatchStatus> readers;
    private final Supplier<List<String>> warnings;

    /**
     * @param gates what may hold the station, the most pressing first
     * @param readers what is watched now
     * @param warnings of the way to the key server
     */
    Readiness(List<Gate> gates, Supplier<WatchStatus> readers, Supplier<List<String>> warnings) {
        this.gates = List.copyOf(gates);
        this.readers = readers;
        this.warnings = warnings;
    }

    @Override
    public Optional<Hold> hold() {
        return holds().findFirst();
    }

    private Stream<Hold> holds() {
        return gates.stream().map(Gate::hold).flatMap(Optional::stream);
    }

    Report report() {
        WatchStatus watched = readers.get();
        List<Hold> reasons = holds().collect(Collectors.toCollection(ArrayList::new));
        switch (watched.service()) {
            case LOST -> reasons.add(new Hold(FailureCode.SERVICE_LOST, watched.fault()));
            case IDLE, STARTING ->
                reasons.add(new Hold(FailureCode.STATION_STARTING, "the readers were not looked for yet"));
            case UP ->
                watched.readers().stream()
                        .filter(reader -> !reader.isServing())
                        .map(Readiness::reason)
                        .forEach(reasons::add);
        }
        boolean down = watched.service() != WatchStatus.Service.UP
                || watched.readers().stream().noneMatch(ReaderStatus::isServing);
        return new Report(
                down ? State.DOWN : reasons.isEmpty() ? State.READY : State.HOLD,
                List.copyOf(reasons),
                watched.readers(),
                warnings.get());
    }

    private static Hold reason(ReaderStatus reader) {
        return new Hold(
                reader.stuck() ? FailureCode.READER_STUCK : FailureCode.READER_LOST,
                reader.readerId() + ": " + reader.detail());
    }
}
