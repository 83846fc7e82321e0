package org.fobstation.outcome;

import java.util.Objects;

/**
 * One failure: which, where, and the detail that tells this case from others.
 *
 * @param stage where the run was
 * @param detail a few words with status word, field or code; never a key, a payload or a secret; may be empty. Whoever
 *     wrote it: it is made one line of at most {@link #DETAIL_MAX} signs, all of which are seen
 */
public record Failure(FailureCode code, Stage stage, String detail) {

    /** Longest detail, in signs. */
    public static final int DETAIL_MAX = 500;

    public Failure {
        Objects.requireNonNull(code);
        Objects.requireNonNull(stage);
        detail = OneLine.of(detail, DETAIL_MAX);
    }

    public Outcome outcome() {
        return code.outcome();
    }

    /** Sentence and detail in one line. */
    public String describe() {
        return detail.isEmpty() ? code.sentence() : code.sentence() + " (" + detail + ")";
    }
}
