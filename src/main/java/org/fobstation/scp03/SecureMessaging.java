package org.fobstation.scp03;

import static org.fobstation.scp03.Scp03Exception.Fault.ANSWER_MALFORMED;
import static org.fobstation.scp03.Scp03Exception.Fault.COMMAND_TOO_LONG;
import static org.fobstation.scp03.Scp03Exception.Fault.PADDING_WRONG;
import static org.fobstation.scp03.Scp03Exception.Fault.RMAC_MISSING;
import static org.fobstation.scp03.Scp03Exception.Fault.RMAC_WRONG;

import java.util.Arrays;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;
import org.fobstation.secret.Aes;
import org.fobstation.secret.AesCmac;

/**
 * Secure messaging of one session without its I/O: session keys, MAC chaining value, encryption counter. Owns keys and
 * ciphers: closing wipes them.
 *
 * <pre>
 * sent      CLA+04 INS P1 P2 Lc | E(S-ENC, data 80 00..) | C-MAC n | Le
 * received  E(S-ENC, data 80 00..) | R-MAC n | SW1 SW2
 * </pre>
 *
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D sections 6.2.4 to 6.2.7"
 */
final class SecureMessaging implements AutoCloseable {

    private static final int SHORT_LC_MAX = 255;
    private static final int LC_MAX = 65535;
    private static final int SECURE = 0x04;
    private static final int CHANNEL_BITS = 0x03;
    private static final byte RESPONSE_ICV = (byte) 0x80;

    private final SessionKeys keys;
    private final SecurityLevel level;
    private final int n;
    private final Compatibility compatibility;
    private final boolean extendedLength;
    private final AesCmac cMac;
    private final AesCmac rMac;
    private final Aes enc;
    private final byte[] chaining = new byte[AesCmac.LENGTH];
    private final byte[] scratch = new byte[AesCmac.LENGTH];
    private long counter;

    /**
     * @param keys owned from here on
     * @param cMac a CMAC under S-MAC, owned from here on
     */
    SecureMessaging(SessionKeys keys, AesCmac cMac, SecurityLevel level, HandshakeParameters parameters) {
        this.keys = keys;
        this.cMac = cMac;
        this.level = level;
        this.n = parameters.mode().length();
        this.compatibility = parameters.compatibility();
        this.extendedLength = parameters.extendedLength();
        this.rMac = level.rMac() ? AesCmac.of(keys.rmac()) : null;
        this.enc = level.cEnc() ? Aes.of(keys.enc()) : null;
    }

    SecurityLevel level() {
        return level;
    }

    /** EXTERNAL AUTHENTICATE: never encrypted, has a C-MAC at every level, its MAC is the first chaining value. */
    byte[] wrapAuthentication(byte[] hostCryptogram) throws Scp03Exception {
        CommandApdu command = CommandApdu.of(0x80, 0x82, level.value(), 0x00, hostCryptogram);
        return wrap(command, new CommandData.OfCommand(command), 0, false);
    }

    /**
     * The command as it goes over the air. Counter and chaining value advance: the card counts a command it refuses.
     *
     * @param command gives CLA INS P1 P2
     * @param data gives the data
     * @throws Scp03Exception COMMAND_TOO_LONG; then nothing has advanced
     */
    byte[] wrap(CommandApdu command, CommandData data, int ne) throws Scp03Exception {
        if (level.cMac()) {
            return wrap(command, data, ne, level.cEnc());
        }
        byte[] wire = layOut(command, data.length(), ne);
        data.copyTo(wire, dataAt(data.length(), ne));
        return wire;
    }

    private byte[] wrap(CommandApdu command, CommandData data, int ne, boolean encrypt) throws Scp03Exception {
        int plain = data.length();
        boolean hasCipherText = encrypt && (plain > 0 || compatibility.padEmpty());
        int body = hasCipherText ? Padding.paddedLength(plain) : plain;
        byte[] wire = layOut(command, body + n, ne);
        int at = dataAt(body + n, ne);
        data.copyTo(wire, at);
        if (encrypt && (body > 0 || !compatibility.counterWithDataOnly())) {
            counter++;
        }
        if (hasCipherText) {
            wire[at + plain] = (byte) 0x80;
            enc.encryptCbc(icv((byte) 0), wire, at, body);
        }
        // The MAC covers the CLA of logical channel 0; the channel number is set after it.
        wire[0] = (byte) (command.cla() & ~CHANNEL_BITS | SECURE);
        cMac.update(chaining).update(wire, 0, at + body).finish(chaining);
        wire[0] |= (byte) (command.cla() & CHANNEL_BITS);
        System.arraycopy(chaining, 0, wire, at + body, n);
        return wire;
    }

