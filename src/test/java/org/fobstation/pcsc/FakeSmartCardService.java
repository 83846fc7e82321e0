package org.fobstation.pcsc;

import static org.fobstation.pcsc.ReaderState.CHANGED;
import static org.fobstation.pcsc.ReaderState.EMPTY;
import static org.fobstation.pcsc.ReaderState.IN_USE;
import static org.fobstation.pcsc.ReaderState.MUTE;
import static org.fobstation.pcsc.ReaderState.PRESENT;
import static org.fobstation.pcsc.ReaderState.UNKNOWN;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A PC/SC service with readers that can be plugged in and out and fobs that can be presented and removed, and that can
 * be stopped and started. State words count insertions and removals as a real one does; contexts of before a restart
 * are worth nothing; a cancel with no wait running is lost.
 */
final class FakeSmartCardService implements SmartCardService {

    private static final class Reader {
        private FakeCard card;
        private int events;
        private boolean mute;
        private boolean connected;
        private boolean inUseByOthers;
        private int connects;

        int word() {
            int flags = card == null ? EMPTY : mute ? PRESENT | MUTE : PRESENT;
            return events << 16 | flags | (connected ? IN_USE : 0);
        }
    }

    private final Map<String, Reader> readers = new LinkedHashMap<>();
    private int plugEvents = 1;
    private int generation;
    private boolean stopped;
    private int waitFault;
    private int establishes;
    private int openContexts;
    private int widestWait;

    synchronized FakeSmartCardService plugIn(String name) {
        readers.put(name, new Reader());
        plugEvents++;
        notifyAll();
        return this;
    }

    synchronized void unplug(String name) {
        reader(name);
        readers.remove(name);
        plugEvents++;
        notifyAll();
    }

    synchronized FakeCard present(String name, FakeCard card) {
        Reader reader = reader(name);
        if (reader.card != null) {
            throw new AssertionError("there is a fob on " + name + " already; remove it first");
        }
        put(reader, card);
        return card;
    }

    /** A card of which the service knows nothing but that it is there, as a SAM. */
    synchronized void presentMute(String name) {
        Reader reader = reader(name);
        reader.mute = true;
        put(reader, FakeCard.withUid("00000000"));
    }

    private void put(Reader reader, FakeCard card) {
        reader.card = card;
        reader.events++;
        notifyAll();
    }

    synchronized void remove(String name) {
        Reader reader = reader(name);
        if (reader.card == null) {
            throw new AssertionError("there is no fob on " + name);
        }
        reader.card = null;
        reader.mute = false;
        reader.events++;
        notifyAll();
    }

    /** Takes the fob away and presents another before anyone can look. */
    synchronized void swap(String name, FakeCard card) {
        remove(name);
        present(name, card);
    }

    /** Another program connects, or lets go: only the in-use bit and the access change. */
    synchronized void useByOthers(String name, boolean use) {
        reader(name).inUseByOthers = use;
        reader(name).connected = use;
        notifyAll();
    }

    /** Puts another fob in the place of the one that is there, and the state word does not tell: pcsc-lite does that. */
    synchronized void replaceUnseen(String name, FakeCard card) {
        reader(name).card = card;
    }

    synchronized void stopService() {
        stopped = true;
        generation++;
        notifyAll();
    }

    synchronized void startService() {
        stopped = false;
        notifyAll();
    }

    /** Every wait fails with this code from now on; 0 ends that. */
    synchronized void failWaitsWith(int code) {
        waitFault = code;
        notifyAll();
    }

    synchronized int connects(String name) {
        return reader(name).connects;
    }

    synchronized int establishes() {
        return establishes;
    }

    synchronized int openContexts() {
        return openContexts;
    }

    synchronized int widestWait() {
        return widestWait;
    }

    private Reader reader(String name) {
        Reader reader = readers.get(name);
        if (reader == null) {
            throw new AssertionError("no reader " + name + "; there are " + readers.keySet());
        }
        return reader;
    }

    @Override
    public synchronized SmartCardContext establish() throws PcscException {
        establishes++;
        if (stopped) {
            throw new PcscException("SCardEstablishContext", PcscException.E_NO_SERVICE);
        }
        openContexts++;
        return new Context(generation);
    }

    @Override
    public String description() {
        return "a fake service";
    }

    private final class Context implements SmartCardContext {

        private final int born;
        private boolean waiting;
        private boolean cancelled;
        private boolean closed;

        Context(int born) {
            this.born = born;
        }

        private void requireAlive(String call) throws PcscException {
            if (stopped || born != generation) {
                throw new PcscException(call, waiting ? PcscException.F_COMM_ERROR : PcscException.E_INVALID_HANDLE);
            }
            if (closed) {
                throw new AssertionError("a closed context is used");
            }
        }

