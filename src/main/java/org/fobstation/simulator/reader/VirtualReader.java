package org.fobstation.simulator.reader;

import org.fobstation.pcsc.PcscException;
import org.fobstation.pcsc.ReaderState;
import org.fobstation.simulator.fob.VirtualCard;

/**
 * A reader of a {@link VirtualSmartCardService}. Its state is guarded by the service's lock; methods named so are called
 * under it.
 */
public final class VirtualReader implements FobSlot {

    private static final int COUNT_MAX = 0xFFFF;

    private final VirtualSmartCardService service;
    private final String name;
    private VirtualCard card;
    private byte[] atr = new byte[0];
    private Object user;
    private boolean pluggedIn = true;
    private int events;
    private int insertion;
    private int resets;
    private int nextConnectFault;
    private int nextTransmitFault;

    VirtualReader(VirtualSmartCardService service, String name) {
        this.service = service;
        this.name = name;
    }

    @Override
    public String readerName() {
        return name;
    }

    @Override
    public void present(VirtualCard presented) {
        presented.powerOn();
        byte[] answerToReset = presented.atr();
        service.locked(() -> {
            if (card != null || !pluggedIn) {
                throw new IllegalStateException(name + (pluggedIn ? " has a fob on it" : " is unplugged"));
            }
            card = presented;
            atr = answerToReset;
            insertion++;
            countEvent();
            return null;
        });
    }

    @Override
    public void remove() {
        VirtualCard removed = service.locked(this::takeCard);
        if (removed != null) {
            removed.powerOff();
        }
    }

    private VirtualCard takeCard() {
        VirtualCard taken = card;
        if (taken != null) {
            card = null;
            atr = new byte[0];
            user = null;
            countEvent();
        }
        return taken;
    }

    @Override
    public boolean isOccupied() {
        return service.locked(() -> card != null);
    }

    /** Pulls the reader out of the computer, with its fob if one is there. */
    @Override
    public void close() {
        VirtualCard removed = service.locked(() -> {
            VirtualCard taken = takeCard();
            pluggedIn = false;
            service.forget(this);
            service.changed.signalAll();
            return taken;
        });
        if (removed != null) {
            removed.powerOff();
        }
    }

    /** Another program connects to the fob exclusively: {@code E_SHARING_VIOLATION} for everybody else. */
    public void takeByOtherProgram() {
        service.locked(() -> {
            if (card == null || user != null) {
                throw new IllegalStateException(name + (card == null ? " is empty" : " is in use"));
            }
            user = this;
            service.changed.signalAll();
            return null;
        });
    }

    /** The other program lets go. */
    public void giveBack() {
        service.locked(() -> release(this));
    }

    /** Somebody else resets the fob: its sessions are lost, open connections get {@code W_RESET_CARD}. */
    public void resetByOtherProgram() {
        VirtualCard reset = service.locked(() -> {
            resets++;
            return card;
        });
        if (reset != null) {
            reset.reset();
        }
    }

    /** Makes the next connect fail with a PC/SC code, such as {@code W_UNRESPONSIVE_CARD}. */
    public void failNextConnect(int code) {
        service.locked(() -> nextConnectFault = code);
    }

    /** Makes the next transmit fail with a PC/SC code, such as {@code E_NOT_TRANSACTED}; the fob never sees the command. */
    public void failNextTransmit(int code) {
        service.locked(() -> nextTransmitFault = code);
    }

    /** Takes the fob for {@code connection} and gives its ATR. Under the lock. */
    byte[] use(Object connection) throws PcscException {
        String call = "SCardConnect";
        int fault = nextConnectFault;
        nextConnectFault = 0;
        if (fault != 0) {
            throw new PcscException(call, fault);
        }
        if (card == null) {
            throw new PcscException(call, PcscException.E_NO_SMARTCARD);
        }
        if (user != null) {
            throw new PcscException(call, PcscException.E_SHARING_VIOLATION);
        }
        if (isMute()) {
            throw new PcscException(call, PcscException.W_UNRESPONSIVE_CARD);
        }
        user = connection;
        service.changed.signalAll();
        return atr.clone();
    }

    /** The fob as it was when {@code connection} was made, or why it is not. Under the lock. */
    VirtualCard cardOf(VirtualConnection connection) throws PcscException {
        String call = "SCardTransmit";
        if (!pluggedIn) {
            throw new PcscException(call, PcscException.E_READER_UNAVAILABLE);
        }
        if (card == null || insertion != connection.insertion()) {
            throw new PcscException(call, PcscException.W_REMOVED_CARD);
        }
        if (resets != connection.resets()) {
            throw new PcscException(call, PcscException.W_RESET_CARD);
        }
        return card;
    }

    /** Under the lock. */
    void strikeTransmit() throws PcscException {
        int fault = nextTransmitFault;
        nextTransmitFault = 0;
        if (fault != 0) {
            throw new PcscException("SCardTransmit", fault);
        }
    }

    /** Lets the fob go if {@code holder} has it, and gives it; null if he has not. Under the lock. */
    VirtualCard release(Object holder) {
        if (user != holder) {
            return null;
        }
        user = null;
        service.changed.signalAll();
        return card;
    }

    /** Under the lock. */
    int insertion() {
        return insertion;
    }

    /** Under the lock. */
    int resets() {
        return resets;
    }

    /** The state word as the service sees it, without CHANGED, and the ATR. Under the lock. */
    ReaderState state() {
        int flags = ReaderState.EMPTY;
        if (card != null) {
            flags = ReaderState.PRESENT;
            flags |= isMute() ? ReaderState.MUTE : 0;
            flags |= user != null ? ReaderState.EXCLUSIVE : 0;
        }
        return new ReaderState(name, events << 16 | flags, atr.clone());
    }

    private boolean isMute() {
        return atr.length == 0;
    }

    /** The service starts: nobody uses the fob, nothing was counted yet. Under the lock. */
    void forgetEvents() {
        user = null;
        events = 0;
    }

    void powerOn() {
        VirtualCard powered = service.locked(() -> card);
        if (powered != null) {
            powered.powerOn();
        }
    }

    void powerOff() {
        VirtualCard powered = service.locked(() -> card);
        if (powered != null) {
            powered.powerOff();
        }
    }

    private void countEvent() {
        events = events + 1 & COUNT_MAX;
        service.changed.signalAll();
    }

    @Override
    public String toString() {
        return name;
    }
}
