package org.fobstation.scp03;

import org.fobstation.secret.SecretBytes;

/**
 * The keys of one session, each as long as the static keys. Owns them: closing wipes all three. There is no session
 * DEK; the static one encrypts keys.
 *
 * @param enc S-ENC
 * @param mac S-MAC
 * @param rmac S-RMAC
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D section 6.2.1"
 */
public record SessionKeys(SecretBytes enc, SecretBytes mac, SecretBytes rmac) implements AutoCloseable {

    @Override
    public void close() {
        enc.close();
        mac.close();
        rmac.close();
    }

    /** The length only. */
    @Override
    public String toString() {
        return "session keys, AES-" + 8 * enc.length();
    }
}
