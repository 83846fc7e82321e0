package org.fobstation.station;

/** The station cannot start although its settings can be read. The message says what, where, why and the remedy. */
public final class StationStartException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    StationStartException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
