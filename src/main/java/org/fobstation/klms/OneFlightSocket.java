package org.fobstation.klms;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * Sends what was written only when an answer to it is read. So the client's last flight of a TLS 1.3 handshake goes out
 * as one, after the handshake is over on this side: a server that ends the connection at the first message of it can no
 * longer make the handshake fail, and its alert is there to be read. Used by one thread; closing sends nothing.
 */
final class OneFlightSocket extends Socket {

    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    @Override
    public OutputStream getOutputStream() {
        return pending;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                send();
                return super.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                send();
                return super.read(buffer, offset, length);
            }
        };
    }

    private void send() throws IOException {
        pending.writeTo(super.getOutputStream());
        pending.reset();
    }
}
