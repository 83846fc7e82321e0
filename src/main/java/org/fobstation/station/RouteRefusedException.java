package org.fobstation.station;

/** A route wants to use what it may not. Thrown while endpoints and classes are made, at the start and later. */
final class RouteRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RouteRefusedException(RoutePolicy.Refusal refusal) {
        super(refusal.reason() + ". " + refusal.remedy() + ".");
    }
}
