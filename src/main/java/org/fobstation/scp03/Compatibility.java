package org.fobstation.scp03;

/**
 * Known deviations of cards from Amendment D. Off unless the card at hand needs one.
 *
 * @param counterWithDataOnly the encryption counter advances only with commands that have data; the answer's ICV uses
 *     the counter as it stands (seen in host code for NXP SE05x platform SCP03)
 * @param padEmpty a command without data is sent with one encrypted block of padding (seen in host code for YubiKeys)
 * @see "GlobalPlatform Card Specification 2.3.1 Amendment D section 6.2.6, which both deviate from"
 */
public record Compatibility(boolean counterWithDataOnly, boolean padEmpty) {

    /** Amendment D as it is written. */
    public static final Compatibility STANDARD = new Compatibility(false, false);
}
