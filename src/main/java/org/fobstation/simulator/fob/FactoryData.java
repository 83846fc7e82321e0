package org.fobstation.simulator.fob;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a JCOP 4 card says of itself before anything was done to it.
 *
 * @see "GlobalPlatformPro, discover-jcop4.dump; Gp4Net, jcop4-p71d321-gp223.json"
 */
final class FactoryData {

    static final String ATR_CONTACTLESS = "3B8580018073C821100E";
    static final String ISD_AID = "A000000151000000";
    static final String ISD_PRIVILEGES = "9EFE80";

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] CARD_DATA = HEX.parseHex(
            "664D734B06072A864886FC6B01600B06092A864886FC6B02020363"
                    + "0906072A864886FC6B03640B06092A864886FC6B040370650D060B2A864886FC6B0507020000660C060A2B060104012A026E0103");
    private static final byte[] CAPABILITIES = HEX.parseHex(
            "672CA00D800103810500102060708201078103E5BEC082031E030083010284010285017B86010C87017B89020101");
    private static final byte[] CPLC =
            HEX.parseHex("9F7F2A4790D60047000000000032443429762084480000000000000000150F8234323937360000000000000000");
    private static final int CPLC_FABRICATION_DATE = 13;
    private static final int CPLC_SERIAL = 15;
    private static final int CPLC_END_OF_BATCH = 21;

    private FactoryData() {}

    /** The CPLC data, tag 9F7F with 42 bytes; its serial number is the last 4 bytes of the UID, if there is one. */
    static byte[] cplc(byte[] uid) {
        byte[] cplc = CPLC.clone();
        int taken = Math.min(4, uid.length);
        System.arraycopy(uid, uid.length - taken, cplc, CPLC_SERIAL, taken);
        return cplc;
    }

    /** As the d600 sample: 0000, then fabrication date, serial number and batch of the CPLC data. */
    static byte[] kdd(byte[] cplc) {
        return CardCrypto.join(new byte[2], Arrays.copyOfRange(cplc, CPLC_FABRICATION_DATE, CPLC_END_OF_BATCH));
    }

    /** The fixed answers of GET DATA by tag, each with tag and length. */
    static Map<Integer, byte[]> objects(byte[] cplc, byte[] kdd) {
        Map<Integer, byte[]> objects = new LinkedHashMap<>();
        objects.put(0x9F7F, cplc);
        objects.put(0xCF, Tlv.of(0xCF, kdd));
        objects.put(0x66, CARD_DATA);
        objects.put(0x67, CAPABILITIES);
        return objects;
    }
}
