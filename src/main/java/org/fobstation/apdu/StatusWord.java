package org.fobstation.apdu;

/**
 * The two status bytes that end every answer of a fob.
 *
 * @param value SW1 in the high byte, SW2 in the low byte, 0..FFFF
 * @see "ISO/IEC 7816-4 section 5.6; GlobalPlatform Card Specification 2.3.1 section 11.1.3"
 */
public record StatusWord(int value) {

    /** 9000: the command was carried out. */
    public static final StatusWord SUCCESS = new StatusWord(0x9000);

    /** @throws IllegalArgumentException if {@code value} is not 0..FFFF */
    public StatusWord {
        if (value < 0 || value > 0xFFFF) {
            throw new IllegalArgumentException("a status word is 0..FFFF, not " + Integer.toHexString(value));
        }
    }

    /** SW1, 0..FF. */
    public int sw1() {
        return value >> 8;
    }

    /** SW2, 0..FF. */
    public int sw2() {
        return value & 0xFF;
    }

    /** Whether this is 9000. */
    public boolean isSuccess() {
        return value == 0x9000;
    }

    /** Whether this is a warning, 62xx or 63xx. */
    public boolean isWarning() {
        return sw1() == 0x62 || sw1() == 0x63;
    }

    /** 63Cx: the tries left, 0..15; otherwise -1. */
    public int triesLeft() {
        return (value & 0xFFF0) == 0x63C0 ? value & 0x0F : -1;
    }

    /** What the field calls this status word, in a few words; never null. */
    public String meaning() {
        if (triesLeft() >= 0) {
            return "verification failed, " + triesLeft() + " tries left";
        }
        return switch (sw1()) {
            case 0x61 -> sw2() == 0 ? "256 or more bytes to fetch" : sw2() + " more bytes to fetch";
            case 0x6C -> "wrong Le, right is " + (sw2() == 0 ? 256 : sw2());
            default -> exactMeaning();
        };
    }

    private String exactMeaning() {
        return switch (value) {
            case 0x9000 -> "success";
            case 0x6200 -> "warning, nothing changed";
            case 0x6282 -> "end of data before Le bytes";
            case 0x6283 -> "card is CARD_LOCKED";
            case 0x6300 -> "authentication of the host cryptogram failed";
            case 0x6310 -> "more data available";
            case 0x6400 -> "no specific diagnosis";
            case 0x6581 -> "memory failure";
            case 0x6700 -> "wrong length";
            case 0x6881 -> "logical channel not supported or not active";
            case 0x6882 -> "secure messaging not supported";
            case 0x6982 -> "security status not satisfied";
            case 0x6983 -> "authentication method blocked";
            case 0x6985 -> "conditions of use not satisfied";
            case 0x6988 -> "secure messaging data objects incorrect";
            case 0x6A80 -> "incorrect values in the command data";
            case 0x6A81 -> "function not supported";
            case 0x6A82 -> "application not found";
            case 0x6A84 -> "not enough memory";
            case 0x6A86 -> "incorrect P1 P2";
            case 0x6A88 -> "referenced data not found";
            case 0x6D00 -> "invalid instruction";
            case 0x6E00 -> "invalid class";
            case 0x9485 -> "key check value wrong";
            default -> "not named by the specifications the station knows";
        };
    }

    /** Four hex digits in upper case. */
    @Override
    public String toString() {
        return String.format("%04X", value);
    }
}