        @Override
        public List<String> readers() throws PcscException {
            synchronized (FakeSmartCardService.this) {
                requireAlive("SCardListReaders");
                return List.copyOf(readers.keySet());
            }
        }

        @Override
        public List<ReaderState> waitForChange(List<ReaderState> known, Duration timeout) throws PcscException {
            synchronized (FakeSmartCardService.this) {
                requireAlive("SCardGetStatusChange");
                if (known.isEmpty() || known.size() > MAX_WAIT_ENTRIES) {
                    throw new PcscException("SCardGetStatusChange", PcscException.E_INVALID_PARAMETER);
                }
                widestWait = Math.max(widestWait, known.size());
                waiting = true;
                cancelled = false;
                try {
                    return wait(known, System.nanoTime() + timeout.toNanos());
                } finally {
                    waiting = false;
                }
            }
        }

        private List<ReaderState> wait(List<ReaderState> known, long end) throws PcscException {
            while (true) {
                requireAlive("SCardGetStatusChange");
                if (cancelled) {
                    throw new PcscException("SCardGetStatusChange", PcscException.E_CANCELLED);
                }
                if (waitFault != 0) {
                    throw new PcscException("SCardGetStatusChange", waitFault);
                }
                List<ReaderState> now = now(known);
                if (now.stream().anyMatch(state -> state.has(CHANGED))) {
                    return now;
                }
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return List.copyOf(known);
                }
                try {
                    FakeSmartCardService.this.wait(left);
                } catch (InterruptedException e) {
                    throw new AssertionError("the monitor was interrupted", e);
                }
            }
        }

        private List<ReaderState> now(List<ReaderState> known) {
            List<ReaderState> now = new ArrayList<>();
            for (ReaderState state : known) {
                Reader reader = readers.get(state.reader());
                boolean pnp = state.reader().equals(PNP_NOTIFICATION);
                int word = pnp ? plugEvents << 16 : reader == null ? UNKNOWN : reader.word();
                boolean changed = word != (state.state() & ~CHANGED);
                byte[] atr = reader == null || reader.card == null
                        ? new byte[0]
                        : HexFormat.of().parseHex(FakeCard.ATR);
                now.add(new ReaderState(state.reader(), changed ? word | CHANGED : word, atr));
            }
            return now;
        }

        @Override
        public CardConnection connect(String name) throws PcscException {
            synchronized (FakeSmartCardService.this) {
                requireAlive("SCardConnect");
                Reader reader = readers.get(name);
                if (reader == null) {
                    throw new PcscException("SCardConnect", PcscException.E_UNKNOWN_READER);
                }
                reader.connects++;
                if (reader.card == null) {
                    throw new PcscException("SCardConnect", PcscException.E_NO_SMARTCARD);
                }
                if (reader.connected) {
                    throw new PcscException("SCardConnect", PcscException.E_SHARING_VIOLATION);
                }
                if (!reader.card.reset()) {
                    throw new PcscException("SCardConnect", PcscException.W_UNRESPONSIVE_CARD);
                }
                reader.connected = true;
                FakeSmartCardService.this.notifyAll();
                return new Connection(this, reader);
            }
        }

        @Override
        public void cancel() {
            synchronized (FakeSmartCardService.this) {
                if (waiting) {
                    cancelled = true;
                    FakeSmartCardService.this.notifyAll();
                }
            }
        }

        @Override
        public void close() {
            synchronized (FakeSmartCardService.this) {
                if (!closed) {
                    closed = true;
                    openContexts--;
                }
            }
        }
    }

    private final class Connection implements CardConnection {

        private final Context context;
        private final Reader reader;
        private final FakeCard card;
        private final int presentation;
        private boolean closed;

        Connection(Context context, Reader reader) {
            this.context = context;
            this.reader = reader;
            this.card = reader.card;
            this.presentation = reader.events;
        }

        @Override
        public byte[] atr() {
            return HexFormat.of().parseHex(FakeCard.ATR);
        }

        @Override
        public byte[] transmit(byte[] command) throws PcscException {
            requireThere();
            byte[] answer = card.transmit(command);
            requireThere();
            return answer;
        }

        private void requireThere() throws PcscException {
            synchronized (FakeSmartCardService.this) {
                if (closed) {
                    throw new AssertionError("a command was sent through a closed connection");
                }
                context.requireAlive("SCardTransmit");
                if (reader.events != presentation) {
                    throw new PcscException("SCardTransmit", PcscException.W_REMOVED_CARD);
                }
            }
        }

        @Override
        public void close() {
            synchronized (FakeSmartCardService.this) {
                if (!closed) {
                    closed = true;
                    reader.connected = reader.inUseByOthers;
                    FakeSmartCardService.this.notifyAll();
                }
            }
        }
    }
}
