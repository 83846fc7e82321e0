package org.fobstation.klms;

import java.util.Objects;
import org.fobstation.outcome.FailureCode;

/**
 * The key server gave no usable key package.
 *
 * @param code one of the KLMS_ codes; ROUTE_FAILED or STATION_FAULT where the request never became one
 * @param detail status, field or certificate that tells this case from others; never a value of the answer
 */
public record KlmsError(FailureCode code, String detail) implements KlmsAnswer {

    public KlmsError {
        Objects.requireNonNull(code);
        Objects.requireNonNull(detail);
    }
}
