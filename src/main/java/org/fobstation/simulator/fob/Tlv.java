package org.fobstation.simulator.fob;

/** BER-TLV as the card writes it: tags of 1 or 2 bytes, lengths up to 65535. */
final class Tlv {

    private Tlv() {}

    /** The tag, the length, and the parts of the value one after another. */
    static byte[] of(int tag, byte[]... parts) {
        byte[] value = CardCrypto.join(parts);
        return CardCrypto.join(tag(tag), length(value.length), value);
    }

    private static byte[] tag(int tag) {
        return tag > 0xFF ? new byte[] {(byte) (tag >> 8), (byte) tag} : new byte[] {(byte) tag};
    }

    private static byte[] length(int length) {
        if (length < 0x80) {
            return new byte[] {(byte) length};
        }
        return length <= 0xFF
                ? new byte[] {(byte) 0x81, (byte) length}
                : new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length};
    }
}
