package org.fobstation.pcsc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/** An array of SCARD_READERSTATE in native memory, and the reader names it points to. One thread at a time. */
final class ReaderStateArray implements AutoCloseable {

    private final PcscAbi abi;
    private final Memory states;
    private final List<String> readers = new ArrayList<>();
    private final List<Memory> names = new ArrayList<>();

    /** @param known what is known of each reader; its state word becomes dwCurrentState, without the CHANGED bit */
    ReaderStateArray(PcscAbi abi, List<ReaderState> known) {
        this.abi = abi;
        this.states = new Memory((long) abi.readerState() * known.size());
        states.clear();
        for (ReaderState state : known) {
            long at = (long) abi.readerState() * names.size();
            Memory name = abi.textOf(state.reader());
            states.setPointer(at, name);
            abi.putDword(states, at + abi.currentState(), state.state() & ~ReaderState.CHANGED);
            readers.add(state.reader());
            names.add(name);
        }
    }

    Pointer pointer() {
        return states;
    }

    int count() {
        return readers.size();
    }

    /** What the service has written: dwEventState and the ATR of each reader, in order. */
    List<ReaderState> events() {
        List<ReaderState> events = new ArrayList<>();
        for (int i = 0; i < readers.size(); i++) {
            long at = (long) abi.readerState() * i;
            int atrLength = abi.getDword(states, at + abi.atrLength());
            // Some drivers leave the length unset where there is no card.
            int length = Math.max(0, Math.min(atrLength, abi.atrCapacity()));
            byte[] atr = states.getByteArray(at + abi.atr(), length);
            events.add(new ReaderState(readers.get(i), abi.getDword(states, at + abi.eventState()), atr));
        }
        return List.copyOf(events);
    }

    @Override
    public void close() {
        states.close();
        names.forEach(Memory::close);
    }
}
