package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.TransportException;

/**
 * A card with test keys that count up from 40, and an open session, written from the specification without the library's own
 * cryptography. Checks every C-MAC, and answers what the test tells it to; what goes over the air can be bent.
 */
final class TestCard implements ApduTransport {

    static final String KEY = "404142434445464748494A4B4C4D4E4F";

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String LONGEST_KEY = KEY + "505152535455565758595A5B5C5D5E5F";

    private final byte[] key;
    private final int n;
    private final byte[] cardChallenge;
    private byte[] sEnc;
    private byte[] sMac;
    private byte[] sRmac;
    private int level = -1;
    private byte[] chaining = new byte[16];
    private int counter;

    private byte[] answer = new byte[0];
    private int status = 0x9000;
    private UnaryOperator<byte[]> padding = TestCard::pad;
    private UnaryOperator<byte[]> air = UnaryOperator.identity();
    private int chunk = Integer.MAX_VALUE;
    private byte[] waiting = new byte[0];
    private int leBefore = -1;
    private boolean gone;

    /** Plain data of the wrapped commands that arrived, in hex. */
    final List<String> received = new ArrayList<>();

    /** All commands that arrived, as sent, in hex. */
    final List<String> sent = new ArrayList<>();

    TestCard(Scp03Mode mode) {
        this(mode, 16);
    }

    /** @param keyLength of its static keys: 16, 24 or 32 bytes */
    TestCard(Scp03Mode mode, int keyLength) {
        key = Arrays.copyOf(HEX.parseHex(LONGEST_KEY), keyLength);
        n = mode.length();
        cardChallenge = new byte[n];
        Arrays.fill(cardChallenge, (byte) 0xCC);
    }

    static StaticKeys keys() {
        return new StaticKeys(Vectors.secret(KEY), Vectors.secret(KEY), Vectors.secret(KEY));
    }

    /** This card's own keys, of its length. */
    StaticKeys staticKeys() {
        String digits = HEX.formatHex(key);
        return new StaticKeys(Vectors.secret(digits), Vectors.secret(digits), Vectors.secret(digits));
    }

    /** An open session with this card. */
    SecureChannel open(SecurityLevel securityLevel) throws Exception {
        return open(securityLevel, false);
    }

    SecureChannel open(SecurityLevel securityLevel, boolean extendedLength) throws Exception {
        return open(securityLevel, HandshakeParameters.of(1).withExtendedLength(extendedLength));
    }

    /** As above; the mode is the card's. */
    SecureChannel open(SecurityLevel securityLevel, HandshakeParameters given) throws Exception {
        HandshakeParameters parameters = given.withMode(n == 8 ? Scp03Mode.S8 : Scp03Mode.S16);
        try (StaticKeys keys = staticKeys();
                Handshake handshake = Handshake.begin(this, keys, parameters, new byte[n])) {
            SecureChannel channel = handshake.authenticate(securityLevel);
            sent.clear();
            return channel;
        }
    }

    /** From now on wrapped commands are answered with this. */
    TestCard answers(String hex, int statusWord) {
        answer = HEX.parseHex(hex);
        status = statusWord;
        return this;
    }

    /** Changes what goes over the air, status word included. */
    TestCard bending(UnaryOperator<byte[]> change) {
        air = change;
        return this;
    }

    /** Pads answers at R-ENC in another way. */
    TestCard padding(UnaryOperator<byte[]> otherPadding) {
        padding = otherPadding;
        return this;
    }

    /** Gives answers in pieces of this length, announced by 61xx. */
    TestCard inPieces(int length) {
        chunk = length;
        return this;
    }

    /** Asks once for another Le, as it does not have this. */
    TestCard wantsLe(int le) {
        leBefore = le;
        return this;
    }

    void remove() {
        gone = true;
    }

    @Override
    public byte[] transmit(byte[] encoded) throws TransportException {
        if (gone) {
            throw new TransportException(TransportException.Fault.FOB_REMOVED, "the test card was removed");
        }
        sent.add(HEX.formatHex(encoded));
        CommandApdu command = CommandApdu.parse(encoded);
        return switch (command.ins()) {
            case 0x50 -> initializeUpdate(command);
            case 0x82 -> externalAuthenticate(command);
            case 0xC0 -> piece();
            default -> wrapped(command);
        };
    }

