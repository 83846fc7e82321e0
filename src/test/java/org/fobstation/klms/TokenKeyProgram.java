package org.fobstation.klms;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Makes a key on a token, prints its public half in Base64, and puts the chain that comes back in the same form, one
 * certificate a line, beside it. The PIN is the first line of the input.
 */
final class TokenKeyProgram {

    private TokenKeyProgram() {}

    /** @param arguments library, label of the token, label of the key, algorithm */
    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        char[] pin = in.readLine().toCharArray();
        Path library = Path.of(arguments[0]);
        long slot = Pkcs11Slots.of(new Pkcs11Token(library, arguments[1], "")).slot();
        Provider provider = Security.getProvider("SunPKCS11")
                .configure("--name = token\nlibrary = " + library + "\nslot = " + slot + "\n");
        KeyStore store = KeyStore.getInstance("PKCS11", provider);
        store.load(null, pin);
        KeyPairGenerator generator = KeyPairGenerator.getInstance(arguments[3], provider);
        if (arguments[3].equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        } else {
            generator.initialize(2048);
        }
        KeyPair keys = generator.generateKeyPair();
        System.out.println(Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()));
        List<Certificate> chain = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            chain.add(CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getDecoder().decode(line))));
        }
        store.setKeyEntry(arguments[2], keys.getPrivate(), null, chain.toArray(Certificate[]::new));
    }
}
