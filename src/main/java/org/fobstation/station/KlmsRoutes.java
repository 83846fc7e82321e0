package org.fobstation.station;

import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.fobstation.klms.KlmsConnection;

/** Before the YAML routes load: how placeholders are filled, the key server's clients and its one Java route. */
final class KlmsRoutes extends MainListenerSupport {

    private final KlmsConnection klms;
    private final RoutePolicy policy;

    KlmsRoutes(KlmsConnection klms, RoutePolicy policy) {
        this.klms = klms;
        this.policy = policy;
    }

    @Override
    public void beforeConfigure(BaseMainSupport main) {
        // The settings have taken the environment into account already, and have turned it into what Camel reads: an
        // environment variable must not come in a second time, as it was written.
        PropertiesComponent properties =
                (PropertiesComponent) main.getCamelContext().getPropertiesComponent();
        properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
        properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
        try {
            klms.addTo(main.getCamelContext());
        } catch (Exception e) {
            throw new IllegalStateException("the route to the key server cannot be made: " + e.getMessage(), e);
        }
        // From here on, so that of all endpoints only the one just made leads to where keys are.
        EndpointGuard.into(main.getCamelContext(), policy);
    }
}