    private byte[] initializeUpdate(CommandApdu command) {
        byte[] context = join(command.data(), cardChallenge);
        sEnc = kdf(key, 4, key.length, context);
        sMac = kdf(key, 6, key.length, context);
        sRmac = kdf(key, 7, key.length, context);
        byte[] head = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, (byte) (n == 8 ? 0x60 : 0x61)};
        return join(head, cardChallenge, kdf(sMac, 0, n, context), new byte[] {(byte) 0x90, 0});
    }

    private byte[] externalAuthenticate(CommandApdu command) {
        checkMac(command);
        level = command.p1();
        return new byte[] {(byte) 0x90, 0};
    }

    private byte[] wrapped(CommandApdu command) {
        byte[] data = command.data();
        if ((level & 1) != 0) {
            checkMac(command);
            data = Arrays.copyOf(data, data.length - n);
            counter++;
        }
        if ((level & 2) != 0 && data.length > 0) {
            data = unpad(cbc(false, 0, data));
        }
        received.add(HEX.formatHex(data));
        if (leBefore >= 0) {
            byte[] other = {0x6C, (byte) leBefore};
            leBefore = -1;
            return other;
        }
        waiting = air.apply(protect());
        return waiting.length - 2 > chunk ? piece() : waiting;
    }

    private byte[] protect() {
        byte[] sw = {(byte) (status >> 8), (byte) status};
        boolean protects = status == 0x9000 || status >> 8 == 0x62 || status >> 8 == 0x63;
        if ((level & 0x10) == 0 || !protects) {
            return join(answer, sw);
        }
        byte[] body = (level & 0x20) != 0 && answer.length > 0 ? cbc(true, 0x80, padding.apply(answer)) : answer;
        return join(body, Arrays.copyOf(cmac(sRmac, chaining, body, sw), n), sw);
    }

    private byte[] piece() {
        int length = Math.min(chunk, waiting.length - 2);
        byte[] piece = Arrays.copyOf(waiting, length);
        waiting = Arrays.copyOfRange(waiting, length, waiting.length);
        int left = waiting.length - 2;
        return left == 0 ? join(piece, waiting) : join(piece, new byte[] {0x61, (byte) Math.min(left, 255)});
    }

    private void checkMac(CommandApdu command) {
        byte[] data = command.data();
        byte[] body = Arrays.copyOf(data, data.length - n);
        byte[] lc = data.length > 255 || command.ne() > 256
                ? new byte[] {0, (byte) (data.length >> 8), (byte) data.length}
                : new byte[] {(byte) data.length};
        byte[] header = {(byte) (command.cla() & 0xFC), (byte) command.ins(), (byte) command.p1(), (byte) command.p2()};
        chaining = cmac(sMac, chaining, header, lc, body);
        assertThat(Arrays.copyOfRange(data, data.length - n, data.length))
                .as("C-MAC of %s", command)
                .isEqualTo(Arrays.copyOf(chaining, n));
    }

    private byte[] cbc(boolean encrypt, int first, byte[] data) {
        byte[] iv = new byte[16];
        iv[0] = (byte) first;
        iv[14] = (byte) (counter >> 8);
        iv[15] = (byte) counter;
        AESEngine aes = (AESEngine) AESEngine.newInstance();
        aes.init(true, new KeyParameter(sEnc));
        aes.processBlock(iv, 0, iv, 0);
        var cbc = CBCBlockCipher.newInstance(AESEngine.newInstance());
        cbc.init(encrypt, new ParametersWithIV(new KeyParameter(sEnc), iv));
        byte[] out = new byte[data.length];
        for (int at = 0; at + 16 <= data.length; at += 16) {
            cbc.processBlock(data, at, out, at);
        }
        return out;
    }

    private static byte[] kdf(byte[] key, int constant, int length, byte[] context) {
        byte[] derived = new byte[0];
        for (byte block = 1; derived.length < length; block++) {
            byte[] bits = {(byte) (8 * length >> 8), (byte) (8 * length)};
            byte[] fixed = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) constant, 0, bits[0], bits[1], block};
            derived = join(derived, cmac(key, fixed, context));
        }
        return Arrays.copyOf(derived, length);
    }

    private static byte[] cmac(byte[] key, byte[]... parts) {
        CMac cmac = new CMac(AESEngine.newInstance());
        cmac.init(new KeyParameter(key));
        for (byte[] part : parts) {
            cmac.update(part, 0, part.length);
        }
        byte[] mac = new byte[16];
        cmac.doFinal(mac, 0);
        return mac;
    }

    static byte[] pad(byte[] data) {
        byte[] padded = Arrays.copyOf(data, (data.length / 16 + 1) * 16);
        padded[data.length] = (byte) 0x80;
        return padded;
    }

    private static byte[] unpad(byte[] padded) {
        int marker = padded.length - 1;
        while (padded[marker] == 0) {
            marker--;
        }
        assertThat(padded[marker]).as("padding of the command").isEqualTo((byte) 0x80);
        return Arrays.copyOf(padded, marker);
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }
}
