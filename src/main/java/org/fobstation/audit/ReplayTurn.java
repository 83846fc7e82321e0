package org.fobstation.audit;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** The turn to replay: one exchange has it at a time. Any thread may use it. */
final class ReplayTurn {

    /** The turn did not come in time. Says nothing of the KLMS, which nobody asked. */
    static final class Missed extends IllegalStateException {

        private static final long serialVersionUID = 1L;

        Missed() {
            super("other dead letters are being replayed at this moment");
        }
    }

    private final Semaphore turn = new Semaphore(1);
    private final Duration patience;

    ReplayTurn(Duration patience) {
        this.patience = patience;
    }

    /**
     * Waits for the turn, which the exchange keeps until it completes.
     *
     * @throws Missed if it does not come in time
     */
    void take(Exchange exchange) throws InterruptedException {
        if (!turn.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Missed();
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                turn.release();
            }
        });
    }
}
