package org.fobstation.simulator.pki;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certification authority that lives as long as the process. */
final class TestAuthority {

    enum Role {
        CLIENT(KeyPurposeId.id_kp_clientAuth),
        SERVER(KeyPurposeId.id_kp_serverAuth);

        private final KeyPurposeId purpose;

        Role(KeyPurposeId purpose) {
            this.purpose = purpose;
        }
    }

    private static final X500Name NAME = new X500Name("CN=Fob station test CA");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyPair keys;
    private final X509Certificate certificate;

    private TestAuthority(KeyPair keys, X509Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    /** When a certificate holds. */
    record Term(Instant from, Instant until) {}

    static TestAuthority create(Term term) {
        KeyPair keys = newKeys();
        X509v3CertificateBuilder certificate = certificate(NAME, keys.getPublic(), term);
        try {
            certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            certificate.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            return new TestAuthority(keys, signed(certificate, keys));
        } catch (IOException e) {
            throw new IllegalStateException("an extension cannot be encoded", e);
        }
    }

    /** @param names subject alternative names; none for a client */
    TestIdentity issue(String commonName, List<GeneralName> names, Role role, Term term) {
        KeyPair own = newKeys();
        return new TestIdentity(own.getPrivate(), certify(own.getPublic(), commonName, names, role, term), certificate);
    }

    /** A certificate for a key that is somewhere else. */
    X509Certificate certify(PublicKey key, String commonName, List<GeneralName> names, Role role, Term term) {
        X509v3CertificateBuilder issued = certificate(new X500Name("CN=" + commonName), key, term);
        try {
            issued.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            issued.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            issued.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(role.purpose));
            if (!names.isEmpty()) {
                issued.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            return signed(issued, keys);
        } catch (IOException e) {
            throw new IllegalStateException("an extension cannot be encoded", e);
        }
    }

    X509Certificate certificate() {
        return certificate;
    }

    KeyStore trustStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", certificate);
        return store;
    }

    void write(Path file, char[] password) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            trustStore().store(out, password);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot write " + file, e);
        }
    }

    private static X509v3CertificateBuilder certificate(X500Name subject, PublicKey key, Term term) {
        return new JcaX509v3CertificateBuilder(
                NAME,
                new BigInteger(64, RANDOM).setBit(64),
                Date.from(term.from()),
                Date.from(term.until()),
                subject,
                key);
    }

    private static X509Certificate signed(X509v3CertificateBuilder certificate, KeyPair signer) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(certificate.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("every Java signs with ECDSA", e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }
}
