package org.fobstation.scp03;

import static org.fobstation.scp03.Scp03Exception.Fault.KEY_CHECK_VALUE_WRONG;

import java.security.MessageDigest;
import java.util.Arrays;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.secret.Aes;
import org.fobstation.secret.SecretBytes;

/**
 * PUT KEY for a set of three AES keys, identifiers 01 to 03, encrypted under the static Key-DEK.
 *
 * <pre>
 * command  80 D8 replacedKVN 81 Lc | newKVN | field(ENC) | field(MAC) | field(DEK) | 00
 * field    88 | length | key length | E(DEK, IV 0, key) | 03 | KCV 3
 * answer   newKVN | KCV(ENC) | KCV(MAC) | KCV(DEK)
 * </pre>
 *
 * @see "GlobalPlatform Card Specification 2.3.1 section 11.8; Amendment D section 6.2.8"
 */
public final class PutKey {

    /** How the length of a key is written. */
    public enum Format {
        /** 88 11 10 C: the clear key length precedes the encrypted key. Amendment D, JCOP 4. */
        INNER_LENGTH,
        /** 88 10 C: no clear key length; only for keys of whole blocks. Used for YubiKeys. */
        NO_INNER_LENGTH
    }

    /** The highest version a key set can be given, and replaced by. */
    public static final int MAX_KVN = 0x7F;

    private static final int AES = 0x88;
    private static final int THREE_KEYS_FROM_01 = 0x81;
    private static final int MAX_FIELD = 1 + 1 + 1 + 32 + 1 + Kcv.LENGTH;

    private final CommandApdu command;
    private final byte[] expected;

    private PutKey(CommandApdu command, byte[] expected) {
        this.command = command;
        this.expected = expected;
    }

    /**
     * @param replacedKvn version of the key set that is replaced, 1..127; 0 adds a key set
     * @param newKvn version of the new key set, 1..127
     * @param newKeys stay the caller's
     * @param dek static Key-DEK of the key set the session was opened with; stays the caller's
     * @throws IllegalArgumentException if a version is out of range, or the format cannot hold 24-byte keys
     */
    public static PutKey of(int replacedKvn, int newKvn, StaticKeys newKeys, SecretBytes dek, Format format) {
        if (replacedKvn < 0 || replacedKvn > MAX_KVN || newKvn < 1 || newKvn > MAX_KVN) {
            throw new IllegalArgumentException(
                    "PUT KEY replaces KVN 0..127 by 1..127, not " + replacedKvn + " by " + newKvn);
        }
        byte[] data = new byte[1 + 3 * MAX_FIELD];
        byte[] expected = new byte[1 + 3 * Kcv.LENGTH];
        data[0] = (byte) newKvn;
        expected[0] = (byte) newKvn;
        int at = 1;
        int kcvAt = 1;
        try (Aes cipher = Aes.of(dek)) {
            for (SecretBytes key : new SecretBytes[] {newKeys.enc(), newKeys.mac(), newKeys.dek()}) {
                at = putField(data, at, key, cipher, format);
                System.arraycopy(data, at - Kcv.LENGTH, expected, kcvAt, Kcv.LENGTH);
                kcvAt += Kcv.LENGTH;
            }
        }
        CommandApdu command = CommandApdu.of(
                0x80, 0xD8, replacedKvn, THREE_KEYS_FROM_01, Arrays.copyOf(data, at), CommandApdu.NE_SHORT_MAX);
        return new PutKey(command, expected);
    }

    /** Writes the field of one key and gives the index after it. */
    static int putField(byte[] data, int start, SecretBytes key, Aes dek, Format format) {
        int blocks = (key.length() + Aes.BLOCK - 1) / Aes.BLOCK * Aes.BLOCK;
        boolean innerLength = format == Format.INNER_LENGTH;
        if (!innerLength && blocks != key.length()) {
            throw new IllegalArgumentException(
                    "a key of " + key.length() + " bytes needs padding, and with it the inner length");
        }
        int at = start;
        data[at++] = (byte) AES;
        data[at++] = (byte) (innerLength ? blocks + 1 : blocks);
        if (innerLength) {
            data[at++] = (byte) key.length();
        }
        encrypt(data, at, blocks, key, dek);
        at += blocks;
        data[at++] = Kcv.LENGTH;
        System.arraycopy(Kcv.of(key), 0, data, at, Kcv.LENGTH);
        return at + Kcv.LENGTH;
    }

    /** The key lies in {@code data} in clear only until it is encrypted in place; if that fails it is overwritten. */
    private static void encrypt(byte[] data, int at, int blocks, SecretBytes key, Aes dek) {
        boolean encrypted = false;
        try {
            key.exposeTo(data, at);
            if (key.length() < blocks) {
                // The filler of a 24-byte key is arbitrary by the standard.
                data[at + key.length()] = (byte) 0x80;
            }
            dek.encryptCbc(new byte[Aes.BLOCK], data, at, blocks);
            encrypted = true;
        } finally {
            if (!encrypted) {
                Arrays.fill(data, at, at + blocks, (byte) 0);
            }
        }
    }

    /**
     * The plain command, to be sent under secure messaging. Who knows the static keys reads the new keys from its data:
     * keep what was sent out of traces.
     */
    public CommandApdu command() {
        return command;
    }

    /**
     * Checks that the card has taken the keys that were sent: new KVN and three key check values, in constant time.
     *
     * @throws Scp03Exception CARD_REFUSED, or KEY_CHECK_VALUE_WRONG
     */
    public void check(ResponseApdu answer) throws Scp03Exception {
        if (!answer.status().isSuccess()) {
            throw Scp03Exception.refused("PUT KEY", answer.status());
        }
        if (!MessageDigest.isEqual(expected, answer.data())) {
            throw Scp03Exception.of(
                    KEY_CHECK_VALUE_WRONG,
                    "PUT KEY gave " + answer.dataLength()
                            + " bytes that are not the new key version and the key check values of the new keys",
                    answer.status());
        }
    }
}
