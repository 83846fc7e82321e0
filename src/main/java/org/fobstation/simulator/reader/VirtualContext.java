package org.fobstation.simulator.reader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fobstation.pcsc.CardConnection;
import org.fobstation.pcsc.PcscException;
import org.fobstation.pcsc.ReaderState;
import org.fobstation.pcsc.SmartCardContext;

/** A context of a {@link VirtualSmartCardService}. Its state is guarded by the service's lock. */
final class VirtualContext implements SmartCardContext {

    private static final String WAIT = "SCardGetStatusChange";

    private final VirtualSmartCardService service;
    private final int generation;
    private final List<VirtualConnection> connections = new ArrayList<>();
    private boolean closed;
    private boolean waiting;
    private boolean cancelled;

    VirtualContext(VirtualSmartCardService service, int generation) {
        this.service = service;
        this.generation = generation;
    }

    @Override
    public List<String> readers() throws PcscException {
        service.lock.lock();
        try {
            requireAlive("SCardListReaders");
            return service.readerNames();
        } finally {
            service.lock.unlock();
        }
    }

    @Override
    public List<ReaderState> waitForChange(List<ReaderState> known, Duration timeout) throws PcscException {
        if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("a wait takes at least 1 ms, not " + timeout);
        }
        service.lock.lock();
        try {
            requireAlive(WAIT);
            requireKnownReaders(known);
            waiting = true;
            cancelled = false;
            service.countWaiting(1);
            try {
                return await(known, timeout.toNanos());
            } finally {
                waiting = false;
                service.countWaiting(-1);
            }
        } finally {
            service.lock.unlock();
        }
    }

    private void requireKnownReaders(List<ReaderState> known) throws PcscException {
        if (known.isEmpty() || known.size() > MAX_WAIT_ENTRIES) {
            throw new PcscException(WAIT, PcscException.E_INVALID_PARAMETER);
        }
        for (ReaderState entry : known) {
            if (!isPnp(entry) && service.reader(entry.reader()) == null) {
                throw new PcscException(WAIT, PcscException.E_UNKNOWN_READER);
            }
        }
    }

    /** An interrupt does not end a native wait either; it is kept for the caller. */
    private List<ReaderState> await(List<ReaderState> known, long nanos) throws PcscException {
        int readersAtFirst = service.readerNames().size();
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                List<ReaderState> present = compare(known, readersAtFirst);
                boolean allIgnored = known.stream().allMatch(entry -> entry.has(ReaderState.IGNORE));
                if (allIgnored || present.stream().anyMatch(entry -> entry.has(ReaderState.CHANGED))) {
                    return present;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return List.copyOf(known);
                }
                try {
                    service.changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                requireUndisturbed();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void requireUndisturbed() throws PcscException {
        if (service.isGone(generation)) {
            throw new PcscException(WAIT, PcscException.F_COMM_ERROR);
        }
        if (closed) {
            throw new PcscException(WAIT, PcscException.E_INVALID_HANDLE);
        }
        if (cancelled) {
            throw new PcscException(WAIT, PcscException.E_CANCELLED);
        }
    }

    private List<ReaderState> compare(List<ReaderState> known, int readersAtFirst) {
        List<ReaderState> present = new ArrayList<>();
        for (ReaderState entry : known) {
            if (isPnp(entry)) {
                boolean changed = service.readerNames().size() != readersAtFirst;
                present.add(new ReaderState(entry.reader(), changed ? ReaderState.CHANGED : 0, new byte[0]));
            } else {
                VirtualReader reader = service.reader(entry.reader());
                present.add(StateComparison.compare(entry, reader == null ? null : reader.state()));
            }
        }
        return present;
    }

    /** pcsc-lite tells readers that come and go by their number, from the beginning of the wait. */
    private static boolean isPnp(ReaderState entry) {
        return entry.reader().equals(PNP_NOTIFICATION);
    }

    @Override
    public CardConnection connect(String readerName) throws PcscException {
        service.lock.lock();
        try {
            requireAlive("SCardConnect");
            VirtualReader reader = service.reader(readerName);
            if (reader == null) {
                throw new PcscException("SCardConnect", PcscException.E_UNKNOWN_READER);
            }
            VirtualConnection connection = new VirtualConnection(service, generation, reader);
            connection.opened(reader.use(connection));
            connections.add(connection);
            return connection;
        } finally {
            service.lock.unlock();
        }
    }

    @Override
    public void cancel() {
        service.locked(() -> {
            cancelled = waiting;
            service.changed.signalAll();
            return null;
        });
    }

    /** Takes the connections made here along, as SCardReleaseContext does. */
    @Override
    public void close() {
        List<VirtualConnection> open = service.locked(() -> {
            closed = true;
            service.changed.signalAll();
            return List.copyOf(connections);
        });
        open.forEach(VirtualConnection::close);
    }

    private void requireAlive(String call) throws PcscException {
        if (closed) {
            throw new PcscException(call, PcscException.E_INVALID_HANDLE);
        }
        service.requireAlive(call, generation);
    }
}
