package org.fobstation.klms;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Optional;

/** A PKCS#12 file. Its MAC tells a whole one from one that is still being written. */
public record Pkcs12File(Path path) implements StoreLocation {

    @Override
    public KeyStore load(char[] password, String passwordSetting) throws KlmsSetupException {
        if (!Files.isRegularFile(path)) {
            throw new KlmsSetupException(
                    toString(), "there is no such file", "Put the PKCS#12 store there, or correct the path.");
        }
        if (password == null) {
            throw new KlmsSetupException(toString(), "its password is not set", "Set " + passwordSetting + ".");
        }
        byte[] content = content();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password);
            return store;
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw new KlmsSetupException(
                        toString(), "the password does not open it", "Correct " + passwordSetting + ".");
            }
            throw notPkcs12();
        } catch (GeneralSecurityException e) {
            throw notPkcs12();
        }
    }

    private byte[] content() throws KlmsSetupException {
        try {
            return Files.readAllBytes(path);
        } catch (AccessDeniedException e) {
            throw new KlmsSetupException(
                    toString(), "may not be read", "Let the station's user read it, and nobody else.");
        } catch (IOException e) {
            throw new KlmsSetupException(
                    toString(), "cannot be read: " + e, "Look at the disk, and for a program that holds the file.");
        }
    }

    private KlmsSetupException notPkcs12() {
        return new KlmsSetupException(
                toString(),
                "is not a PKCS#12 store this Java can read",
                "Convert it: keytool -importkeystore -deststoretype PKCS12.");
    }

    @Override
    public Optional<Path> file() {
        return Optional.of(path);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
