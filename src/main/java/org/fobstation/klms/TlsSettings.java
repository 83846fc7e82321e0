package org.fobstation.klms;

import java.util.List;
import java.util.Objects;

/**
 * With what the station proves itself to the key server, and what it takes for the key server.
 *
 * @param keyStore holds the station's private key with its certificate
 * @param keyStorePassword its password or PIN
 * @param trustStore holds the certificates the key server's chain must end in
 * @param trustStorePassword its password
 * @param protocols the TLS versions offered, {@code TLSv1.3} and {@code TLSv1.2} only
 * @param pins keys the key server may have, beside that its certificate is trusted; empty: any
 */
public record TlsSettings(
        StoreLocation keyStore,
        StorePassword keyStorePassword,
        StoreLocation trustStore,
        StorePassword trustStorePassword,
        List<String> protocols,
        List<KeyPin> pins) {

    static final String KEY_STORE_PASSWORD = "KLMS_KEY_STORE_PASSWORD or klms.key-store-password-file";
    static final String TRUST_STORE_PASSWORD = "KLMS_TRUST_STORE_PASSWORD or klms.trust-store-password-file";

    private static final List<String> KNOWN_PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** @throws IllegalArgumentException naming the setting, what is wrong with it and what it should be */
    public TlsSettings {
        Objects.requireNonNull(keyStore, "klms.key-store");
        Objects.requireNonNull(keyStorePassword, "password of klms.key-store");
        Objects.requireNonNull(trustStore, "klms.trust-store");
        Objects.requireNonNull(trustStorePassword, "password of klms.trust-store");
        protocols = List.copyOf(protocols);
        if (protocols.isEmpty() || !KNOWN_PROTOCOLS.containsAll(protocols)) {
            throw new IllegalArgumentException("klms.tls: offer TLSv1.3, TLSv1.2 or both, not " + protocols);
        }
        pins = List.copyOf(pins);
    }
}
