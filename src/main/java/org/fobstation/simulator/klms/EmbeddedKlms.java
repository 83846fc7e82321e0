package org.fobstation.simulator.klms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.fobstation.simulator.pki.TestPki;

/**
 * A key server for tests and the demo: HTTPS with client certificates on 127.0.0.1, keys derived for each fob, audits
 * kept in memory, faults on demand. Starts when built. Safe for use by any thread; never prints a key.
 */
public final class EmbeddedKlms implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final Builder setup;
    private final TlsListener listener;
    private final AuditBook book = new AuditBook();
    private final List<ReceivedKeyRequest> keyRequests = new CopyOnWriteArrayList<>();
    private final AtomicInteger transactions = new AtomicInteger();
    private final int port;
    private volatile Function<byte[], Reply> keysReply = EmbeddedKlms::good;
    private volatile Duration keysDelay = Duration.ZERO;
    private volatile int auditStatus = 200;
    private volatile byte[] auditRefusal = new byte[0];
    private volatile boolean auditDown;
    private volatile boolean auditAnswersLost;
    private volatile Duration auditDelay = Duration.ZERO;

    private EmbeddedKlms(Builder setup) {
        this.setup = setup;
        listener = new TlsListener(setup.tls, setup.protocols, setup.requireClientCertificate, this::handle);
        port = listener.open(0);
    }

    /** A key server with this authority's certificate, for this authority's stations. */
    public static EmbeddedKlms start(TestPki pki) {
        return builder(pki).start();
    }

    /** As {@link #start}, with something to set first. */
    public static Builder builder(TestPki pki) {
        return new Builder(pki.serverContext());
    }

    /** {@code https://127.0.0.1:port}; the certificate names {@code localhost} too. */
    public URI url() {
        return URI.create("https://127.0.0.1:" + port);
    }

    public int port() {
        return port;
    }

    /** The rule of the keys it issues, for virtual fobs. */
    public FobKeys fobKeys() {
        return setup.fobKeys;
    }

    /** KVN of the keys it issues. */
    public int keyVersion() {
        return setup.keyVersion;
    }

    /** The payload data it issues for a fob. */
    public byte[] payloadOf(String fobUid) {
        return setup.payload.apply(fobUid);
    }

    /** All key requests that reached it so far, also those it answered badly. */
    public List<ReceivedKeyRequest> keyRequests() {
        return List.copyOf(keyRequests);
    }

    /** All audits it took, in the order of their first delivery. */
    public List<ReceivedAudit> audits() {
        return book.audits();
    }

    /** How many TLS connections clients have opened so far. */
    public int connections() {
        return listener.connections();
    }

    /** How many connections were read to their end so far, those without a handshake included. */
    public int endedConnections() {
        return listener.ended();
    }

    /** How many bytes of requests have come out of TLS so far, whatever they were. */
    public long receivedBytes() {
        return listener.received();
    }

    /** The certificates that clients have shown, in the order of their connections. */
    public List<X509Certificate> clientCertificates() {
        return listener.clients();
    }

    /** How many of them are open now. */
    public int openConnections() {
        return listener.openConnections();
    }

    /** Answers key requests as it should. */
    public void answerKeys() {
        keysReply = EmbeddedKlms::good;
    }

    /** Answers key requests in another way; the function is given the body of the right answer. */
    public void answerKeys(Function<byte[], Reply> reply) {
        keysReply = reply;
    }

    /** Answers key requests with status 200 and this body. */
    public void answerKeysWith(byte[] body) {
        answerKeys(right -> Reply.body(200, body));
    }

    /** Answers key requests with a status: 200 as it should, any other without a body. */
    public void keysAnswer(int status) {
        keysReply = status == 200 ? EmbeddedKlms::good : right -> Reply.status(status);
    }

    /** Waits before every answer to a key request; zero ends it. */
    public void delayKeys(Duration delay) {
        keysDelay = delay;
    }

    /** Answers audits with a status: 200 takes them, any other does not. */
    public void auditAnswer(int status) {
        auditAnswer(status, "");
    }

    /** As {@link #auditAnswer(int)}, and says why in the body. */
    public void auditAnswer(int status, String why) {
        auditRefusal = why.getBytes(StandardCharsets.UTF_8);
        auditStatus = status;
    }

    /** Hangs up on audits, without taking them. */
    public void auditDown() {
        auditDown = true;
    }

    public void auditUp() {
        auditDown = false;
    }

    /** Takes audits, but hangs up before the answer: the station must deliver again. */
    public void loseAuditAnswers(boolean lose) {
        auditAnswersLost = lose;
    }

    /** Waits before every answer to an audit; zero ends it. */
    public void delayAudits(Duration delay) {
        auditDelay = delay;
    }

    /** Ends idle connections, as servers do after a while. */
    public void cutConnections() {
        listener.cutConnections();
    }

    /** Closes the port and all connections. */
    public void down() {
        listener.close();
    }

    /** Opens the same port again. */
    public void up() {
        listener.open(port);
    }

    @Override
    public void close() {
        listener.close();
    }

    private Reply handle(HttpRequest request) {
        if (!request.method().equals("POST")) {
            return Reply.status(405);
        }
        if (request.path().equals(setup.keysPath)) {
            return keys(request);
        }
        return request.path().equals(setup.auditPath) ? audit(request) : Reply.status(404);
    }

    private Reply keys(HttpRequest request) {
        try {
            JsonNode asked = JSON.readTree(request.body());
            String fobUid = asked.path("fob_uid").asText();
            keyRequests.add(new ReceivedKeyRequest(
                    fobUid, asked.path("reader_id").asText(), request.headers(), request.body()));
            return keysReply.apply(packageFor(fobUid)).after(keysDelay);
        } catch (IOException | IllegalArgumentException e) {
            return Reply.status(400);
        }
    }

    private byte[] packageFor(String fobUid) throws IOException {
        Kdf3.Keys keys = setup.fobKeys.keysOf(fobUid);
        ObjectNode answer = JSON.createObjectNode();
        answer.put("transaction_id", "trx_" + transactions.incrementAndGet());
        answer.put("key_version", setup.keyVersion);
        answer.putObject("scp03_static_keys")
                .put("enc", HEX.formatHex(keys.enc()))
                .put("mac", HEX.formatHex(keys.mac()))
                .put("dek", HEX.formatHex(keys.dek()));
        answer.putObject("ford_payload")
                .put("apdu_cla_ins_p1_p2", setup.payloadHeader)
                .put("data_hex", HEX.formatHex(setup.payload.apply(fobUid)));
        return JSON.writeValueAsBytes(answer);
    }

    private Reply audit(HttpRequest request) {
        if (auditDown) {
            return Reply.hangUp();
        }
        if (auditStatus != 200) {
            return Reply.body(auditStatus, auditRefusal);
        }
        int status = book.take(request);
        return auditAnswersLost ? Reply.hangUp() : Reply.status(status).after(auditDelay);
    }

    private static Reply good(byte[] body) {
        return Reply.body(200, body);
    }

    /** What an embedded KLMS is like. */
    public static final class Builder {

        private SSLContext tls;
        private List<String> protocols = List.of("TLSv1.3");
        private boolean requireClientCertificate = true;
        private FobKeys fobKeys = FobKeys.random();
        private int keyVersion = 0x30;
        private String payloadHeader = "80E20000";
        private Function<String, byte[]> payload = fobUid -> HEX.parseHex("F1E2D3C4" + fobUid);
        private String keysPath = "/keys";
        private String auditPath = "/audit";

        private Builder(SSLContext tls) {
            this.tls = tls;
        }

        /** Another certificate than the authority's good one. */
        public Builder tls(SSLContext context) {
            tls = context;
            return this;
        }

        /** The TLS versions it speaks; TLSv1.3 unless set. */
        public Builder protocols(String... versions) {
            protocols = List.of(versions);
            return this;
        }

        public Builder requireClientCertificate(boolean require) {
            requireClientCertificate = require;
            return this;
        }

        public Builder fobKeys(FobKeys rule) {
            fobKeys = rule;
            return this;
        }

        /** KVN, 1..255. */
        public Builder keyVersion(int kvn) {
            keyVersion = kvn;
            return this;
        }

        /**
         * @param header CLA INS P1 P2 in hex
         * @param data gives the payload for a fob, named as the request names it
         */
        public Builder payload(String header, Function<String, byte[]> data) {
            payloadHeader = header;
            payload = data;
            return this;
        }

        public Builder paths(String keys, String audit) {
            keysPath = keys;
            auditPath = audit;
            return this;
        }

        /** Opens a free port. */
        public EmbeddedKlms start() {
            return new EmbeddedKlms(this);
        }
    }
}
