package org.fobstation.outcome;

import java.util.Optional;

/** Asked before every fob: may the next run begin? Any thread may ask at any time; answers at once. */
@FunctionalInterface
public interface Gate {

    /** Always open; for tests and for a consumer used without a station. */
    Gate OPEN = Optional::empty;

    /** Why the station is stopped; empty if the next run may begin. */
    Optional<Hold> hold();

    /**
     * A stopped station.
     *
     * @param code what stopped it; gives sentence and remedy
     * @param detail what tells this case from others, may be empty
     * @param remedy what to do about it
     */
    record Hold(FailureCode code, String detail, String remedy) {

        /** With the code's own remedy. */
        public Hold(FailureCode code, String detail) {
            this(code, detail, code.remedy());
        }
    }
}
