package org.fobstation.audit;

/** Where a record stands on its way to the KLMS. */
public enum DeliveryState {
    /** In the outbox. */
    WAITING,
    /** Given up for now, to be replayed. */
    DEAD,
    /** The KLMS has it, or it stays here. */
    SETTLED,
    /** The journal holds no record of that number. */
    ABSENT
}
