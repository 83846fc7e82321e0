package org.fobstation.scp03;

import static org.fobstation.scp03.Scp03Exception.Fault.NOT_SCP03;
import static org.fobstation.scp03.Scp03Exception.Fault.WRONG_LENGTH;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;

/**
 * What a card answers to INITIALIZE UPDATE, immutable.
 *
 * <pre>
 *  0       10    11  12    13             13+n             13+2n
 *  | KDD   | KVN | 03 | i  | card         | card           | sequence     |
 *  | 10    |     |    |    | challenge n  | cryptogram n   | counter 3, ? |
 * </pre>
 *
 * The card cryptogram covers the two challenges only: KDD, KVN, {@code i} and counter are never authenticated.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D section 7.1.1"
 */
public final class InitializeUpdateResponse {

    private static final int KDD_LENGTH = 10;
    private static final int CHALLENGE_AT = 13;
    private static final int COUNTER_LENGTH = 3;

    private final byte[] data;
    private final Scp03Mode mode;

    private InitializeUpdateResponse(byte[] data, Scp03Mode mode) {
        this.data = data;
        this.mode = mode;
    }

    /**
     * Reads the answer data. Whether the sequence counter is there is told by the length: cards exist whose {@code i}
     * says less than they do.
     *
     * @param data without status word; S8 29 or 32 bytes, S16 45 or 48
     * @param mode the length of the host challenge that was sent
     * @throws Scp03Exception NOT_SCP03 or WRONG_LENGTH
     */
    public static InitializeUpdateResponse parse(byte[] data, Scp03Mode mode) throws Scp03Exception {
        if (data.length < CHALLENGE_AT - 1) {
            throw Scp03Exception.of(NOT_SCP03, "INITIALIZE UPDATE gave " + data.length + " bytes, no secure channel");
        }
        int protocol = data[11] & 0xFF;
        if (protocol != 0x03) {
            throw Scp03Exception.otherProtocol(data[10] & 0xFF, protocol);
        }
        int withoutCounter = CHALLENGE_AT + 2 * mode.length();
        if (data.length != withoutCounter && data.length != withoutCounter + COUNTER_LENGTH) {
            throw Scp03Exception.of(
                    WRONG_LENGTH,
                    "INITIALIZE UPDATE gave " + data.length + " bytes; in " + mode + " mode it gives " + withoutCounter
                            + " or " + (withoutCounter + COUNTER_LENGTH));
        }
        return new InitializeUpdateResponse(data.clone(), mode);
    }

    /** Key diversification data, 10 bytes; a copy. */
    public byte[] kdd() {
        return Arrays.copyOf(data, KDD_LENGTH);
    }

    /** Version of the key set the card uses, 0..255. */
    public int kvn() {
        return data[10] & 0xFF;
    }

    /** The {@code i} parameter: 01 S16, 10 pseudo-random card challenge, 20 R-MAC, 40 R-ENC. */
    public int i() {
        return data[12] & 0xFF;
    }

    /** Whether {@code i} announces a level; see {@link SecurityLevel#isAnnouncedBy(int)} for what a no is worth. */
    public boolean announces(SecurityLevel level) {
        return level.isAnnouncedBy(i());
    }

    /** 8 or 16 bytes; a copy. */
    public byte[] cardChallenge() {
        return Arrays.copyOfRange(data, CHALLENGE_AT, CHALLENGE_AT + mode.length());
    }

    /** 8 or 16 bytes; a copy. */
    public byte[] cardCryptogram() {
        return Arrays.copyOfRange(data, CHALLENGE_AT + mode.length(), CHALLENGE_AT + 2 * mode.length());
    }

    /** The sequence counter, 0..FFFFFF, if the card sent one: the value already incremented for this session. */
    public OptionalInt sequenceCounter() {
        int at = CHALLENGE_AT + 2 * mode.length();
        return at == data.length
                ? OptionalInt.empty()
                : OptionalInt.of((data[at] & 0xFF) << 16 | (data[at + 1] & 0xFF) << 8 | data[at + 2] & 0xFF);
    }

    /** KDD, KVN and {@code i}, in hex. */
    @Override
    public String toString() {
        return String.format(
                "KDD %s, KVN %02X, i %02X", HexFormat.of().withUpperCase().formatHex(kdd()), kvn(), i());
    }
}
