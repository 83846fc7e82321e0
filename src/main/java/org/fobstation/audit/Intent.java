package org.fobstation.audit;

import java.util.List;
import java.util.Objects;
import org.fobstation.apdu.ApduTrace;
import org.fobstation.outcome.Stage;

/** What a run is about to do to the fob. Written and forced to disk before the first command of it. */
public sealed interface Intent {

    /** How the journal names it. */
    String kind();

    /** The stage this intent begins, in which the run was if nothing later is known. */
    Stage stage();

    /** What went over the air before, oldest first. */
    List<ApduTrace.Entry> trace();

    /** INITIALIZE UPDATE comes next. Nothing of the fob is changed yet. */
    record Open(String transactionId) implements Intent {

        public Open {
            Objects.requireNonNull(transactionId);
        }

        @Override
        public String kind() {
            return "OPEN";
        }

        @Override
        public Stage stage() {
            return Stage.INITIALIZE_UPDATE;
        }

        @Override
        public List<ApduTrace.Entry> trace() {
            return List.of();
        }
    }

    /** The payload comes next. */
    record Payload(List<ApduTrace.Entry> trace) implements Intent {

        public Payload {
            trace = List.copyOf(trace);
        }

        @Override
        public String kind() {
            return "PAYLOAD";
        }

        @Override
        public Stage stage() {
            return Stage.PAYLOAD_DELIVERY;
        }
    }

    /** A step of the lock comes next, named as {@code lock.policy} names it. */
    record Lock(String step, List<ApduTrace.Entry> trace) implements Intent {

        public Lock {
            Objects.requireNonNull(step);
            trace = List.copyOf(trace);
        }

        @Override
        public String kind() {
            return "LOCK:" + step;
        }

        @Override
        public Stage stage() {
            return Stage.ISD_LOCK;
        }
    }
}
