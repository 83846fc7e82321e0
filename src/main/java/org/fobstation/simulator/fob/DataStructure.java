package org.fobstation.simulator.fob;

/** Whether data are whole, as the structure bits of STORE DATA's P1 promise. */
final class DataStructure {

    private final byte[] data;
    private int at;

    private DataStructure(byte[] data) {
        this.data = data;
    }

    /** One or more of: DGI (2 bytes), length (1 byte, or FF and 2 bytes), value. */
    static boolean isDgiSequence(byte[] data) {
        DataStructure rest = new DataStructure(data);
        boolean whole = true;
        while (whole && rest.at < data.length) {
            rest.at += 2;
            int length = rest.octet();
            whole = rest.skip(length == 0xFF ? rest.number(2) : length);
        }
        return whole;
    }

    /** One or more BER-TLV objects; lengths in 1, 2 (81) or 3 bytes (82). */
    static boolean isTlvSequence(byte[] data) {
        DataStructure rest = new DataStructure(data);
        boolean whole = true;
        while (whole && rest.at < data.length) {
            rest.skipTag();
            int length = rest.octet();
            whole = switch (length) {
                case 0x81 -> rest.skip(rest.octet());
                case 0x82 -> rest.skip(rest.number(2));
                default -> length < 0x80 && rest.skip(length);
            };
        }
        return whole;
    }

    private void skipTag() {
        if ((octet() & 0x1F) == 0x1F) {
            int next = octet();
            while (next > 0x7F) {
                next = octet();
            }
        }
    }

    /** The next byte; -1 behind the end, which no length can be. */
    private int octet() {
        return at < data.length ? data[at++] & 0xFF : -1;
    }

    private int number(int octets) {
        int value = 0;
        for (int i = 0; i < octets; i++) {
            int octet = octet();
            if (octet < 0) {
                return -1;
            }
            value = value << 8 | octet;
        }
        return value;
    }

    private boolean skip(int length) {
        at += Math.max(length, 0);
        return length >= 0 && at <= data.length;
    }
}
