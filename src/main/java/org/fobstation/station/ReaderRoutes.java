package org.fobstation.station;

import java.util.List;
import org.apache.camel.builder.RouteBuilder;

/** Makes one route for each configured reader from the template {@code provision-fob} of the site's YAML. */
final class ReaderRoutes extends RouteBuilder {

    /** The template's id in {@code routes/provision.yaml}. */
    static final String TEMPLATE = "provision-fob";

    private final List<ReaderSettings> readers;

    ReaderRoutes(List<ReaderSettings> readers) {
        this.readers = List.copyOf(readers);
    }

    @Override
    public void configure() {
        for (ReaderSettings reader : readers) {
            templatedRoute(TEMPLATE)
                    .routeId("provision-" + reader.id())
                    .parameter("reader", reader.id())
                    .parameter("name", reader.name())
                    .parameter("exclude", reader.exclude());
        }
    }
}
