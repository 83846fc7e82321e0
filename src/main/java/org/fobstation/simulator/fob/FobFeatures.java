package org.fobstation.simulator.fob;

/**
 * What kind of card the fob is. Set by {@link FobBuilder}, where every field is explained.
 *
 * @param i the {@code i} parameter; bit 01 is S16 mode
 */
record FobFeatures(
        int i,
        boolean levelsBeyondI,
        boolean counterWithDataOnly,
        boolean padEmpty,
        boolean putKeyWithoutInnerLength,
        boolean extendedLength,
        int failureLimit,
        boolean startedSessionCounts,
        int authenticationFailureStatus,
        int keyCheckFailureStatus) {

    private static final int S16 = 0x01;
    private static final int PSEUDO_RANDOM = 0x10;
    private static final int R_MAC_AND_R_ENC = 0x60;

    /** Length in bytes of challenges, cryptograms and MACs: 8 or 16. */
    int n() {
        return (i & S16) != 0 ? 16 : 8;
    }

    boolean pseudoRandomChallenge() {
        return (i & PSEUDO_RANDOM) != 0;
    }

    /** Whether {@code level}, one of those the standard knows, may be asked for in EXTERNAL AUTHENTICATE. */
    boolean supports(int level) {
        int responseBits = level << 1 & R_MAC_AND_R_ENC;
        return levelsBeyondI || (i & responseBits) == responseBits;
    }
}
