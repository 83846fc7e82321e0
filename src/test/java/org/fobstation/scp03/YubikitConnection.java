package org.fobstation.scp03;

import com.yubico.yubikit.core.Transport;
import com.yubico.yubikit.core.smartcard.SmartCardConnection;
import java.io.IOException;

/** How yubikit's SCP03 client reaches a card: any exchange of bytes, short APDUs. */
final class YubikitConnection implements SmartCardConnection {

    /** Sends one command and gives its answer. */
    @FunctionalInterface
    interface Exchange {
        byte[] transmit(byte[] command) throws IOException;
    }

    private final Exchange card;

    YubikitConnection(Exchange card) {
        this.card = card;
    }

    @Override
    public byte[] sendAndReceive(byte[] apdu) throws IOException {
        return card.transmit(apdu);
    }

    @Override
    public Transport getTransport() {
        return Transport.NFC;
    }

    @Override
    public boolean isExtendedLengthApduSupported() {
        return false;
    }

    @Override
    public byte[] getAtr() {
        return new byte[0];
    }

    /** The card is its owner's to let go. */
    @Override
    public void close() {
        // Nothing of this connection's own is open.
    }
}
