package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.StreamCache;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.hc.core5.http.MessageConstraintException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeldAnswerTest {

    @ParameterizedTest
    @CsvSource({"0, -1", "1, -1", "8191, -1", "8192, -1", "8193, -1", "30000, -1", "30000, 30000", "5, 5", "0, 0"})
    void holdsAllOfABody(int length, long announced) throws IOException {
        byte[] body = body(length);
        try (HeldAnswer held = HeldAnswer.readFrom(new ByteArrayInputStream(body), announced, 30_000)) {
            assertThat(held.take()).isEqualTo(body);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 30_001, 10})
    void refusesABodyBeyondTheBoundWhateverLengthWasAnnounced(long announced) {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }
        };
        assertThatThrownBy(() -> HeldAnswer.readFrom(endless, announced, 30_000))
                .isInstanceOf(MessageConstraintException.class)
                .hasMessage("longer than 30000 bytes");
    }

    @Test
    void overwritesTheBytesWhenItIsClosedUntaken() {
        byte[] body = body(20);
        new HeldAnswer(body).close();
        assertThat(body).containsOnly(0);
    }

    @Test
    void handsTheBytesOverOnce() {
        byte[] body = body(20);
        try (HeldAnswer held = new HeldAnswer(body)) {
            assertThat(held.take()).isSameAs(body);
            assertThatThrownBy(held::take).isInstanceOf(IllegalStateException.class);
        }
        assertThat(body).isEqualTo(body(20));
    }

    @Test
    void isNoStreamThatAnyoneCouldRead() throws Exception {
        CamelContext camel = new DefaultCamelContext();
        camel.disableJMX();
        camel.start();
        try (HeldAnswer held = new HeldAnswer("{\"enc\":\"4041\"}".getBytes(StandardCharsets.US_ASCII))) {
            assertThatThrownBy(held::readAllBytes).isInstanceOf(IOException.class);
            assertThat(held).hasToString("answer of the key server");
            for (Class<?> type : List.of(String.class, byte[].class, StreamCache.class)) {
                assertThatThrownBy(() -> camel.getTypeConverter().mandatoryConvertTo(type, held))
                        .isInstanceOf(Exception.class);
            }
        } finally {
            camel.stop();
        }
    }

    private static byte[] body(int length) {
        byte[] body = new byte[length];
        Arrays.fill(body, (byte) 'x');
        return body;
    }
}
