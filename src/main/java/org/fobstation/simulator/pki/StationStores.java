package org.fobstation.simulator.pki;

import java.nio.file.Path;
import java.security.SecureRandom;

/** The station's two PKCS#12 files and their passwords. Prints no password. */
public final class StationStores {

    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789";
    private static final int PASSWORD_LENGTH = 24;

    private final Path keyStore;
    private final Path trustStore;
    private final char[] keyStorePassword;
    private final char[] trustStorePassword;

    private StationStores(Path keyStore, char[] keyStorePassword, Path trustStore, char[] trustStorePassword) {
        this.keyStore = keyStore;
        this.keyStorePassword = keyStorePassword;
        this.trustStore = trustStore;
        this.trustStorePassword = trustStorePassword;
    }

    static StationStores in(Path folder, SecureRandom random) {
        return new StationStores(
                folder.resolve("station.p12"), password(random), folder.resolve("trust.p12"), password(random));
    }

    private static char[] password(SecureRandom random) {
        char[] password = new char[PASSWORD_LENGTH];
        for (int i = 0; i < password.length; i++) {
            password[i] = LETTERS.charAt(random.nextInt(LETTERS.length()));
        }
        return password;
    }

    /** {@code station.p12}: the station's private key with its certificate and the CA's. */
    public Path keyStore() {
        return keyStore;
    }

    /** A copy. */
    public char[] keyStorePassword() {
        return keyStorePassword.clone();
    }

    /** {@code trust.p12}: the CA the key server's certificate must come from. */
    public Path trustStore() {
        return trustStore;
    }

    /** A copy. */
    public char[] trustStorePassword() {
        return trustStorePassword.clone();
    }

    /** The files only. */
    @Override
    public String toString() {
        return keyStore + ", " + trustStore;
    }
}
