package org.fobstation.station;

import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.fobstation.klms.KlmsConnection;

/** Adds the key server's clients and its one Java route before the YAML routes load. */
final class KlmsRoutes extends MainListenerSupport {

    private final KlmsConnection klms;

    KlmsRoutes(KlmsConnection klms) {
        this.klms = klms;
    }

    @Override
    public void beforeConfigure(BaseMainSupport main) {
        try {
            klms.addTo(main.getCamelContext());
        } catch (Exception e) {
            throw new IllegalStateException("the route to the key server cannot be made: " + e.getMessage(), e);
        }
    }
}
