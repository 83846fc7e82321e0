package org.fobstation.simulator.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.Gate;
import org.fobstation.provisioning.OperatorDisplay;
import org.fobstation.provisioning.RunReport;

/** Passes everything on to the operator's console and lets the demo wait for the end of a run. */
final class DemoDisplay implements OperatorDisplay {

    private final OperatorDisplay console;
    private final BlockingQueue<RunReport> ended = new LinkedBlockingQueue<>();
    private final Semaphore removals = new Semaphore(0);
    private final CountDownLatch watching = new CountDownLatch(1);
    private final List<RunReport> all = new ArrayList<>();

    DemoDisplay(OperatorDisplay console) {
        this.console = console;
    }

    @Override
    public void began(String readerId, String uid) {
        console.began(readerId, uid);
    }

    @Override
    public void ended(RunReport report) {
        console.ended(report);
        ended.add(report);
    }

    @Override
    public void alreadyDone(String readerId, String uid, String transactionId) {
        console.alreadyDone(readerId, uid, transactionId);
    }

    @Override
    public void refused(String readerId, Failure failure) {
        console.refused(readerId, failure);
    }

    @Override
    public void held(String readerId, Gate.Hold hold) {
        console.held(readerId, hold);
    }

    @Override
    public void stopped(Gate.Hold hold) {
        console.stopped(hold);
    }

    @Override
    public void released(String user, String reason) {
        console.released(user, reason);
    }

    @Override
    public void readerReady(String readerId, String readerName) {
        console.readerReady(readerId, readerName);
    }

    @Override
    public void removed(String readerId) {
        removals.release();
    }

    @Override
    public void watching() {
        console.watching();
        watching.countDown();
    }

    void awaitWatching(Duration longest) throws InterruptedException, DemoFailedException {
        require(watching.await(longest.toMillis(), TimeUnit.MILLISECONDS), "the readers are not watched", longest);
    }

    void awaitRemoval(Duration longest) throws InterruptedException, DemoFailedException {
        require(removals.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS), "no fob was removed", longest);
    }

    /** Waits for the next run to end. Called by the demo's one thread. */
    RunReport await(Duration longest) throws InterruptedException, DemoFailedException {
        RunReport report = ended.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        require(report != null, "no run ended", longest);
        all.add(report);
        return report;
    }

    private static void require(boolean happened, String otherwise, Duration longest) throws DemoFailedException {
        if (!happened) {
            throw new DemoFailedException(otherwise + " within " + longest.toSeconds() + " s");
        }
    }

    List<RunReport> reports() {
        return List.copyOf(all);
    }
}
