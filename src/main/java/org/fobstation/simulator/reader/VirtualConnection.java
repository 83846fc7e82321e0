package org.fobstation.simulator.reader;

import org.fobstation.pcsc.CardConnection;
import org.fobstation.pcsc.PcscException;
import org.fobstation.simulator.fob.VirtualCard;

/** A connection to a fob on a {@link VirtualReader}. The fob is called outside the service's lock. */
final class VirtualConnection implements CardConnection {

    private static final String TRANSMIT = "SCardTransmit";

    private final VirtualSmartCardService service;
    private final int generation;
    private final VirtualReader reader;
    private final int insertion;
    private final int resets;
    private byte[] atr;
    private boolean closed;

    /** Under the lock. */
    VirtualConnection(VirtualSmartCardService service, int generation, VirtualReader reader) {
        this.service = service;
        this.generation = generation;
        this.reader = reader;
        this.insertion = reader.insertion();
        this.resets = reader.resets();
    }

    /** Under the lock. */
    void opened(byte[] cardAtr) {
        atr = cardAtr;
    }

    @Override
    public byte[] atr() {
        return atr.clone();
    }

    @Override
    public byte[] transmit(byte[] command) throws PcscException {
        byte[] answer = cardForCommand().transmit(command.clone());
        requireStillThere();
        if (answer.length == 0) {
            throw new PcscException(TRANSMIT, PcscException.W_REMOVED_CARD);
        }
        return answer;
    }

    private VirtualCard cardForCommand() throws PcscException {
        service.lock.lock();
        try {
            if (closed) {
                throw new PcscException(TRANSMIT, PcscException.E_INVALID_HANDLE);
            }
            service.requireAlive(TRANSMIT, generation);
            VirtualCard card = reader.cardOf(this);
            reader.strikeTransmit();
            return card;
        } finally {
            service.lock.unlock();
        }
    }

    /** What went away while the fob worked took its answer along. */
    private void requireStillThere() throws PcscException {
        service.lock.lock();
        try {
            if (service.isGone(generation)) {
                throw new PcscException(TRANSMIT, PcscException.F_COMM_ERROR);
            }
            reader.cardOf(this);
        } finally {
            service.lock.unlock();
        }
    }

    int insertion() {
        return insertion;
    }

    int resets() {
        return resets;
    }

    @Override
    public void close() {
        VirtualCard released = service.locked(() -> {
            closed = true;
            return reader.release(this);
        });
        if (released != null) {
            released.reset();
        }
    }
}
