package org.fobstation.pcsc;

import com.sun.jna.Memory;
import java.time.Duration;
import java.util.List;

/** A context of the native service. */
final class NativeContext implements SmartCardContext {

    /** Readers may come between asking for the length of the list and asking for the list. */
    private static final int LIST_TRIES = 5;

    private final PcscAbi abi;
    private final PcscFunctions pcsc;
    private final long handle;
    private boolean closed;

    NativeContext(PcscAbi abi, PcscFunctions pcsc, long handle) {
        this.abi = abi;
        this.pcsc = pcsc;
        this.handle = handle;
    }

    @Override
    public List<String> readers() throws PcscException {
        requireOpen("SCardListReaders");
        int code = PcscException.E_INSUFFICIENT_BUFFER;
        try (Memory length = abi.dwordOf(0)) {
            for (int i = 0; i < LIST_TRIES && code == PcscException.E_INSUFFICIENT_BUFFER; i++) {
                code = pcsc.listReaders(handle, null, length);
                int characters = abi.getDword(length, 0);
                if (code == PcscException.E_NO_READERS_AVAILABLE || code == PcscFunctions.SUCCESS && characters == 0) {
                    return List.of();
                }
                PcscException.check("SCardListReaders", code);
                try (Memory names = new Memory((long) characters * abi.terminator())) {
                    code = pcsc.listReaders(handle, names, length);
                    if (code == PcscFunctions.SUCCESS) {
                        return abi.multiString(names, abi.getDword(length, 0));
                    }
                }
            }
        }
        if (code == PcscException.E_NO_READERS_AVAILABLE) {
            return List.of();
        }
        throw new PcscException("SCardListReaders", code);
    }

    @Override
    public List<ReaderState> waitForChange(List<ReaderState> known, Duration timeout) throws PcscException {
        if (known.isEmpty() || known.size() > MAX_WAIT_ENTRIES) {
            throw new IllegalArgumentException(
                    "1.." + MAX_WAIT_ENTRIES + " readers can be waited for, not " + known.size());
        }
        requireOpen("SCardGetStatusChange");
        int millis = (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE));
        try (ReaderStateArray states = new ReaderStateArray(abi, known)) {
            int code = pcsc.getStatusChange(handle, millis, states.pointer(), states.count());
            if (code == PcscException.E_TIMEOUT) {
                return List.copyOf(known);
            }
            PcscException.check("SCardGetStatusChange", code);
            return states.events();
        }
    }

    @Override
    public CardConnection connect(String reader) throws PcscException {
        requireOpen("SCardConnect");
        return NativeConnection.open(abi, pcsc, handle, reader);
    }

    @Override
    public synchronized void cancel() {
        if (!closed) {
            // Its code tells nothing that the waiting call does not tell.
            pcsc.cancel(handle);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            // A context of a service that is gone cannot be released, and need not be.
            pcsc.releaseContext(handle);
        }
    }

    private synchronized void requireOpen(String call) throws PcscException {
        if (closed) {
            throw new PcscException(call, PcscException.E_INVALID_HANDLE);
        }
    }
}
