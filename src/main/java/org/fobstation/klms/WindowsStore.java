package org.fobstation.klms;

import com.sun.jna.Platform;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;

/**
 * A certificate store of the Windows user the station runs as. Windows keeps the private keys; there is no password.
 *
 * @param kind which store
 * @param entry alias (friendly name) or SHA-1 thumbprint of the one certificate that is meant
 */
public record WindowsStore(Kind kind, String entry) implements StoreLocation {

    /** What to do where there is no Windows. */
    public static final String ELSEWHERE = "Use a PKCS#12 file or a PKCS#11 token here.";

    /** Windows' names for its stores. */
    public enum Kind {
        /** Own certificates with their keys. */
        MY("windows-my:", "Windows-MY"),
        /** Trusted authorities. */
        ROOT("windows-root:", "Windows-ROOT");

        private final String scheme;
        private final String type;

        Kind(String scheme, String type) {
            this.scheme = scheme;
            this.type = type;
        }
    }

    /** Whether this machine has such stores. */
    public static boolean isHere() {
        return Platform.isWindows();
    }

    static Optional<StoreLocation> parse(String text) {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.scheme)) {
                String entry = text.substring(kind.scheme.length()).strip();
                if (entry.isEmpty()) {
                    // Windows trusts dozens of authorities, and keeps certificates of many purposes.
                    throw new IllegalArgumentException(
                            "it names no certificate; write " + kind.scheme + "NAME or " + kind.scheme + "THUMBPRINT");
                }
                return Optional.of(new WindowsStore(kind, entry));
            }
        }
        return Optional.empty();
    }

    @Override
    public KeyStore load(char[] password, String passwordSetting) throws KlmsSetupException {
        if (!isHere()) {
            throw new KlmsSetupException(toString(), "this store is only on Windows", ELSEWHERE);
        }
        try {
            KeyStore store = KeyStore.getInstance(kind.type);
            store.load(null, null);
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new KlmsSetupException(
                    toString(),
                    "cannot be opened: " + e.getMessage(),
                    "Check it with certmgr.msc as the user the station runs as.");
        }
    }

    @Override
    public boolean hasPassword() {
        return false;
    }

    @Override
    public String toString() {
        return kind.scheme + entry;
    }
}
