package org.fobstation.outcome;

/** How a run ends for the operator. */
public enum Outcome {
    /** Done, and the record of it is on disk. */
    PASS,
    /** Nothing is lost: present the same fob again. */
    RETRY,
    /** The fob is bad: red bin. */
    FAIL,
    /** The station or its world is at fault: it stops, call maintenance. */
    HOLD
}