    /** Header, Lc and Le in place, the data field empty. */
    private byte[] layOut(CommandApdu command, int lc, int ne) throws Scp03Exception {
        boolean extended = isExtended(lc, ne);
        if (extended && (!extendedLength || lc > LC_MAX)) {
            throw Scp03Exception.of(COMMAND_TOO_LONG, tooLong(lc, ne));
        }
        int at = dataAt(lc, ne);
        int leOctets = ne == 0 ? 0 : extended ? 2 : 1;
        byte[] wire = new byte[at + lc + leOctets];
        wire[0] = (byte) command.cla();
        wire[1] = (byte) command.ins();
        wire[2] = (byte) command.p1();
        wire[3] = (byte) command.p2();
        if (extended && lc > 0) {
            wire[5] = (byte) (lc >> 8);
            wire[6] = (byte) lc;
        } else if (lc > 0) {
            wire[4] = (byte) lc;
        }
        for (int i = 0; i < leOctets; i++) {
            wire[wire.length - 1 - i] = (byte) (ne >> 8 * i);
        }
        return wire;
    }

    private static boolean isExtended(int lc, int ne) {
        return lc > SHORT_LC_MAX || ne > CommandApdu.NE_SHORT_MAX;
    }

    private static int dataAt(int lc, int ne) {
        if (isExtended(lc, ne)) {
            return lc > 0 ? 7 : 5;
        }
        return lc > 0 ? 5 : 4;
    }

    private String tooLong(int lc, int ne) {
        return "with its protection the command has an Lc of " + lc + " and an Ne of " + ne + "; "
                + (extendedLength
                        ? "an extended APDU holds 65535"
                        : "a short APDU holds 255 and 256, and extended length is not allowed");
    }

    /**
     * Checks and decrypts an answer to the last wrapped command. After an exception the session is unusable.
     *
     * @param answer at least 2 bytes; changed by decryption
     */
    ResponseApdu unwrap(byte[] answer) throws Scp03Exception {
        if (!level.rMac()) {
            return ResponseApdu.parse(answer);
        }
        int length = answer.length - 2;
        StatusWord status = new StatusWord((answer[length] & 0xFF) << 8 | answer[length + 1] & 0xFF);
        if (!status.isSuccess() && !status.isWarning()) {
            if (length > 0) {
                throw Scp03Exception.of(ANSWER_MALFORMED, "an error answer came with data: " + status, status);
            }
            return ResponseApdu.parse(answer);
        }
        int dataLength = length - n;
        if (dataLength < 0) {
            throw Scp03Exception.of(
                    RMAC_MISSING, "an answer of " + length + " bytes with " + status + " has no R-MAC", status);
        }
        rMac.update(chaining)
                .update(answer, 0, dataLength)
                .update(answer, length, 2)
                .finish(scratch);
        if (!macMatches(answer, dataLength)) {
            throw Scp03Exception.of(RMAC_WRONG, "the R-MAC of an answer with " + status + " is wrong", status);
        }
        int plain = level.rEnc() && dataLength > 0 ? decrypt(answer, dataLength, status) : dataLength;
        return ResponseApdu.of(answer, plain, status);
    }

    private boolean macMatches(byte[] answer, int at) {
        int difference = 0;
        for (int i = 0; i < n; i++) {
            difference |= answer[at + i] ^ scratch[i];
        }
        return difference == 0;
    }

    private int decrypt(byte[] answer, int length, StatusWord status) throws Scp03Exception {
        if (length % Aes.BLOCK != 0) {
            throw Scp03Exception.of(
                    ANSWER_MALFORMED, "encrypted answer data of " + length + " bytes are no whole blocks", status);
        }
        enc.decryptCbc(icv(RESPONSE_ICV), answer, 0, length);
        int plain = Padding.plainLength(answer, length);
        if (plain < 0) {
            throw Scp03Exception.of(PADDING_WRONG, "the padding of the answer data is wrong", status);
        }
        return plain;
    }

    /** The counter as a block, its first byte telling command (00) from response (80), encrypted under S-ENC. */
    private byte[] icv(byte first) {
        Arrays.fill(scratch, (byte) 0);
        scratch[0] = first;
        for (int i = 0; i < Long.BYTES; i++) {
            scratch[scratch.length - 1 - i] = (byte) (counter >> 8 * i);
        }
        enc.encryptBlock(scratch, 0, scratch, 0);
        return scratch;
    }

    @Override
    public void close() {
        cMac.close();
        if (rMac != null) {
            rMac.close();
        }
        if (enc != null) {
            enc.close();
        }
        keys.close();
        Arrays.fill(chaining, (byte) 0);
        Arrays.fill(scratch, (byte) 0);
    }
}
