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
 * The TLS side of the way to the key server: the station's certificate and whom it trusts. Sessions are resumed only with
 * the same of both.
 *
 * @param context for client connections
 * @param stationCertificate what the station shows
 */
record MutualTls(SSLContext context, X509Certificate stationCertificate) {

    private static final String DEBUG = "javax.net.debug";

    /** A resumed session is not checked anew, so a server's certificate may be this much over its date. */
    private static final int SESSION_SECONDS = 3600;

    static MutualTls of(StationKey own, TrustedServers trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new StationKeyManager(own)}, new TrustManager[] {trusted}, null);
            context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
            return new MutualTls(context, own.certificate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    /**
     * A server that does not know who asks would give keys to anybody, and so is not the one that was set up for stations.
     * Look at it after the handshake and before the first byte of a request.
     *
     * @throws SSLHandshakeException if the station has shown no certificate in it, or in the one that it resumes
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
