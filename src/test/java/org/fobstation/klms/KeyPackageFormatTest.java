package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fobstation.outcome.FailureCode.KLMS_ANSWER_INVALID;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyPackageFormatTest {

    private static final String KEY = "404142434445464748494A4B4C4D4E4F";
    private static final String GOOD =
            "{\"transaction_id\":\"t\",\"key_version\":1,\"scp03_static_keys\":{\"enc\":\"" + KEY
                    + "\",\"mac\":\"" + KEY + "\",\"dek\":\"" + KEY
                    + "\"},\"ford_payload\":{\"apdu_cla_ins_p1_p2\":\"80E20000\",\"data_hex\":\"00\"}}";

    private final KeyPackageFormat format = new KeyPackageFormat();
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @BeforeEach
    void ask() {
        exchange.setProperty(KeyPackageFormat.REQUEST, new KeyRequest("04112233445566", "R1"));
    }

    @Test
    void readsAByteArrayAndOverwritesIt() throws Exception {
        byte[] body = bytes(GOOD);
        try (KeyPackage keys = (KeyPackage) format.unmarshal(exchange, body)) {
            assertThat(keys.keyVersion()).isEqualTo(1);
        }
        assertThat(body).containsOnly(0);
    }

    @Test
    void readsAHeldAnswerAndOverwritesIt() throws Exception {
        byte[] body = bytes(GOOD);
        try (KeyPackage keys = (KeyPackage) format.unmarshal(exchange, new HeldAnswer(body))) {
            assertThat(keys.keyVersion()).isEqualTo(1);
        }
        assertThat(body).containsOnly(0);
    }

    @Test
    void readsAStream() throws Exception {
        try (KeyPackage keys = (KeyPackage) format.unmarshal(exchange, new ByteArrayInputStream(bytes(GOOD)))) {
            assertThat(keys.keyVersion()).isEqualTo(1);
        }
    }

    @Test
    void overwritesWhatItRefuses() throws Exception {
        byte[] body = bytes(GOOD + "x");
        assertThat(format.unmarshal(exchange, body)).isInstanceOf(KlmsError.class);
        assertThat(body).containsOnly(0);
    }

    @Test
    void refusesAStreamBeyondTheBound() throws Exception {
        byte[] body = new byte[BoundedCall.MAX_ANSWER + 1];
        assertThat(format.unmarshal(exchange, new ByteArrayInputStream(body)))
                .isEqualTo(new KlmsError(KLMS_ANSWER_INVALID, "the answer is longer than 262144 bytes"));
    }

    @Test
    void refusesNoBody() throws Exception {
        assertThat(format.unmarshal(exchange, (Object) null))
                .isEqualTo(new KlmsError(KLMS_ANSWER_INVALID, "the answer is empty"));
    }

    @Test
    void givesNoKeysWithoutTheRequestTheyAnswer() {
        exchange.removeProperty(KeyPackageFormat.REQUEST);
        byte[] body = bytes(GOOD);
        assertThatThrownBy(() -> format.unmarshal(exchange, body)).isInstanceOf(NullPointerException.class);
        assertThat(body).containsOnly(0);
    }

    @Test
    void writesNoKeyPackage() {
        assertThatThrownBy(() -> format.marshal(exchange, "x", new ByteArrayOutputStream()))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
