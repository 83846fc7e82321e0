package org.fobstation.audit;

/** A run's end as the records say it. The audit body knows the first two words only. */
public enum AuditOutcome {
    SUCCESS,
    FAILURE,
    /** The fob may or may not have been changed; the body says FAILURE. */
    UNKNOWN
}
