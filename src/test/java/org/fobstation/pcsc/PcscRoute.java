package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.fobstation.outcome.Gate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A route from {@code pcsc:} on a service whose readers and fobs the test moves. */
@Timeout(60)
abstract class PcscRoute {

    static final String PICC = "ACS ACR1252 1S CL Reader PICC 0";
    static final String OTHER = "HID Global OMNIKEY 5022 0";
    static final String UID = "04A1B2C3D4E5F6";
    static final String OTHER_UID = "04112233445566";
    static final Duration PATIENCE = Duration.ofSeconds(10);

    final FakeSmartCardService service = new FakeSmartCardService().plugIn(PICC);
    final ListenerLog listener = new ListenerLog();
    final BlockingQueue<PresentedFob> fobs = new LinkedBlockingQueue<>();
    final DefaultCamelContext camel = new DefaultCamelContext();
    volatile Optional<Gate.Hold> hold = Optional.empty();
    volatile Step step = exchange -> {};

    /** What the route does with a fob. */
    @FunctionalInterface
    interface Step {
        void run(Exchange exchange) throws Exception;
    }

    @BeforeEach
    void bind() {
        camel.getRegistry().bind("service", service);
        camel.getRegistry().bind("gate", (Gate) () -> hold);
        camel.getRegistry().bind("listener", listener);
        camel.getShutdownStrategy().setTimeout(20);
    }

    @AfterEach
    void stop() {
        camel.stop();
        assertThat(service.openContexts()).isZero();
    }

    void start(String... uris) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String uri : uris) {
                    from(uri).routeId(uri.replaceAll("pcsc:(\\w+).*", "$1")).process(exchange -> {
                        fobs.add(exchange.getIn().getBody(PresentedFob.class));
                        step.run(exchange);
                    });
                }
            }
        });
        camel.start();
        await().atMost(PATIENCE).until(() -> component().isWatching());
    }

    PcscComponent component() {
        return camel.getComponent("pcsc", PcscComponent.class);
    }

    PresentedFob nextFob() throws InterruptedException {
        PresentedFob fob = fobs.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(fob).as("a fob; the listener heard " + listener.lines()).isNotNull();
        return fob;
    }

    void awaitHeard(String... lines) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(listener.lines())
                .filteredOn(line -> !line.startsWith("attached"))
                .containsExactly(lines));
    }

    /** Serves a fob the station does not know yet: what was to be served before it has been. */
    void serveAnother() throws InterruptedException {
        service.present(PICC, FakeCard.withUid(OTHER_UID));
        PresentedFob fob = nextFob();
        assertThat(fob.uid()).isEqualTo(OTHER_UID);
    }
}
