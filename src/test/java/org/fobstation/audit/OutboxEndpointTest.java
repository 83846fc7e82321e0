package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.NoSuchBeanException;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The {@code outbox:} endpoint as a route names it. */
class OutboxEndpointTest {

    DefaultCamelContext context;

    @BeforeEach
    void open() {
        context = new DefaultCamelContext();
    }

    @AfterEach
    void close() {
        context.stop();
    }

    @Test
    void hasTheStandardsThatItsDescriptionNames() {
        OutboxEndpoint endpoint = context.getEndpoint("outbox:audit", OutboxEndpoint.class);

        assertThat(endpoint.getDelivery()).isEqualTo("audit");
        assertThat(endpoint.getFallbackPoll()).isEqualTo(5_000);
        assertThat(endpoint.getBackoff()).isEqualTo(1_000);
        assertThat(endpoint.getMaximumBackoff()).isEqualTo(60_000);
    }

    @Test
    void takesItsOptionsWithUnits() {
        OutboxEndpoint endpoint = context.getEndpoint(
                "outbox:audit?fallbackPoll=2s&backoff=30ms&maximumBackoff=1m", OutboxEndpoint.class);

        assertThat(endpoint.getFallbackPoll()).isEqualTo(2_000);
        assertThat(endpoint.getBackoff()).isEqualTo(30);
        assertThat(endpoint.getMaximumBackoff()).isEqualTo(60_000);
    }

    @Test
    void onlyEmits() {
        OutboxEndpoint endpoint = context.getEndpoint("outbox:audit", OutboxEndpoint.class);

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(endpoint::createProducer);
    }

    @Test
    void refusesTheNameOfABeanThatIsNotThere() {
        OutboxEndpoint endpoint = context.getEndpoint("outbox:nobody", OutboxEndpoint.class);

        assertThatThrownBy(() -> endpoint.createConsumer(exchange -> {}))
                .isInstanceOf(NoSuchBeanException.class)
                .hasMessageContaining("nobody");
    }
}
