package org.fobstation.pcsc;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import org.fobstation.apdu.ApduTransport;

/**
 * A fob on a reader: the body of the exchange that the {@code pcsc:} consumer emits. Holds no secret. Its transport
 * works until the exchange is done and throws {@code CLOSED} afterwards.
 */
public final class PresentedFob {

    private final String readerId;
    private final String readerName;
    private final String uid;
    private final String atr;
    private final Instant presentedAt;
    private final ApduTransport transport;
    private volatile boolean expectedAgain;
    private volatile boolean shown;
    private volatile boolean changing;

    /**
     * @param readerId the configured id, as the KLMS and the records name the reader
     * @param readerName the PC/SC name of the reader
     * @param uid the raw NFC UID, 4, 7 or 10 bytes, copied
     * @param atr the answer to reset, copied
     * @param presentedAt when the station saw it, UTC
     * @param transport the way to the fob
     */
    public PresentedFob(
            String readerId, String readerName, byte[] uid, byte[] atr, Instant presentedAt, ApduTransport transport) {
        HexFormat hex = HexFormat.of().withUpperCase();
        this.readerId = Objects.requireNonNull(readerId);
        this.readerName = Objects.requireNonNull(readerName);
        this.uid = hex.formatHex(uid);
        this.atr = hex.formatHex(atr);
        this.presentedAt = Objects.requireNonNull(presentedAt);
        this.transport = Objects.requireNonNull(transport);
    }

    public String readerId() {
        return readerId;
    }

    public String readerName() {
        return readerName;
    }

    /** The raw NFC UID in upper-case hex, 8, 14 or 20 digits. */
    public String uid() {
        return uid;
    }

    /** The answer to reset in upper-case hex. */
    public String atr() {
        return atr;
    }

    public Instant presentedAt() {
        return presentedAt;
    }

    public ApduTransport transport() {
        return transport;
    }

    /** Says that the operator is asked to present this fob again: when it comes back soon, it is not taken to bounce. */
    public void expectAgain() {
        expectedAgain = true;
    }

    /** Says that the operator was shown what became of this fob, whatever the route does afterwards. */
    public void shown() {
        shown = true;
    }

    /** Says that the fob is changed from the next command on: a stop of the station gives it more time. */
    public void changing() {
        changing = true;
    }

    boolean isChanging() {
        return changing;
    }

    boolean isShown() {
        return shown;
    }

    boolean isExpectedAgain() {
        return expectedAgain;
    }

    @Override
    public String toString() {
        return "fob " + uid + " on " + readerId;
    }
}
