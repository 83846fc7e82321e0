package org.fobstation.apdu;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A command to the fob, immutable. Short form where Lc is at most 255 and Ne at most 256, extended form otherwise.
 *
 * <pre>
 * short     CLA INS P1 P2 [Lc data] [Le]               Lc 1 byte 01..FF, Le 1 byte (00 = 256)
 * extended  CLA INS P1 P2 00 [Lc Lc data] [Le Le]      Le 2 bytes (0000 = 65536)
 * </pre>
 *
 * @see "ISO/IEC 7816-3 section 12.1.3"
 */
public final class CommandApdu {

    /** The Ne of a short Le of 00. */
    public static final int NE_SHORT_MAX = 256;

    /** The Ne of an extended Le of 0000. */
    public static final int NE_MAX = 65536;

    private final int header;
    private final byte[] data;
    private final int ne;

    private CommandApdu(int header, byte[] data, int ne) {
        if (data.length > 65535) {
            throw new IllegalArgumentException("command data of " + data.length + " bytes, at most 65535");
        }
        if (ne < 0 || ne > NE_MAX) {
            throw new IllegalArgumentException("Ne is 0..65536, not " + ne);
        }
        this.header = header;
        this.data = data;
        this.ne = ne;
    }

    /**
     * @param cla CLA, 0..FF
     * @param ins INS, 0..FF
     * @param p1 P1, 0..FF
     * @param p2 P2, 0..FF
     * @param data 0..65535 bytes, copied; empty means no Lc
     * @param ne longest answer expected in bytes, 0 means no Le, 256 a short Le of 00
     */
    public static CommandApdu of(int cla, int ins, int p1, int p2, byte[] data, int ne) {
        return new CommandApdu(octet(cla) << 24 | octet(ins) << 16 | octet(p1) << 8 | octet(p2), data.clone(), ne);
    }

    /** As {@link #of(int, int, int, int, byte[], int)} without Le. */
    public static CommandApdu of(int cla, int ins, int p1, int p2, byte[] data) {
        return of(cla, ins, p1, p2, data, 0);
    }

    /**
     * Reads an encoded command.
     *
     * @throws IllegalArgumentException if the lengths in it do not fit its length
     */
    public static CommandApdu parse(byte[] encoded) {
        if (encoded.length < 4) {
            throw new IllegalArgumentException("a command has at least 4 bytes, not " + encoded.length);
        }
        int header = octet(encoded[0] & 0xFF) << 24 | u8(encoded, 1) << 16 | u8(encoded, 2) << 8 | u8(encoded, 3);
        if (encoded.length == 4) {
            return new CommandApdu(header, new byte[0], 0);
        }
        if (encoded.length == 5) {
            return new CommandApdu(header, new byte[0], shortNe(u8(encoded, 4)));
        }
        return u8(encoded, 4) == 0 ? parseExtended(header, encoded) : parseShort(header, encoded);
    }

    private static CommandApdu parseShort(int header, byte[] encoded) {
        int lc = u8(encoded, 4);
        byte[] data = Arrays.copyOfRange(encoded, 5, Math.min(5 + lc, encoded.length));
        return switch (encoded.length - 5 - lc) {
            case 0 -> new CommandApdu(header, data, 0);
            case 1 -> new CommandApdu(header, data, shortNe(u8(encoded, 5 + lc)));
            default -> throw badLength(encoded, lc);
        };
    }

    private static CommandApdu parseExtended(int header, byte[] encoded) {
        if (encoded.length == 7) {
            return new CommandApdu(header, new byte[0], extendedNe(encoded, 5));
        }
        if (encoded.length < 8) {
            throw badLength(encoded, 0);
        }
        int lc = u8(encoded, 5) << 8 | u8(encoded, 6);
        byte[] data = Arrays.copyOfRange(encoded, 7, Math.min(7 + lc, encoded.length));
        if (lc == 0) {
            throw badLength(encoded, lc);
        }
        return switch (encoded.length - 7 - lc) {
            case 0 -> new CommandApdu(header, data, 0);
            case 2 -> new CommandApdu(header, data, extendedNe(encoded, 7 + lc));
            default -> throw badLength(encoded, lc);
        };
    }

    private static IllegalArgumentException badLength(byte[] encoded, int lc) {
        return new IllegalArgumentException("Lc " + lc + " does not fit a command of " + encoded.length + " bytes");
    }

    public int cla() {
        return header >>> 24;
    }

    public int ins() {
        return header >> 16 & 0xFF;
    }

    public int p1() {
        return header >> 8 & 0xFF;
    }

    public int p2() {
        return header & 0xFF;
    }

    /** A copy of the command data, 0..65535 bytes. */
    public byte[] data() {
        return data.clone();
    }

    /** Copies the command data into {@code target}, for one who lays out another command there. */
    public void copyData(byte[] target, int offset) {
        System.arraycopy(data, 0, target, offset, data.length);
    }

    /** Nc, the length of the command data in bytes. */
    public int dataLength() {
        return data.length;
    }

    /** Ne, 0 if there is no Le. */
    public int ne() {
        return ne;
    }

    /** Whether this needs the extended form: more than 255 data bytes, or an Ne above 256. */
    public boolean isExtended() {
        return data.length > 255 || ne > NE_SHORT_MAX;
    }

    /** The same command with another Ne, as asked for by an answer of 6Cxx. */
    public CommandApdu withNe(int newNe) {
        return new CommandApdu(header, data, newNe);
    }

    /** The bytes that go over the air; a new array each time. */
    public byte[] encode() {
        boolean extended = isExtended();
        int lcLength = data.length == 0 ? 0 : extended ? 2 : 1;
        int leLength = ne == 0 ? 0 : extended ? 2 : 1;
        byte[] encoded = new byte[4 + (extended ? 1 : 0) + lcLength + data.length + leLength];
        encoded[0] = (byte) cla();
        encoded[1] = (byte) ins();
        encoded[2] = (byte) p1();
        encoded[3] = (byte) p2();
        int at = extended ? 5 : 4;
        at = putLength(encoded, at, data.length, lcLength);
        System.arraycopy(data, 0, encoded, at, data.length);
        putLength(encoded, at + data.length, ne, leLength);
        return encoded;
    }

    private static int putLength(byte[] into, int at, int length, int octets) {
        for (int i = 0; i < octets; i++) {
            into[at + i] = (byte) (length >> 8 * (octets - 1 - i));
        }
        return at + octets;
    }

    private static int shortNe(int le) {
        return le == 0 ? NE_SHORT_MAX : le;
    }

    private static int extendedNe(byte[] encoded, int at) {
        int le = u8(encoded, at) << 8 | u8(encoded, at + 1);
        return le == 0 ? NE_MAX : le;
    }

    private static int u8(byte[] bytes, int at) {
        return bytes[at] & 0xFF;
    }

    private static int octet(int value) {
        if (value < 0 || value > 0xFF) {
            throw new IllegalArgumentException("not a byte: " + value);
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CommandApdu that
                && header == that.header
                && ne == that.ne
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return (header * 31 + ne) * 31 + Arrays.hashCode(data);
    }

    /** The header and the length of the data only: a plain command may carry what must not be logged. */
    @Override
    public String toString() {
        return HexFormat.of().withUpperCase().toHexDigits(header) + " (" + data.length + " bytes of data)";
    }
}
