package org.fobstation.klms;

import org.fobstation.secret.SecretBytes;

/**
 * The OEM's payload: a command header and the data for it. The data may be the customer's secret, so it is kept like a
 * key.
 *
 * @param cla CLA, 0..FF
 * @param ins INS, 0..FF
 * @param p1 P1, 0..FF
 * @param p2 P2, 0..FF
 * @param data what is to be written, owned by the key package
 */
public record Payload(int cla, int ins, int p1, int p2, SecretBytes data) {

    /** Header and length only. */
    @Override
    public String toString() {
        return String.format("payload %02X%02X%02X%02X, %d bytes", cla, ins, p1, p2, data.length());
    }
}
