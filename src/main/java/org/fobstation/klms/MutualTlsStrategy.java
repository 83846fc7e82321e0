package org.fobstation.klms;

import java.io.IOException;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Opens TLS on a new connection with what is in force now, and lets no connection out that is not mutual. */
final class MutualTlsStrategy implements TlsSocketStrategy {

    private final Supplier<MutualTls> current;
    private final String[] protocols;

    MutualTlsStrategy(Supplier<MutualTls> current, TlsSettings settings) {
        this.current = current;
        this.protocols = settings.protocols().toArray(String[]::new);
    }

    @Override
    public SSLSocket upgrade(Socket plain, String host, int port, Object attachment, HttpContext context)
            throws IOException {
        SSLSocket socket = new DefaultClientTlsStrategy(
                        current.get().newContext(), protocols, null, null, HostnameVerificationPolicy.BUILTIN, null)
                .upgrade(plain, host, port, attachment, context);
        try {
            MutualTls.requireMutual(socket.getSession());
            return socket;
        } catch (SSLHandshakeException e) {
            socket.close();
            throw e;
        }
    }
}
