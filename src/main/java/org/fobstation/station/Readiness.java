package org.fobstation.station;

import java.util.Optional;
import org.fobstation.outcome.Gate;

/** Whether the station may begin the next fob, and why not: the one gate that readers ask. Any thread may ask. */
final class Readiness implements Gate {

    private final Gate audit;

    /** @param audit the audit's own gate: journal, backlog, disk */
    Readiness(Gate audit) {
        this.audit = audit;
    }

    @Override
    public Optional<Hold> hold() {
        return audit.hold();
    }
}
