package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;

class RefusalTextTest {

    static String of(String body) {
        return RefusalText.of(
                new HttpOperationFailedException("https://klms/audit", 422, "Unprocessable", null, Map.of(), body));
    }

    @Test
    void quotesWhatTheServerSaidInOneLine() {
        assertThat(of(" no such\r\n station ")).isEqualTo("the KLMS answered 422 Unprocessable: \"no such station\"");
        assertThat(of("")).isEqualTo("the KLMS answered 422 Unprocessable");
        assertThat(of(null)).isEqualTo("the KLMS answered 422 Unprocessable");
    }

    @Test
    void isBounded() {
        assertThat(of("x".repeat(10_000))).hasSize(300).endsWith("...");
    }

    @Test
    void escapesControlSigns() {
        assertThat(of("a\u001b[31mb\u202ec")).endsWith("\"a\\u001b[31mb\\u202ec\"");
    }

    @Test
    void leavesOutKeysInBase64() {
        assertThat(of("enc QEFCQ0RFRkdISUpLTE1OTw==, mac QEFCQ0RFRkdISUpLTE1OTw"))
                .endsWith("\"enc [24 signs], mac [22 signs]\"");
        assertThat(of("TransactionAlreadyArchived at /api/v1/audits/transactions"))
                .endsWith("\"TransactionAlreadyArchived at /api/v1/audits/transactions\"");
    }

    @Test
    void leavesOutHexAsLongAsAPieceOfAKey() {
        assertThat(of("enc 0011223344556677!")).endsWith("\"enc [16 hex digits]!\"");
        assertThat(of("enc 00112233445566778899aabbccddeeff!")).endsWith("\"enc [32 hex digits]!\"");
        assertThat(of("uid 11223344556677")).endsWith("\"uid 11223344556677\"");
    }

    @Test
    void namesOtherFailures() {
        assertThat(RefusalText.of(new SocketTimeoutException("Read timed out")))
                .isEqualTo("SocketTimeoutException: Read timed out");
        assertThat(RefusalText.of(null)).isEqualTo("no reason given");
    }
}
