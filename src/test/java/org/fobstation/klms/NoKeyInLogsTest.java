package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.fobstation.LogCapture;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Kdf3;
import org.fobstation.simulator.klms.Reply;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.fobstation.station.KeySearch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With every log at its most talkative, tracing on and bodies logged by the routes, no key and no payload is printed. */
class NoKeyInLogsTest {

    @TempDir
    Path folder;

    @Test
    void holdsForAnAnswerAsAgreed() throws Exception {
        try (LogCapture log = talk(EmbeddedKlms::answerKeys)) {
            assertThat(log.lines()).anyMatch(line -> line.contains("key package trx_1"));
            assertThat(log.lines()).anyMatch(line -> line.contains("org.apache.hc.client5"));
        }
    }

    @Test
    void holdsForAnAnswerInChunks() throws Exception {
        talk(klms -> klms.answerKeys(body -> Reply.chunked(body, 50))).close();
    }

    @Test
    void holdsForAnAnswerThatIsNoJson() throws Exception {
        talk(klms -> klms.answerKeys(body -> Reply.body(200, unquoted(body)))).close();
    }

    @Test
    void holdsForAnErrorWithKeysInIt() throws Exception {
        talk(klms -> klms.answerKeys(body -> Reply.body(500, body))).close();
    }

    @Test
    void holdsForAnAnswerThatIsNoHttp() throws Exception {
        talk(klms -> klms.answerKeys(Reply::raw)).close();
    }

    @Test
    void holdsForBrokenChunks() throws Exception {
        talk(klms -> klms.answerKeys(
                        body -> Reply.raw(("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + text(body))
                                .getBytes(StandardCharsets.UTF_8))))
                .close();
    }

    @Test
    void holdsForKeysAmongTheHeaders() throws Exception {
        talk(klms -> klms.answerKeys(body -> Reply.raw(("HTTP/1.1 200 " + text(body) + "\r\nX-Keys: " + text(body)
                                + "\r\nContent-Length: " + body.length + "\r\n\r\n" + text(body))
                        .getBytes(StandardCharsets.UTF_8))))
                .close();
    }

    private interface Fault {
        void in(EmbeddedKlms klms);
    }

    private LogCapture talk(Fault fault) throws Exception {
        TestPki pki = TestPki.create();
        StationStores stores = pki.writeStationStores(folder);
        try (EmbeddedKlms klms = EmbeddedKlms.start(pki);
                LogCapture log = LogCapture.ofEverything();
                KlmsRig rig = KlmsRig.start(KlmsRig.settings(klms.url(), stores), true, loggingRoute())) {
            fault.in(klms);
            Object answer = rig.template()
                    .requestBody(
                            "direct:logging", new KlmsRig.Asking(new KeyRequest(KlmsRig.UID, "R1")), KlmsAnswer.class);
            assertThat(answer).isNotNull();
            // The capture works: what may be logged is there.
            assertThat(log.lines()).anyMatch(line -> line.contains("klms-logged-before"));
            assertThat(log.lines()).anyMatch(line -> line.contains("klms-logged-after"));
            assertThat(log.lines()).anyMatch(line -> line.contains(KlmsRig.UID));
            KeySearch.forKeysOf(klms);
            Kdf3.Keys keys = klms.fobKeys().keysOf(KlmsRig.UID);
            List<String> secrets = Stream.of(keys.enc(), keys.mac(), keys.dek(), klms.payloadOf(KlmsRig.UID))
                    .flatMap(NoKeyInLogsTest::spellings)
                    .toList();
            assertThat(log.lines())
                    .filteredOn(line -> secrets.stream().anyMatch(line::contains))
                    .isEmpty();
            return log;
        }
    }

    private static RouteBuilder loggingRoute() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:logging")
                        .to("log:klms-logged-before?showAll=true&showStreams=true&multiline=true")
                        .to("direct:key-package")
                        .log("${body}")
                        .to("log:klms-logged-after?showAll=true&showStreams=true&multiline=true");
            }
        };
    }

    /** A part of the secret is too much already: the first 8 bytes stand for it. */
    private static Stream<String> spellings(byte[] secret) {
        byte[] part = Arrays.copyOf(secret, Math.min(8, secret.length));
        String hex = HexFormat.of().withUpperCase().formatHex(part);
        return Stream.of(
                hex,
                hex.toLowerCase(Locale.ROOT),
                HexFormat.ofDelimiter(" ").formatHex(part),
                HexFormat.ofDelimiter(", ").formatHex(part),
                Base64.getEncoder().withoutPadding().encodeToString(part).substring(0, 10),
                Arrays.toString(part).replace("[", "").replace("]", ""));
    }

    private static byte[] unquoted(byte[] body) {
        return text(body).replace("\"", "").getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
