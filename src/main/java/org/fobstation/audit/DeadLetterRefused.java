package org.fobstation.audit;

/** A file among the dead letters is not one of this station's. The message says why, in a sentence. */
public final class DeadLetterRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Ticket ticket;

    DeadLetterRefused(Ticket ticket) {
        super(ticket.reason());
        this.ticket = ticket;
    }

    /** What was refused. */
    Ticket ticket() {
        return ticket;
    }
}
