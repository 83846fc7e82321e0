package org.fobstation.simulator.fob;

import java.util.Arrays;
import org.fobstation.apdu.CommandApdu;

/**
 * The data of PUT KEY for three AES keys: new KVN, then three fields of
 *
 * <pre>
 * 88 len keyLen C 03 KCV     C is the key under the DEK, IV 0, filled up to whole blocks
 * 88 len C 03 KCV            the form without key length, for whole blocks only
 * </pre>
 *
 * @see "GlobalPlatform Card Specification 2.3.1 section 11.8; Amendment D 1.1.1 section 7.2"
 */
final class PutKeyData {

    private static final int AES = 0x88;
    private static final int KCV_LENGTH = 3;

    private final byte[] data;
    private final byte[] dek;
    private final FobFeatures features;
    private int at;

    private PutKeyData(byte[] data, byte[] dek, FobFeatures features) {
        this.data = data;
        this.dek = dek;
        this.features = features;
    }

    /**
     * Reads the command and opens its keys.
     *
     * @param dek the static DEK of the session's key set
     */
    static CardKeySet open(CommandApdu command, byte[] dek, FobFeatures features) {
        PutKeyData input = new PutKeyData(command.data(), dek, features);
        int kvn = input.octet();
        CardRefusal.unless(kvn >= 0x01 && kvn <= 0x7F, 0x6A80);
        byte[] enc = input.key();
        byte[] mac = input.key();
        byte[] dekKey = input.key();
        CardRefusal.unless(input.at == input.data.length, 0x6A80);
        CardRefusal.unless(enc.length == mac.length && mac.length == dekKey.length, 0x6A80);
        return new CardKeySet(kvn, new CardKeys(enc, mac, dekKey), 0);
    }

    /** What the card answers: the KVN and the three key check values. */
    static byte[] answer(CardKeySet set) {
        CardKeys keys = set.keys();
        return CardCrypto.join(
                new byte[] {(byte) set.kvn()},
                CardCrypto.kcv(keys.enc()),
                CardCrypto.kcv(keys.mac()),
                CardCrypto.kcv(keys.dek()));
    }

    private byte[] key() {
        CardRefusal.unless(octet() == AES, 0x6A80);
        int length = octet();
        boolean innerLength = length % CardCrypto.BLOCK == 1;
        CardRefusal.unless(innerLength || features.putKeyWithoutInnerLength(), 0x6A80);
        int keyLength = innerLength ? octet() : length;
        int encryptedLength = innerLength ? length - 1 : length;
        boolean fits = (keyLength + CardCrypto.BLOCK - 1) / CardCrypto.BLOCK * CardCrypto.BLOCK == encryptedLength;
        CardRefusal.unless(fits && (keyLength == 16 || keyLength == 24 || keyLength == 32), 0x6A80);
        byte[] filled = CardCrypto.decryptCbc(dek, new byte[CardCrypto.BLOCK], octets(encryptedLength));
        byte[] key = Arrays.copyOf(filled, keyLength);
        CardRefusal.unless(octet() == KCV_LENGTH, 0x6A80);
        CardRefusal.unless(Arrays.equals(octets(KCV_LENGTH), CardCrypto.kcv(key)), features.keyCheckFailureStatus());
        return key;
    }

    private int octet() {
        return octets(1)[0] & 0xFF;
    }

    private byte[] octets(int count) {
        CardRefusal.unless(at + count <= data.length, 0x6A80);
        at += count;
        return Arrays.copyOfRange(data, at - count, at);
    }
}
