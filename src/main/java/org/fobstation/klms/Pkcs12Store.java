package org.fobstation.klms;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A PKCS#12 file. What keeps it from being used is said with file, reason and remedy; its password is overwritten. */
final class Pkcs12Store {

    private final Path file;
    private final Supplier<char[]> password;
    private final KeyStore store;

    private Pkcs12Store(Path file, Supplier<char[]> password, KeyStore store) {
        this.file = file;
        this.password = password;
        this.store = store;
    }

    /** @param passwordSetting where the password is set, for the remedy */
    static Pkcs12Store open(Path file, Supplier<char[]> password, String passwordSetting) throws KlmsSetupException {
        if (!Files.isRegularFile(file)) {
            throw new KlmsSetupException(
                    file.toString(), "there is no such file", "Put the PKCS#12 store there, or correct the path.");
        }
        char[] chars = password.get();
        if (chars == null) {
            throw new KlmsSetupException(file.toString(), "its password is not set", "Set " + passwordSetting + ".");
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, chars);
            return new Pkcs12Store(file, password, store);
        } catch (AccessDeniedException e) {
            throw new KlmsSetupException(
                    file.toString(), "may not be read", "Let the station's user read it, and nobody else.");
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw new KlmsSetupException(
                        file.toString(), "the password does not open it", "Correct " + passwordSetting + ".");
            }
            throw notPkcs12(file);
        } catch (GeneralSecurityException e) {
            throw notPkcs12(file);
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    private static KlmsSetupException notPkcs12(Path file) {
        return new KlmsSetupException(
                file.toString(),
                "is not a PKCS#12 store this Java can read",
                "Convert it: keytool -importkeystore -deststoretype PKCS12.");
    }

    /** Key managers for the one private key in the store. */
    KeyManager[] keyManagers() throws KlmsSetupException {
        char[] chars = password.get();
        try {
            requireOneKey();
            // SunX509 takes the key out now; PKIX would keep the password for later.
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, chars);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new KlmsSetupException(
                    file.toString(),
                    "its private key cannot be read",
                    "Give the key the same password as the store: PKCS#12 has one for both.");
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    /** The certificate that belongs to the one private key. */
    X509Certificate ownCertificate() throws KlmsSetupException {
        try {
            if (store.getCertificate(requireOneKey()) instanceof X509Certificate certificate) {
                return certificate;
            }
        } catch (KeyStoreException e) {
            throw new IllegalStateException("a loaded store answers", e);
        }
        throw new KlmsSetupException(
                file.toString(),
                "its private key has no X.509 certificate",
                "Put the certificate with its chain into the store.");
    }

    /** Trust managers for the certificates in the store. */
    TrustManager[] trustManagers() throws KlmsSetupException {
        try {
            boolean trusts = false;
            for (String alias : Collections.list(store.aliases())) {
                trusts |= store.isCertificateEntry(alias);
            }
            if (!trusts) {
                // Stores made by openssl lack the attribute by which Java knows a trusted certificate.
                throw new KlmsSetupException(
                        file.toString(),
                        "holds no trusted certificate",
                        "Import the key server's root: keytool -importcert -storetype PKCS12.");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a loaded store answers", e);
        }
    }

    private String requireOneKey() throws KeyStoreException, KlmsSetupException {
        List<String> keys = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                keys.add(alias);
            }
        }
        if (keys.size() != 1) {
            throw new KlmsSetupException(
                    file.toString(),
                    keys.isEmpty() ? "holds no private key" : "holds " + keys.size() + " private keys",
                    "Keep exactly one private key with its certificate in it, the station's.");
        }
        return keys.get(0);
    }
}
