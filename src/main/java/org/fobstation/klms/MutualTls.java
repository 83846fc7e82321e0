package org.fobstation.klms;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;

/**
 * The TLS side of the way to the key server: the station's key and whom it trusts.
 *
 * @param own what the station proves itself with
 * @param trusted whom it takes for its key server
 */
record MutualTls(StationKey own, TrustedServers trusted) {

    private static final String DEBUG = "javax.net.debug";

    /**
     * For one connection. Another one has no memory of its session and so cannot resume it: each proves both sides anew,
     * with the dates of today and with a key that is still in its token.
     */
    SSLContext newContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new StationKeyManager(own)}, new TrustManager[] {trusted}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    X509Certificate stationCertificate() {
        return own.certificate();
    }

    /**
     * A server that does not know who asks would give keys to anybody, and so is not the one that was set up for stations.
     * Look at it after the handshake and before the first byte of a request.
     *
     * @throws SSLHandshakeException if the station has shown no certificate in it
     */
    static void requireMutual(SSLSession session) throws SSLHandshakeException {
        if (session.getLocalCertificates() == null) {
            throw new SSLHandshakeException(
                    "the server asked for no certificate that the station could show; that is not mutual TLS");
        }
    }

    /** Java's own TLS trace prints what was decrypted, so keys, with some of its options. */
    static void refusePlaintextDebugging(String value) throws KlmsSetupException {
        if (value == null) {
            return;
        }
        String options = value.toLowerCase(Locale.ROOT);
        if (options.isBlank()
                || options.contains("all")
                || options.contains("plaintext")
                || options.contains("packet")
                || options.contains("data")) {
            throw new KlmsSetupException(
                    "-D" + DEBUG + "=" + value,
                    "would print keys",
                    "Use -D" + DEBUG + "=ssl:handshake to look into TLS.");
        }
    }

    static void refusePlaintextDebugging() throws KlmsSetupException {
        refusePlaintextDebugging(System.getProperty(DEBUG));
    }
}
