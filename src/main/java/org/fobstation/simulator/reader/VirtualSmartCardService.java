package org.fobstation.simulator.reader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.fobstation.pcsc.PcscException;
import org.fobstation.pcsc.SmartCardContext;
import org.fobstation.pcsc.SmartCardService;

/**
 * A PC/SC service in this process, with readers that can be plugged in and out and a stop button. Behaves as
 * pcsc-lite 1.9.9 does; what it does at once, pcscd does within 400 ms. Safe for any thread.
 *
 * <p>One lock guards the service, its readers, contexts and connections; no card is called under it, so a card may take its time or
 * call back.
 */
public final class VirtualSmartCardService implements SmartCardService {

    /** As many as pcscd before 2.5 has. */
    private static final int READERS_MAX = 16;

    final ReentrantLock lock = new ReentrantLock();

    /** Signalled on every change anybody may wait for. */
    final Condition changed = lock.newCondition();

    private final Map<String, VirtualReader> readers = new LinkedHashMap<>();
    private boolean running = true;
    private int generation;
    private int waiting;

    /**
     * Plugs a reader in.
     *
     * @param name the full name, as {@code "ACS ACR1252 1S CL Reader PICC 00 00"}
     * @throws IllegalStateException if a reader of this name is there, or 16 others are
     */
    public VirtualReader plugIn(String name) {
        return locked(() -> {
            if (readers.containsKey(name) || readers.size() == READERS_MAX) {
                throw new IllegalStateException("no room for reader " + name + " beside " + readers.keySet());
            }
            VirtualReader reader = new VirtualReader(this, name);
            readers.put(name, reader);
            changed.signalAll();
            return reader;
        });
    }

    /** Pulls a reader out, with its fob if one is there. Without effect if there is no such reader. */
    public void unplug(String name) {
        VirtualReader reader = locked(() -> readers.get(name));
        if (reader != null) {
            reader.close();
        }
    }

    /** Stops the service: contexts die, running waits end with {@code F_COMM_ERROR}, fobs lose power. */
    public void stopService() {
        List<VirtualReader> powered = locked(() -> {
            running = false;
            generation++;
            changed.signalAll();
            return new ArrayList<>(readers.values());
        });
        powered.forEach(VirtualReader::powerOff);
    }

    /** Starts it again: contexts of before stay dead, event counters begin at 0, fobs still lie where they lay. */
    public void startService() {
        List<VirtualReader> unpowered = locked(() -> {
            running = true;
            readers.values().forEach(VirtualReader::forgetEvents);
            return new ArrayList<>(readers.values());
        });
        unpowered.forEach(VirtualReader::powerOn);
    }

    /** How many threads wait for a change right now; lets a test act only once its subject waits. */
    public int waiting() {
        return locked(() -> waiting);
    }

    @Override
    public SmartCardContext establish() throws PcscException {
        lock.lock();
        try {
            if (!running) {
                throw new PcscException("SCardEstablishContext", PcscException.E_NO_SERVICE);
            }
            return new VirtualContext(this, generation);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String description() {
        return "virtual readers in this process";
    }

    /** The reader of this name, null if there is none. Under the lock. */
    VirtualReader reader(String name) {
        return readers.get(name);
    }

    /** Under the lock. */
    List<String> readerNames() {
        return List.copyOf(readers.keySet());
    }

    /** Under the lock. */
    void forget(VirtualReader reader) {
        readers.remove(Objects.requireNonNull(reader).readerName(), reader);
    }

    /**
     * Checks that the service of a context is still there. Under the lock.
     *
     * @param established the generation the context is of
     */
    void requireAlive(String call, int established) throws PcscException {
        if (!running) {
            throw new PcscException(call, PcscException.E_NO_SERVICE);
        }
        if (established != generation) {
            throw new PcscException(call, PcscException.E_INVALID_HANDLE);
        }
    }

    /** Whether the service stopped since. Under the lock. */
    boolean isGone(int established) {
        return established != generation;
    }

    /** Under the lock. */
    void countWaiting(int difference) {
        waiting += difference;
    }

    interface Locked<T> {
        T call();
    }

    <T> T locked(Locked<T> action) {
        lock.lock();
        try {
            return action.call();
        } finally {
            lock.unlock();
        }
    }
}
