package org.fobstation.provisioning;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.fobstation.klms.KlmsAnswer;

/**
 * Joins the run with what the key server answered, in the route's {@code enrich} step. The body stays the run; the
 * answer never becomes a body of the main route.
 */
public final class KeyPackageIntoRun implements AggregationStrategy {

    /** @throws IllegalStateException if the enrich step brought anything but a KLMS answer */
    @Override
    public Exchange aggregate(Exchange original, Exchange resource) {
        ProvisioningRun run = original.getMessage().getBody(ProvisioningRun.class);
        if (run == null) {
            throw new IllegalStateException("the body before the enrich step is no run; begin must come first");
        }
        Object answer = resource == null ? null : resource.getMessage().getBody();
        if (!(answer instanceof KlmsAnswer klmsAnswer)) {
            throw new IllegalStateException("direct:key-package gave "
                    + (answer == null ? "nothing" : answer.getClass().getSimpleName()) + ", not a KLMS answer");
        }
        run.accept(klmsAnswer);
        return original;
    }
}
