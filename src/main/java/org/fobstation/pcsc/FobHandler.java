package org.fobstation.pcsc;

/** What is done with an identified fob, and with a fault of the worker itself. */
interface FobHandler {

    /**
     * Handles the fob to the end; its transport is closed afterwards.
     *
     * @return what the route did not handle itself, or null
     */
    Throwable handle(PresentedFob fob);

    /** The worker failed outside the route; it goes on with the next fob. */
    void workerFailed(String message, Throwable cause);
}
