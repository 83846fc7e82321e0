package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fobstation.scp03.Vectors.hex;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;
import org.fobstation.apdu.TransportException;
import org.fobstation.secret.SecretBytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The example in the package's Javadoc")
class PackageExampleTest {

    private final JsonNode vector = Vectors.named("sessions-computed.json", "station-flow-aes128-level33");

    private static StatusWord example(
            ApduTransport transport,
            StaticKeys staticKeys,
            int kvn,
            byte[] tagList,
            SecretBytes payload,
            SecureRandom random)
            throws TransportException, Scp03Exception {
        // example
        HandshakeParameters parameters = HandshakeParameters.of(kvn);
        try (Handshake handshake = Handshake.begin(transport, staticKeys, parameters, random);
                SecureChannel channel = handshake.authenticate(SecurityLevel.LEVEL_33)) {
            CommandApdu getStatus = CommandApdu.of(0x80, 0xF2, 0x80, 0x02, tagList, CommandApdu.NE_SHORT_MAX);
            ResponseApdu isd = channel.transmit(getStatus);
            if (!isd.status().isSuccess()) {
                throw new IllegalStateException("GET STATUS gave " + isd.status());
            }
            StoreData storeData = StoreData.of(0x00, payload, channel.maxShortData());
            StoreData.Sent sent = storeData.send(channel);
            return sent.answer().status();
        }
        // end of example
    }

    @Test
    void isTheCodeOfThisTest() throws IOException {
        List<String> here =
                between("src/test/java/org/fobstation/scp03/PackageExampleTest.java", "// example", "// end");
        List<String> there =
                between("src/main/java/org/fobstation/scp03/package-info.java", "<pre>{@code", "}</pre>").stream()
                        .map(line -> line.replaceFirst("^\\* ?", "").strip())
                        .toList();
        assertThat(there).hasSizeGreaterThan(10).isEqualTo(here);
    }

    private static List<String> between(String file, String from, String to) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .map(String::strip)
                .dropWhile(line -> !line.contains(from))
                .skip(1)
                .takeWhile(line -> !line.contains(to))
                .toList();
    }

    /** A recorded session: GET STATUS, then a payload in three blocks. */
    @Test
    void runs() throws Exception {
        ScriptedCard card = new ScriptedCard();
        for (String field : List.of("initializeUpdate", "externalAuthenticate")) {
            card.expect(
                    vector.required(field).required("command").asText(),
                    vector.required(field).required("answer").asText());
        }
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            JsonNode exchange = vector.required("exchanges").get(i);
            card.expect(
                    exchange.required("wrapped").asText(),
                    exchange.required("answer").asText());
            if (i > 0) {
                data.append(hex(CommandApdu.parse(hex(exchange, "plain")).data()));
            }
        }
        try (StaticKeys keys = Vectors.staticKeys(vector.required("keys"));
                SecretBytes payload = Vectors.secret(data.toString())) {
            FixedRandom random = new FixedRandom(hex(vector, "hostChallenge"));
            StatusWord status = example(card, keys, 1, hex("4F00"), payload, random);
            assertThat(status).isEqualTo(StatusWord.SUCCESS);
        }
        card.assertFinished();
    }
}
