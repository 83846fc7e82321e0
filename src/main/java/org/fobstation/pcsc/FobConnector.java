package org.fobstation.pcsc;

import java.time.Duration;

/**
 * Connects to the fobs of one reader through a context of its own, kept from fob to fob. Bears with what passes by
 * itself: another program that holds a new fob for a moment (Windows does), a fob that answers to the second reset, and
 * a context that a restarted service no longer knows. Nothing has been sent to the fob by then. One thread.
 */
final class FobConnector implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final SmartCardService service;
    private final Duration retry;
    private SmartCardContext context;

    /** @param retry how long a fob in use by another program is tried again */
    FobConnector(SmartCardService service, Duration retry) {
        this.service = service;
        this.retry = retry;
    }

    /**
     * @param slot ends the tries when the presentation is over or the reader is stopped
     * @throws PcscException with the last try's code
     */
    CardConnection connect(Presentation presentation, FobSlot slot) throws PcscException, InterruptedException {
        long end = System.nanoTime() + retry.toNanos();
        boolean secondReset = false;
        boolean secondContext = false;
        while (true) {
            try {
                return context().connect(presentation.readerName());
            } catch (PcscException e) {
                if (e.code() == PcscException.E_SHARING_VIOLATION) {
                    if (System.nanoTime() - end >= 0 || !slot.pauseDuring(presentation.number(), PAUSE)) {
                        throw e;
                    }
                } else if (isUnresponsive(e.code()) && !secondReset) {
                    secondReset = true;
                } else if (PcscFaults.isServiceLost(e.code())) {
                    close();
                    if (secondContext) {
                        throw e;
                    }
                    secondContext = true;
                } else {
                    throw e;
                }
            }
        }
    }

    private static boolean isUnresponsive(int code) {
        return code == PcscException.W_UNRESPONSIVE_CARD || code == PcscException.W_UNPOWERED_CARD;
    }

    private SmartCardContext context() throws PcscException {
        if (context == null) {
            context = service.establish();
        }
        return context;
    }

    /** Releases the context; the next connection gets a new one. */
    @Override
    public void close() {
        if (context != null) {
            context.close();
            context = null;
        }
    }
}
