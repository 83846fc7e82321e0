package org.fobstation.pcsc;

import java.time.Duration;
import java.util.List;

/** A connection to the PC/SC service. Used by one thread, except {@link #cancel()}. */
public interface SmartCardContext extends AutoCloseable {

    /** The name that, as an entry of {@link #waitForChange}, reports readers that come and go. */
    String PNP_NOTIFICATION = "\\\\?PnP?\\Notification";

    /** The most entries one {@link #waitForChange} takes. */
    int MAX_WAIT_ENTRIES = 16;

    /** The names of the readers there are now; empty if none. */
    List<String> readers() throws PcscException;

    /**
     * Waits until a reader's state differs from what is known of it.
     *
     * @param known 1..16 entries; a state word of 0 asks for the present state at once
     * @param timeout at least 1 ms
     * @return the entries with their present state, in the same order; unchanged ones without the CHANGED bit. On a
     *     timeout all of them as they were given. A service that cannot report readers that come and go gives
     *     {@link #PNP_NOTIFICATION} the UNKNOWN bit; readers are then listed after every timeout
     * @throws PcscException as the service says; {@code E_CANCELLED} after {@link #cancel()}, {@code E_UNKNOWN_READER}
     *     or an entry with the UNKNOWN bit where a reader is gone. A timeout is no exception
     */
    List<ReaderState> waitForChange(List<ReaderState> known, Duration timeout) throws PcscException;

    /**
     * Connects to the fob on a reader, exclusively, with T=0 or T=1, and begins a transaction.
     *
     * @throws PcscException as the service says: {@code E_NO_SMARTCARD} without a fob, {@code E_SHARING_VIOLATION} while
     *     another connection holds it, {@code E_UNKNOWN_READER} without the reader
     */
    CardConnection connect(String reader) throws PcscException;

    /** Ends a running {@link #waitForChange}. Any thread may call it; without effect if none is running. */
    void cancel();

    /** Releases the context. Never throws; may be called again. */
    @Override
    void close();
}
