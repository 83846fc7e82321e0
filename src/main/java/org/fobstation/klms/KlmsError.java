package org.fobstation.klms;

import java.util.Objects;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.OneLine;

/**
 * The key server gave no usable key package.
 *
 * @param code one of the KLMS_ codes; ROUTE_FAILED or STATION_FAULT where the request never became one
 * @param detail status, field or certificate that tells this case from others; never a value of the answer. Made one
 *     line of at most 300 signs, all of which are seen: certificates are a server's own words
 */
public record KlmsError(FailureCode code, String detail) implements KlmsAnswer {

    private static final int DETAIL_MAX = 300;

    public KlmsError {
        Objects.requireNonNull(code);
        detail = OneLine.of(detail, DETAIL_MAX);
    }
}
