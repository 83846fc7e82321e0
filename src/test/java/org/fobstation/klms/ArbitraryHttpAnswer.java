package org.fobstation.klms;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * What a server may send in place of an HTTP answer that can be taken: wrong in its start, its headers, its framing, its
 * coding or its body.
 *
 * @param start the status line without its end
 * @param interim how many answers with status 100 come before
 * @param headers lines without their ends
 * @param body before it is coded
 */
public record ArbitraryHttpAnswer(
        String start, int interim, List<String> headers, Framing framing, Coding coding, byte[] body) {

    /** How the end of the body is told. */
    public enum Framing {
        LENGTH,
        SHORTER,
        LONGER,
        NONE,
        CHUNKS,
        CHUNKS_WITHOUT_END,
        BROKEN_CHUNKS
    }

    /** What the body is packed in, and said to be. */
    public enum Coding {
        PLAIN,
        GZIP,
        DEFLATE,
        /** Said and not done. */
        CLAIMED
    }

    private static final String[] STARTS = {
        "HTTP/1.1 200",
        "HTTP/1.0 200 OK",
        "HTTP/2.0 200 OK",
        "HTTP/1.1 2OO OK",
        "HTTP/1.1 200OK",
        "HTTP/1.1  200  OK",
        "HTTP/1.1 -200 OK",
        "HTTP/1.1 99999999999 OK",
        "http/1.1 200 ok",
        "ICY 200 OK",
        "200 OK",
        "",
        "{\"transaction_id\":\"x\"}",
        "HTTP/1.1 500 \u001b[2J\u0007",
        "HTTP/1.1 200 " + "x".repeat(8_300),
        "PRI * HTTP/2.0"
    };

    private static final String[] HEADERS = {
        "Content-Type: application/json; charset=utf-16",
        "Content-Type: text/html",
        "Content-Encoding: br",
        "Content-Encoding: identity, gzip",
        "Content-Encoding: \u001b[1m",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: chunked",
        "Content-Length: -1",
        "Content-Length: 0",
        "Content-Length: 5",
        "Content-Length: 99999999999999999999",
        "Content-Length: 2147483648",
        "Content-Length: five",
        "Location: https://127.0.0.1:1/elsewhere",
        "Location: /keys",
        "Set-Cookie: a=b",
        "WWW-Authenticate: Basic realm=\"keys\"",
        "Connection: close",
        "Connection: upgrade",
        "Upgrade: h2c",
        "Retry-After: 99999999",
        "Expect: 100-continue",
        "Trailer: X-More",
        "X-\u001b[2J: \u0000\u0007",
        "X-Folded: a\r\n b",
        ": no name",
        "no colon",
        "X-Long: " + "x".repeat(8_300),
        String.join("\r\n", Collections.nCopies(101, "X: x"))
    };

    /** Any that the station must not take for a good answer about this fob. */
    public static Arbitrary<ArbitraryHttpAnswer> to(String fobUid) {
        Arbitrary<String> starts = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just("HTTP/1.1 200 OK")),
                Tuple.of(2, Arbitraries.integers().between(101, 999).map(status -> "HTTP/1.1 " + status + " Status")),
                Tuple.of(2, Arbitraries.of(STARTS)));
        Arbitrary<Integer> interims = Arbitraries.frequency(Tuple.of(12, 0), Tuple.of(1, 1), Tuple.of(1, 50));
        Arbitrary<Coding> codings = Arbitraries.frequency(
                Tuple.of(8, Coding.PLAIN),
                Tuple.of(1, Coding.GZIP),
                Tuple.of(1, Coding.DEFLATE),
                Tuple.of(1, Coding.CLAIMED));
        return Combinators.combine(
                        starts,
                        interims,
                        Arbitraries.of(HEADERS).list().ofMaxSize(3),
                        Arbitraries.of(Framing.values()),
                        codings,
                        ArbitraryKlmsAnswer.to(fobUid).map(ArbitraryKlmsAnswer::bytes))
                .as(ArbitraryHttpAnswer::new)
                .filter(answer -> !answer.mayBeTaken(fobUid));
    }

    /** Whether a body that is as agreed can be found in it. */
    private boolean mayBeTaken(String fobUid) {
        byte[] found = framing == Framing.SHORTER ? Arrays.copyOf(body, body.length / 2) : body;
        return coding == Coding.PLAIN && AgreedAnswer.of(found, fobUid).isPresent();
    }

    /** As it comes over the connection. */
    public byte[] bytes() {
        byte[] coded = coded();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        line(out, "HTTP/1.1 100 Continue\r\n\r\n".repeat(interim) + start);
        headers.forEach(header -> line(out, header));
        if (coding != Coding.PLAIN) {
            line(out, "Content-Encoding: " + (coding == Coding.DEFLATE ? "deflate" : "gzip"));
        }
        switch (framing) {
            case LENGTH -> line(out, "Content-Length: " + coded.length);
            case SHORTER -> line(out, "Content-Length: " + coded.length / 2);
            case LONGER -> line(out, "Content-Length: " + (coded.length + 1));
            case NONE -> {}
            case CHUNKS, CHUNKS_WITHOUT_END, BROKEN_CHUNKS -> line(out, "Transfer-Encoding: chunked");
        }
        line(out, "");
        if (framing == Framing.CHUNKS || framing == Framing.CHUNKS_WITHOUT_END) {
            line(out, Integer.toHexString(coded.length) + ";a=b");
        } else if (framing == Framing.BROKEN_CHUNKS) {
            line(out, "FFFFFFFFFFFFFFFFF");
        }
        out.writeBytes(coded);
        if (framing == Framing.CHUNKS) {
            line(out, "\r\n0\r\nX-More: x\r\n");
        }
        return out.toByteArray();
    }

    private byte[] coded() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (var out = coding == Coding.GZIP
                ? new GZIPOutputStream(packed)
                : coding == Coding.DEFLATE ? new DeflaterOutputStream(packed) : packed) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static void line(ByteArrayOutputStream out, String text) {
        out.writeBytes((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public String toString() {
        return AnswerText.shown(start) + ", " + interim + " interim, "
                + headers.stream().map(AnswerText::shown).toList() + ", " + framing + ", " + coding + ", body "
                + AnswerText.shown(new String(body, StandardCharsets.ISO_8859_1));
    }
}
