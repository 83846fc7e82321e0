package org.fobstation.klms;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The station's private key, or a handle to it, with its certificate chain. Prints no key. */
final class StationKey {

    private static final String PSS = "RSASSA-PSS";
    private static final PSSParameterSpec PSS_SHA256 =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    /** By what a key is tried out: the algorithms that TLS has for it. */
    private static final Map<String, String> SIGNATURES = Map.of(
            "EC", "SHA256withECDSA",
            "RSA", "SHA256withRSA",
            "RSASSA-PSS", "RSASSA-PSS",
            "EdDSA", "EdDSA",
            "Ed25519", "Ed25519",
            "Ed448", "Ed448");

    private final PrivateKey key;
    private final X509Certificate[] chain;

    private StationKey(PrivateKey key, X509Certificate[] chain) {
        this.key = key;
        this.chain = chain;
    }

    /**
     * Takes the one key that is meant out of an open store and tries it out.
     *
     * @param password of the store; null for one that has none
     * @throws KlmsSetupException if it is not exactly one, or does not belong to its certificate
     */
    static StationKey from(KeyStore store, StoreLocation location, char[] password) throws KlmsSetupException {
        try {
            String alias = alias(store, location);
            if (!(store.getKey(alias, password) instanceof PrivateKey key)) {
                throw new UnrecoverableKeyException("a secret key");
            }
            StationKey own = new StationKey(key, chain(store.getCertificateChain(alias), location));
            own.requirePair(location);
            return own;
        } catch (KeyStoreException e) {
            throw new IllegalStateException("a loaded store answers", e);
        } catch (GeneralSecurityException e) {
            throw new KlmsSetupException(
                    location.toString(),
                    "its private key cannot be read",
                    "Give the key the same password as the store: PKCS#12 has one for both.");
        }
    }

    private static String alias(KeyStore store, StoreLocation location) throws KeyStoreException, KlmsSetupException {
        List<String> keys = Collections.list(store.aliases()).stream()
                .filter(alias -> isKey(store, alias))
                .toList();
        String entry = location.entry();
        List<String> meant = entry.isEmpty()
                ? keys
                : keys.stream().filter(alias -> isMeant(store, alias, entry)).toList();
        if (meant.size() == 1) {
            return meant.get(0);
        }
        if (entry.isEmpty()) {
            throw new KlmsSetupException(
                    location.toString(),
                    meant.isEmpty() ? "holds no private key" : "holds " + meant.size() + " private keys",
                    location instanceof Pkcs12File
                            ? "Keep exactly one private key with its certificate in it, the station's."
                            : "Name the one by object=; there are " + meant + ".");
        }
        throw new KlmsSetupException(
                location.toString(),
                "holds " + (meant.isEmpty() ? "no private key" : meant.size() + " private keys") + " named " + entry,
                "There are " + keys + "; a key counts only with its certificate.");
    }

    private static boolean isKey(KeyStore store, String alias) {
        try {
            return store.isKeyEntry(alias);
        } catch (KeyStoreException e) {
            throw new IllegalStateException("a loaded store answers", e);
        }
    }

    /** Whether an entry has this alias, or a certificate with this SHA-1 thumbprint, which may be written with blanks. */
    static boolean isMeant(KeyStore store, String alias, String entry) {
        String hex = entry.replaceAll("[\\s:]", "").toLowerCase(Locale.ROOT);
        try {
            Certificate certificate = store.getCertificate(alias);
            return alias.equals(entry)
                    || certificate != null
                            && HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()))
                                    .equals(hex);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a loaded store answers", e);
        }
    }

    private static X509Certificate[] chain(Certificate[] chain, StoreLocation location) throws KlmsSetupException {
        if (chain == null
                || chain.length == 0
                || !Arrays.stream(chain).allMatch(certificate -> certificate instanceof X509Certificate)) {
            throw new KlmsSetupException(
                    location.toString(),
                    "its private key has no X.509 certificate",
                    "Put the certificate with its chain into the store.");
        }
        return Arrays.copyOf(chain, chain.length, X509Certificate[].class);
    }

    /** A key that cannot sign, or another one than the certificate's, would fail at every fob. */
    private void requirePair(StoreLocation location) throws KlmsSetupException {
        PublicKey certified = certificate().getPublicKey();
        String algorithm = SIGNATURES.get(certified.getAlgorithm());
        if (algorithm == null) {
            throw new KlmsSetupException(
                    location.toString(),
                    "its key is of the kind " + certified.getAlgorithm() + ", which TLS does not use",
                    "Have a certificate issued for an EC or RSA key.");
        }
        byte[] text = new byte[32];
        new SecureRandom().nextBytes(text);
        boolean pair;
        try {
            Signature signer = signature(algorithm, certified);
            signer.initSign(key);
            signer.update(text);
            byte[] signed = signer.sign();
            Signature verifier = signature(algorithm, certified);
            verifier.initVerify(certified);
            verifier.update(text);
            pair = verifier.verify(signed);
        } catch (InvalidKeyException e) {
            pair = false;
        } catch (GeneralSecurityException | ProviderException e) {
            throw new KlmsSetupException(
                    location.toString(), "its private key does not sign: " + e.getMessage(), "Check key and token.");
        }
        if (!pair) {
            throw new KlmsSetupException(
                    location.toString(),
                    "its private key is not the one of its certificate",
                    "Put the certificate there that was issued for this key.");
        }
    }

    /** Of RSASSA-PSS with the key's own parameters, or with the least that TLS has where the key leaves them open. */
    private static Signature signature(String algorithm, PublicKey certified) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        if (algorithm.equals(PSS)) {
            AlgorithmParameterSpec own = certified instanceof RSAKey rsa ? rsa.getParams() : null;
            signature.setParameter(own == null ? PSS_SHA256 : own);
        }
        return signature;
    }

    PrivateKey key() {
        return key;
    }

    /** A copy, the station's certificate first. */
    X509Certificate[] chain() {
        return chain.clone();
    }

    X509Certificate certificate() {
        return chain[0];
    }

    @Override
    public String toString() {
        return "key of " + certificate().getSubjectX500Principal();
    }
}
