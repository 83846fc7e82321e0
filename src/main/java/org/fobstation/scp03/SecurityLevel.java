package org.fobstation.scp03;

/**
 * What secure messaging protects: P1 of EXTERNAL AUTHENTICATE. Other values are undefined.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D section 7.1.2"
 */
public enum SecurityLevel {
    /** No secure messaging after the handshake. */
    LEVEL_00(0x00),
    /** C-MAC. */
    LEVEL_01(0x01),
    /** C-MAC and C-ENC. */
    LEVEL_03(0x03),
    /** C-MAC and R-MAC. */
    LEVEL_11(0x11),
    /** C-MAC, C-ENC and R-MAC. */
    LEVEL_13(0x13),
    /** C-MAC, C-ENC, R-MAC and R-ENC. */
    LEVEL_33(0x33);

    private static final int SHORT_LC_MAX = 255;
    private static final int BLOCK = 16;

    private final int value;

    SecurityLevel(int value) {
        this.value = value;
    }

    /** @throws IllegalArgumentException unless {@code value} is one of 00 01 03 11 13 33 */
    public static SecurityLevel of(int value) {
        for (SecurityLevel level : values()) {
            if (level.value == value) {
                return level;
            }
        }
        throw new IllegalArgumentException(
                String.format("the security level is one of 00 01 03 11 13 33 (hex), not %02X", value));
    }

    /**
     * The highest level that a card with this {@code i} announces: 33, 13 or 03. Nobody authenticates {@code i}: who
     * follows it lets a forged answer lower the level.
     */
    public static SecurityLevel highest(int i) {
        if (LEVEL_33.isAnnouncedBy(i)) {
            return LEVEL_33;
        }
        return LEVEL_13.isAnnouncedBy(i) ? LEVEL_13 : LEVEL_03;
    }

    /** P1 of EXTERNAL AUTHENTICATE. */
    public int value() {
        return value;
    }

    /** Whether commands carry a MAC. */
    public boolean cMac() {
        return (value & 0x01) != 0;
    }

    /** Whether command data are encrypted. */
    public boolean cEnc() {
        return (value & 0x02) != 0;
    }

    /** Whether answers of 9000, 62xx and 63xx carry a MAC. */
    public boolean rMac() {
        return (value & 0x10) != 0;
    }

    /** Whether answer data are encrypted. */
    public boolean rEnc() {
        return (value & 0x20) != 0;
    }

    /**
     * Whether a card's {@code i} parameter says it can do this level. Some cards say less than they can (NXP SE05x
     * reports 00 although level 33 works): a no is worth a warning, not a refusal.
     *
     * @param i bit 20 R-MAC, bit 40 R-ENC, which needs bit 20 too
     */
    public boolean isAnnouncedBy(int i) {
        boolean rMacAnnounced = (i & 0x20) != 0;
        boolean rEncAnnounced = rMacAnnounced && (i & 0x40) != 0;
        return (!rMac() || rMacAnnounced) && (!rEnc() || rEncAnnounced);
    }

    /**
     * How many bytes of plain data fit a short command: what the MAC and the padding leave of an Lc of 255. With C-MAC
     * 247 (S8) or 239 (S16), with C-ENC 239 or 223.
     */
    public int maxShortData(Scp03Mode mode) {
        if (!cMac()) {
            return SHORT_LC_MAX;
        }
        int room = SHORT_LC_MAX - mode.length();
        return cEnc() ? room / BLOCK * BLOCK - 1 : room;
    }
}
