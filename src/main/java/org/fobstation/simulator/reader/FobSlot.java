package org.fobstation.simulator.reader;

import java.io.IOException;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.VirtualCard;

/** A place to lay a virtual fob on. Safe for any thread. */
public interface FobSlot extends AutoCloseable {

    /** The reader's full PC/SC name. */
    String readerName();

    /**
     * Lays a fob on the reader.
     *
     * @throws IllegalStateException if one is there already, or the slot is closed
     * @throws IOException if the reader cannot be reached
     */
    void present(VirtualCard card) throws IOException;

    /**
     * Takes the fob away; without effect if none is there. A command under way gets no answer. May be called from
     * within the fob ({@code CardFault.on(fob).before(trigger, slot::remove)}).
     */
    void remove();

    /** Whether a fob is there. */
    boolean isOccupied();

    /**
     * Lays a fob on the reader and tears it away during a command: the fob carries the command out, its answer is lost.
     *
     * @param trigger the command it happens at
     */
    default void presentAndRemoveDuring(VirtualCard card, CardTrigger trigger) throws IOException {
        present(CardFault.on(card).after(trigger, this::remove));
    }

    /** Takes the fob away and ends the slot; may be called again. */
    @Override
    void close();
}
