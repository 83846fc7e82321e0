package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.fobstation.outcome.Gate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcscComponentTest {

    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void bind() {
        camel.getRegistry().bind("service", new FakeSmartCardService());
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private void start(String... uris) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String uri : uris) {
                    from(uri).log("${body}");
                }
            }
        });
        camel.start();
    }

    @Nested
    class AWrongOptionStopsTheStart {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "pcsc:left?nmae=picc | nmae",
                    "pcsc:left?allowRandomUid=perhaps | allowRandomUid",
                    "pcsc:left?debounce=soon | debounce",
                    "pcsc:left?debounce=-1 | not 0 or more",
                    "pcsc:left?connectRetry=11000 | not 0..10000",
                    "pcsc:left?stuckAfter=0 | not more than 0",
                    "pcsc:left?name=RAW( ) | option name is blank",
                    "pcsc:left?exclude=* | leaves no reader",
                    "pcsc:?name=picc | pcsc:",
                })
        void withItsNameInTheMessage(String uri, String message) {
            assertThatThrownBy(() -> start(uri)).hasStackTraceContaining(message);
        }

        @Test
        void soDoesAReaderConsumedTwice() {
            assertThatThrownBy(() -> start("pcsc:left?name=a", "pcsc:left?name=b"))
                    .hasStackTraceContaining("The reader id left is consumed twice");
        }

        @Test
        void soDoTwoGates() {
            camel.getRegistry().bind("one", (Gate) Gate.OPEN::hold);
            camel.getRegistry().bind("two", (Gate) Gate.OPEN::hold);
            assertThatThrownBy(() -> start("pcsc:left"))
                    .hasStackTraceContaining("holds 2 beans of type " + Gate.class.getName());
        }
    }

    @Nested
    class ItsParts {

        @Test
        void comeFromTheRegistry() throws Exception {
            Gate gate = Gate.OPEN::hold;
            ListenerLog listener = new ListenerLog();
            camel.getRegistry().bind("gate", gate);
            camel.getRegistry().bind("listener", listener);
            start("pcsc:left");

            PcscComponent component = camel.getComponent("pcsc", PcscComponent.class);
            assertThat(component.getGate()).isSameAs(gate);
            assertThat(component.getListener()).isSameAs(listener);
            assertThat(component.getSmartCardService()).isInstanceOf(FakeSmartCardService.class);
        }

        @Test
        void comeFromTheRegistryWithoutAutowiringToo() throws Exception {
            Gate gate = Gate.OPEN::hold;
            camel.setAutowiredEnabled(false);
            camel.getRegistry().bind("gate", gate);
            start("pcsc:left");

            assertThat(camel.getComponent("pcsc", PcscComponent.class).getGate())
                    .isSameAs(gate);
        }

        @Test
        void areTheMachinesOwnServiceAndAnOpenGateOtherwise() throws Exception {
            camel.getRegistry().unbind("service");
            camel.start();

            PcscComponent component = camel.getComponent("pcsc", PcscComponent.class);
            assertThat(component.getSmartCardService()).isInstanceOf(NativeSmartCardService.class);
            assertThat(component.getGate()).isSameAs(Gate.OPEN);
            assertThat(component.getListener()).isSameAs(ReaderListener.NONE);
        }
    }

    @Nested
    class ForTools {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "META-INF/services/org/apache/camel/component/pcsc",
                    "META-INF/services/org/apache/camel/configurer/pcsc-component",
                    "META-INF/services/org/apache/camel/configurer/pcsc-endpoint",
                    "META-INF/services/org/apache/camel/urifactory/pcsc-endpoint",
                })
        void itIsRegistered(String resource) throws IOException {
            assertThat(text(resource)).contains("org.fobstation.pcsc.Pcsc");
        }

        @Test
        void everyOptionAndHeaderIsInTheCatalog() throws IOException {
            assertThat(text("META-INF/org/fobstation/pcsc/pcsc.json"))
                    .contains(
                            "\"name\"",
                            "\"exclude\"",
                            "\"allowRandomUid\"",
                            "\"debounce\"",
                            "\"connectRetry\"",
                            "\"stuckAfter\"",
                            "\"CamelPcscUid\"");
        }

        private String text(String resource) throws IOException {
            try (InputStream in = PcscComponent.class.getClassLoader().getResourceAsStream(resource)) {
                assertThat(in).as(resource).isNotNull();
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    void hasNoProducer() throws Exception {
        camel.start();
        assertThatThrownBy(() -> camel.getEndpoint("pcsc:left").createProducer())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void watchesNothingWithoutARoute() {
        camel.start();
        PcscComponent component = camel.getComponent("pcsc", PcscComponent.class);
        assertThat(component.isWatching()).isFalse();
        assertThat(component.status().service()).isEqualTo(WatchStatus.Service.IDLE);
        assertThat(component.status().readers()).isEmpty();
    }
}
