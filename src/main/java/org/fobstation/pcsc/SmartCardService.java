package org.fobstation.pcsc;

/**
 * The PC/SC service of this machine, or a stand-in for it. Safe for use by any thread.
 *
 * @see "PC/SC Workgroup specification part 5"
 */
public interface SmartCardService {

    /**
     * Opens a context of its own for the calling side. Contexts do not wait for one another, so every thread that
     * waits or talks to a fob has its own.
     *
     * @throws PcscException if the service is not there
     */
    SmartCardContext establish() throws PcscException;

    /** What this is, for the log: the library's or the simulator's name. */
    String description();
}
