package org.fobstation.klms;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom the station takes for its key server: Java's check of the certificate's path, dates, purpose and host name, and
 * behind it, where there are pins, that the server has one of those keys. Answers for the TLS handshake, so that nothing is
 * sent to any other server.
 */
final class TrustedServers extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager paths;
    private final List<KeyPin> pins;

    private TrustedServers(X509ExtendedTrustManager paths, List<KeyPin> pins) {
        this.paths = paths;
        this.pins = pins;
    }

    /** @throws KlmsSetupException if the store holds no trusted certificate, or not the one that is meant */
    static TrustedServers from(KeyStore store, StoreLocation location, List<KeyPin> pins) throws KlmsSetupException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(authorities(store, location));
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager paths) {
                    return new TrustedServers(paths, pins);
                }
            }
            throw new IllegalStateException("every Java has a trust manager for X.509");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a loaded store answers", e);
        }
    }

    private static KeyStore authorities(KeyStore store, StoreLocation location)
            throws GeneralSecurityException, IOException, KlmsSetupException {
        List<String> trusted = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isCertificateEntry(alias)
                    && (location.entry().isEmpty() || StationKey.isMeant(store, alias, location.entry()))) {
                trusted.add(alias);
            }
        }
        if (trusted.isEmpty()) {
            // Stores made by openssl lack the attribute by which Java knows a trusted certificate.
            throw new KlmsSetupException(
                    location.toString(),
                    "holds no trusted certificate",
                    "Import the key server's root: keytool -importcert -storetype PKCS12.");
        }
        return location.entry().isEmpty() ? store : only(trusted, store);
    }

    private static KeyStore only(List<String> aliases, KeyStore store) throws GeneralSecurityException, IOException {
        KeyStore chosen = KeyStore.getInstance("PKCS12");
        chosen.load(null, null);
        for (String alias : aliases) {
            chosen.setCertificateEntry(alias, store.getCertificate(alias));
        }
        return chosen;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        paths.checkServerTrusted(chain, authType, socket);
        requirePinned(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        paths.checkServerTrusted(chain, authType, engine);
        requirePinned(chain[0]);
    }

    /** Without a connection there is no host name to compare: never enough here. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a server is trusted in its own handshake only");
    }

    private void requirePinned(X509Certificate server) throws CertificateException {
        KeyPin pin = KeyPin.of(server.getPublicKey());
        if (!pins.isEmpty() && !pins.contains(pin)) {
            throw new CertificateException("the server's key " + pin + " is none of klms.pin");
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw noServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noServer();
    }

    private static CertificateException noServer() {
        return new CertificateException("the station is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return paths.getAcceptedIssuers();
    }
}
