package org.fobstation.pcsc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.Gate;

/** Writes down what a {@link ReaderListener} hears, one line for each call. */
final class ListenerLog implements ReaderListener {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    List<String> lines() {
        return lines;
    }

    @Override
    public void readerAttached(String readerId, String readerName) {
        lines.add("attached " + readerId + " " + readerName);
    }

    @Override
    public void readerLost(String readerId, ReaderStatus status) {
        lines.add("lost " + readerId + " " + status.attachment());
    }

    @Override
    public void serviceLost(String detail) {
        lines.add("service lost");
    }

    @Override
    public void serviceBack() {
        lines.add("service back");
    }

    @Override
    public void readerStuck(String readerId, String call) {
        lines.add("stuck " + readerId);
    }

    @Override
    public void readerFreed(String readerId) {
        lines.add("freed " + readerId);
    }

    @Override
    public void fobArrived(String readerId, String uid) {
        lines.add("arrived " + readerId + " " + uid);
    }

    @Override
    public void fobRefused(String readerId, Failure failure) {
        lines.add("refused " + readerId + " " + failure.code());
    }

    @Override
    public void fobRemoved(String readerId) {
        lines.add("removed " + readerId);
    }

    @Override
    public void runHeld(String readerId, Gate.Hold hold) {
        lines.add("held " + readerId + " " + hold.code());
    }

    @Override
    public void routeFailed(String readerId, String uid, Throwable cause) {
        lines.add("route failed " + readerId + " " + cause.getMessage());
    }
}
