package org.fobstation.klms;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Optional;

/**
 * Where a key with its certificate, or certificates that are trusted, are kept: a PKCS#12 file, a PKCS#11 token or a
 * certificate store of Windows. Its text names no secret.
 */
public sealed interface StoreLocation permits Pkcs12File, Pkcs11Token, WindowsStore {

    /**
     * Where the station's key is: {@code pkcs11:token=NAME;object=LABEL?module-path=FILE} (of RFC 7512), {@code
     * windows-my:ENTRY}, or the path of a PKCS#12 file.
     *
     * @param home where a relative path starts
     * @throws IllegalArgumentException with the reason; it repeats no PIN that was written into the text
     */
    static StoreLocation ofKey(String text, Path home) {
        StoreLocation location = parse(text, home);
        if (location instanceof WindowsStore windows && windows.kind() == WindowsStore.Kind.ROOT) {
            throw new IllegalArgumentException("that store holds no keys; write windows-my:NAME");
        }
        return location;
    }

    /** As {@link #ofKey}, for the trusted certificates: {@code windows-root:ENTRY} or the path of a PKCS#12 file. */
    static StoreLocation ofTrust(String text, Path home) {
        StoreLocation location = parse(text, home);
        if (location instanceof Pkcs11Token) {
            throw new IllegalArgumentException(
                    "a token keeps the station's key only; keep the trusted certificates in a PKCS#12 file");
        }
        if (location instanceof WindowsStore windows && windows.kind() == WindowsStore.Kind.MY) {
            throw new IllegalArgumentException("that store holds no trusted authorities; write windows-root:NAME");
        }
        return location;
    }

    private static StoreLocation parse(String text, Path home) {
        if (text.startsWith(Pkcs11Token.SCHEME)) {
            return Pkcs11Token.parse(text, home);
        }
        Optional<StoreLocation> windows = WindowsStore.parse(text);
        if (windows.isPresent()) {
            return windows.get();
        }
        try {
            return new Pkcs12File(home.resolve(text).normalize());
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is no path", e);
        }
    }

    /**
     * Opens it.
     *
     * @param password of the file or PIN of the token, null where none is set; the caller overwrites it
     * @param passwordSetting where it is set, for the remedy
     * @throws KlmsSetupException naming it, with reason and remedy
     */
    KeyStore load(char[] password, String passwordSetting) throws KlmsSetupException;

    /** The alias or SHA-1 thumbprint of the one entry that is meant; empty: the store decides. */
    default String entry() {
        return "";
    }

    /** Whether it opens with a password or PIN of the station's. */
    default boolean hasPassword() {
        return true;
    }

    /** The file whose change means that it was renewed; empty for what is read at the start only. */
    default Optional<Path> file() {
        return Optional.empty();
    }
}
