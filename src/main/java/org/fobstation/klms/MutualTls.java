package org.fobstation.klms;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/**
 * The TLS side of the way to the key server: the station's certificate and whom it trusts, read once.
 *
 * @param context for client connections
 * @param stationCertificate what the station shows
 */
record MutualTls(SSLContext context, X509Certificate stationCertificate) {

    private static final String DEBUG = "javax.net.debug";

    static MutualTls open(KlmsSettings settings) throws KlmsSetupException {
        refusePlaintextDebugging(System.getProperty(DEBUG));
        Pkcs12Store own = Pkcs12Store.open(settings.keyStore(), settings.keyStorePassword(), "KLMS_KEY_STORE_PASSWORD");
        Pkcs12Store trusted =
                Pkcs12Store.open(settings.trustStore(), settings.trustStorePassword(), "KLMS_TRUST_STORE_PASSWORD");
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.keyManagers(), trusted.trustManagers(), null);
            return new MutualTls(context, own.ownCertificate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
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
}
