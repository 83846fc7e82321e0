package org.fobstation.audit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The two chains of the journal: each link is SHA-256 over the link before it and some bytes. Links are lower-case hex. */
final class HashChain {

    /** What stands before the first link: 32 zero bytes. */
    static final String START = "0".repeat(64);

    private static final HexFormat HEX = HexFormat.of();

    private HashChain() {}

    /**
     * @param previous the link before, 64 digits
     * @return the next link, 64 digits
     */
    static String next(String previous, byte[] bytes) {
        return next(previous, bytes, 0, bytes.length);
    }

    /** As {@link #next(String, byte[])}, over {@code length} bytes from {@code offset}. */
    static String next(String previous, byte[] bytes, int offset, int length) {
        MessageDigest digest = sha256();
        digest.update(HEX.parseHex(previous));
        digest.update(bytes, offset, length);
        return HEX.formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
