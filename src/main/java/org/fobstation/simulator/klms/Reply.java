package org.fobstation.simulator.klms;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** What the embedded KLMS sends back, good or bad. */
public final class Reply {

    /** Writes the bytes of a reply; may take its time. */
    @FunctionalInterface
    private interface Writer {
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    private final Writer writer;
    private final boolean keepsConnection;

    private Reply(Writer writer, boolean keepsConnection) {
        this.writer = writer;
        this.keepsConnection = keepsConnection;
    }

    /** A status without a body. */
    public static Reply status(int status) {
        return body(status, new byte[0]);
    }

    /** A JSON body with its length. */
    public static Reply body(int status, byte[] body) {
        return new Reply(
                out -> {
                    out.write(head(status, "Content-Length: " + body.length));
                    out.write(body);
                },
                true);
    }

    /** A JSON body in chunks. */
    public static Reply chunked(byte[] body, int chunkLength) {
        return new Reply(
                out -> {
                    out.write(head(200, "Transfer-Encoding: chunked"));
                    for (int at = 0; at < body.length; at += chunkLength) {
                        byte[] chunk = Arrays.copyOfRange(body, at, Math.min(at + chunkLength, body.length));
                        out.write(ascii(Integer.toHexString(chunk.length) + "\r\n"));
                        out.write(chunk);
                        out.write(ascii("\r\n"));
                    }
                    out.write(ascii("0\r\n\r\n"));
                },
                true);
    }

    /** A body that comes byte by byte, with a pause after each. */
    public static Reply dripping(int status, byte[] body, Duration pause) {
        return new Reply(
                out -> {
                    out.write(head(status, "Content-Length: " + body.length));
                    for (byte one : body) {
                        out.write(one);
                        out.flush();
                        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                    }
                },
                true);
    }

    /** A body that ends before the length it was announced with, and the connection with it. */
    public static Reply truncated(byte[] body) {
        return new Reply(
                out -> {
                    out.write(head(200, "Content-Length: " + body.length));
                    out.write(body, 0, body.length / 2);
                },
                false);
    }

    /** The right answer, and behind it a second one that nobody asked for. The connection stays open. */
    public static Reply followedByUnasked(byte[] body, byte[] unasked) {
        return new Reply(
                out -> {
                    body(200, body).send(out);
                    body(200, unasked).send(out);
                },
                true);
    }

    /** These bytes in place of an HTTP answer, then the end of the connection. */
    public static Reply raw(byte[] bytes) {
        return new Reply(out -> out.write(bytes), false);
    }

    /** As {@link #raw}, byte by byte with a pause after each. */
    public static Reply drippingRaw(byte[] bytes, Duration pause) {
        return new Reply(
                out -> {
                    for (byte one : bytes) {
                        out.write(one);
                        out.flush();
                        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                    }
                },
                false);
    }

    /** These bytes in place of an HTTP answer, and then nothing for as long as the client waits. */
    public static Reply rawThenSilence(byte[] bytes) {
        return new Reply(out -> out.write(bytes), true);
    }

    /** The end of the connection, and nothing before it. */
    public static Reply hangUp() {
        return new Reply(out -> {}, false);
    }

    /** The same, later. */
    public Reply after(Duration delay) {
        return new Reply(
                out -> {
                    TimeUnit.NANOSECONDS.sleep(delay.toNanos());
                    writer.writeTo(out);
                },
                keepsConnection);
    }

    /** @return whether the connection goes on */
    boolean send(OutputStream out) throws IOException, InterruptedException {
        writer.writeTo(out);
        out.flush();
        return keepsConnection;
    }

    private static byte[] head(int status, String framing) {
        return ascii("HTTP/1.1 " + status + " Status\r\nContent-Type: application/json\r\nX-Klms: embedded\r\n"
                + framing + "\r\n\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
