package org.fobstation.simulator.fob;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;

/**
 * A host that opens a session with a virtual card and drives it, at level 33 unless told otherwise. Checks every
 * answer's R-MAC. S8 mode.
 */
final class TestHost {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final byte[] HOST_CHALLENGE = HEX.parseHex("0102030405060708");

    private final VirtualCard card;
    private final SessionSecrets secrets;
    private final int level;
    private byte[] chaining = new byte[16];
    private long counter;

    private TestHost(VirtualCard card, SessionSecrets secrets, int level) {
        this.card = card;
        this.secrets = secrets;
        this.level = level;
    }

    static String plain(VirtualCard card, String command) {
        return HEX.formatHex(card.transmit(HEX.parseHex(command)));
    }

    /** The session right after INITIALIZE UPDATE. */
    static TestHost begin(VirtualCard card, int kvn, CardKeys keys, int level) {
        byte[] command = CommandApdu.of(0x80, 0x50, kvn, 0, HOST_CHALLENGE, 256).encode();
        byte[] answer = card.transmit(command);
        assertThat(HEX.formatHex(answer)).endsWith("9000");
        return new TestHost(
                card, SessionSecrets.derive(keys, HOST_CHALLENGE, Arrays.copyOfRange(answer, 13, 21)), level);
    }

    static TestHost open(VirtualCard card, int kvn, CardKeys keys) {
        return open(card, kvn, keys, 0x33);
    }

    static TestHost open(VirtualCard card, int kvn, CardKeys keys, int level) {
        TestHost host = begin(card, kvn, keys, level);
        assertThat(host.authenticate(secrets -> secrets.hostCryptogram())).isEqualTo("9000");
        return host;
    }

    /** What the host proves itself with. */
    interface Cryptogram {
        byte[] of(SessionSecrets secrets);
    }

    String authenticate(Cryptogram cryptogram) {
        return HEX.formatHex(card.transmit(mac(CommandApdu.of(0x84, 0x82, level, 0, cryptogram.of(secrets)))));
    }

    /** Sends a plain command wrapped and gives the plain answer, both in hex. */
    String send(String plainCommand) {
        byte[] answer = card.transmit(wrap(plainCommand));
        ResponseApdu parsed = ResponseApdu.parse(answer);
        byte[] data = parsed.data();
        boolean secured = parsed.status().isSuccess() || parsed.status().isWarning();
        if (secured && (level & 0x10) != 0) {
            int end = data.length - 8;
            byte[] sw = {(byte) parsed.status().sw1(), (byte) parsed.status().sw2()};
            byte[] expected = CardCrypto.cmac(secrets.rmac(), chaining, Arrays.copyOf(data, end), sw);
            assertThat(Arrays.copyOfRange(data, end, data.length)).isEqualTo(Arrays.copyOf(expected, 8));
            data = Arrays.copyOf(data, end);
        }
        if (secured && (level & 0x20) != 0 && data.length > 0) {
            data = CardCrypto.unpad(CardCrypto.decryptCbc(secrets.enc(), icv(0x80), data));
        }
        return HEX.formatHex(data) + parsed.status();
    }

    byte[] wrap(String plainCommand) {
        CommandApdu plain = CommandApdu.parse(HEX.parseHex(plainCommand));
        counter++;
        byte[] data = plain.data();
        if ((level & 0x02) != 0 && data.length > 0) {
            data = CardCrypto.encryptCbc(secrets.enc(), icv(0x00), CardCrypto.pad(data));
        }
        return mac(CommandApdu.of(plain.cla() | 0x04, plain.ins(), plain.p1(), plain.p2(), data, plain.ne()));
    }

    /** Forgets a command that was never sent, except that the counter has moved on. */
    void skipCounter() {
        counter++;
    }

    private byte[] mac(CommandApdu command) {
        byte[] data = command.data();
        byte[] header = {
            (byte) command.cla(),
            (byte) command.ins(),
            (byte) command.p1(),
            (byte) command.p2(),
            (byte) (data.length + 8)
        };
        chaining = CardCrypto.cmac(secrets.mac(), chaining, header, data);
        byte[] secured = CardCrypto.join(data, Arrays.copyOf(chaining, 8));
        return CommandApdu.of(command.cla(), command.ins(), command.p1(), command.p2(), secured, command.ne())
                .encode();
    }

    private byte[] icv(int firstByte) {
        byte[] block = ByteBuffer.allocate(16).putLong(8, counter).array();
        block[0] = (byte) firstByte;
        return CardCrypto.encryptBlock(secrets.enc(), block);
    }
}
