package org.fobstation.simulator.fob;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;

/**
 * Secure messaging as the card does it, from EXTERNAL AUTHENTICATE to the end of the session. Guarded by the fob.
 *
 * @see "GlobalPlatform Amendment D 1.1.1 sections 6.2.4 to 6.2.7"
 */
final class CardSecureChannel {

    private static final int C_MAC = 0x01;
    private static final int C_DECRYPTION = 0x02;
    private static final int R_MAC = 0x10;
    private static final int R_ENCRYPTION = 0x20;
    private static final int SECURE_MESSAGING = 0x04;

    private final SessionSecrets secrets;
    private final int level;
    private final boolean counterWithDataOnly;
    private final boolean padEmpty;
    private byte[] chaining;
    private long counter;

    /** @param chaining what {@link SessionSecrets#check} gave */
    CardSecureChannel(SessionSecrets secrets, int level, byte[] chaining, FobFeatures features) {
        this.secrets = secrets;
        this.level = level;
        this.chaining = chaining;
        this.counterWithDataOnly = features.counterWithDataOnly();
        this.padEmpty = features.padEmpty();
    }

    /** Whether EXTERNAL AUTHENTICATE knows this level. */
    static boolean isLevel(int level) {
        return switch (level) {
            case 0x00, 0x01, 0x03, 0x11, 0x13, 0x33 -> true;
            default -> false;
        };
    }

    /** Whether commands need a C-MAC; at level 00 they come plain. */
    boolean requiresMac() {
        return has(C_MAC);
    }

    /**
     * Checks and decrypts a command. After a refusal the session is not to be used.
     *
     * @param raw the command as it came
     * @param command the same, parsed
     */
    CommandApdu unwrap(byte[] raw, CommandApdu command) {
        byte[] data = command.data();
        int plainEnd = data.length - secrets.n();
        CardRefusal.unless(plainEnd >= 0, 0x6982);
        int dataAt = isExtended(raw) ? 7 : 5;
        byte[] mac = CardCrypto.cmac(secrets.mac(), chaining, Arrays.copyOf(raw, dataAt + plainEnd));
        CardRefusal.unless(Arrays.equals(data, plainEnd, data.length, mac, 0, secrets.n()), 0x6982);
        chaining = mac;
        byte[] plain = has(C_DECRYPTION) ? decrypt(Arrays.copyOf(data, plainEnd)) : Arrays.copyOf(data, plainEnd);
        int cla = command.cla() & ~SECURE_MESSAGING;
        return CommandApdu.of(cla, command.ins(), command.p1(), command.p2(), plain, command.ne());
    }

    private byte[] decrypt(byte[] encrypted) {
        if (encrypted.length > 0 || !counterWithDataOnly) {
            counter++;
        }
        if (encrypted.length == 0) {
            return encrypted;
        }
        CardRefusal.unless(encrypted.length % CardCrypto.BLOCK == 0, 0x6988);
        byte[] plain = CardCrypto.unpad(CardCrypto.decryptCbc(secrets.enc(), counterBlock(0x00), encrypted));
        CardRefusal.unless(plain != null && (plain.length > 0 || padEmpty), 0x6988);
        return plain;
    }

    /** Protects an answer: 9000, 62xx and 63xx only; every other status word goes bare. */
    ResponseApdu wrap(ResponseApdu answer) {
        StatusWord status = answer.status();
        if (!has(R_MAC) || !status.isSuccess() && !status.isWarning()) {
            return answer;
        }
        byte[] data = answer.data();
        if (has(R_ENCRYPTION) && data.length > 0) {
            data = CardCrypto.encryptCbc(secrets.enc(), counterBlock(0x80), CardCrypto.pad(data));
        }
        byte[] sw = {(byte) status.sw1(), (byte) status.sw2()};
        byte[] mac = CardCrypto.cmac(secrets.rmac(), chaining, data, sw);
        return ResponseApdu.of(CardCrypto.join(data, Arrays.copyOf(mac, secrets.n())), status);
    }

    /** How long {@code length} bytes of answer data become when wrapped. */
    int wrappedLength(int length) {
        boolean encrypted = has(R_ENCRYPTION) && length > 0;
        int protectedLength = encrypted ? (length / CardCrypto.BLOCK + 1) * CardCrypto.BLOCK : length;
        return protectedLength + (has(R_MAC) ? secrets.n() : 0);
    }

    /** The ICV for commands (first byte 00) or answers (first byte 80). */
    private byte[] counterBlock(int firstByte) {
        byte[] block = ByteBuffer.allocate(CardCrypto.BLOCK).putLong(8, counter).array();
        block[0] = (byte) firstByte;
        return CardCrypto.encryptBlock(secrets.enc(), block);
    }

    private boolean has(int bit) {
        return (level & bit) != 0;
    }

    /** Told from the bytes on the wire: the MAC covers Lc in the form it was sent. */
    static boolean isExtended(byte[] raw) {
        return raw.length >= 7 && raw[4] == 0;
    }
}
