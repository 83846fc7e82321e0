package org.fobstation.provisioning;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.fobstation.apdu.ApduTrace;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.TransportException;
import org.fobstation.apdu.TransportException.Fault;
import org.fobstation.audit.PastRun;
import org.fobstation.klms.KeyPackage;
import org.fobstation.klms.KeyRequest;
import org.fobstation.klms.KlmsAnswer;
import org.fobstation.klms.KlmsError;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.pcsc.PresentedFob;
import org.fobstation.secret.StackScrub;

/**
 * One provisioning of one fob: the body of the route from {@code begin} to {@code report}. Owns the key package from
 * the moment it exists and wipes it on every path. Prints nothing secret.
 *
 * <pre>
 * BEGUN ── key package ──> KEYED ── card session ──> DONE ──┐
 *   └────────── failure ─────┴──────── failure ──> FAILED ──┴─ record forced ──> REPORTED
 * </pre>
 *
 * Used by one thread at a time.
 */
public final class ProvisioningRun {

    private enum State {
        BEGUN,
        KEYED,
        DONE,
        FAILED,
        REPORTED
    }

    /** So often in a row a fob that was left half-done is to be presented again. */
    private static final int HALF_DONE_MAX = 2;

    private final PresentedFob fob;
    private final long journalRun;
    private final Optional<PastRun> past;
    private final TransactionGuard transactions;
    private final StageClock clock = new StageClock(Stage.UID_READ);
    private final ApduTrace trace = new ApduTrace();
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, String> cardFacts = new LinkedHashMap<>();
    private final List<KeyPackage> custody = new ArrayList<>();
    private State state = State.BEGUN;
    private String requestUid;
    private KeyPackage keyPackage;
    private String transactionId;
    private Failure failure;
    private OptionalLong cardSessionEnd = OptionalLong.empty();
    private boolean changing;
    private boolean unanswered;
    private RunReport report;

    /** @param past the fob's last run that began to write to it, if there was one on this station */
    ProvisioningRun(PresentedFob fob, long journalRun, Optional<PastRun> past, TransactionGuard transactions) {
        this.fob = fob;
        this.journalRun = journalRun;
        this.past = past;
        this.transactions = transactions;
    }

    PresentedFob fob() {
        return fob;
    }

    /** The raw NFC UID in upper-case hex. */
    public String uid() {
        return fob.uid();
    }

    public String readerId() {
        return fob.readerId();
    }

    /** The UID in the form the KLMS wants. */
    void askFor(String uidForTheKlms) {
        requestUid = uidForTheKlms;
    }

    /** What the KLMS is asked; a key package it brings belongs to this run at once. */
    public KeyRequest keyRequest() {
        clock.enter(Stage.KEY_REQUEST);
        return new KeyRequest(requestUid, fob.readerId(), custody::add);
    }

    /** Takes the KLMS's answer, once. */
    void accept(KlmsAnswer answer) {
        clock.enter(Stage.KEY_REQUEST);
        if (answer instanceof KlmsError error) {
            fail(new Failure(error.code(), Stage.KEY_REQUEST, error.detail()));
            return;
        }
        KeyPackage received = (KeyPackage) answer;
        custody.add(received);
        if (state == State.BEGUN) {
            transactions
                    .refusal(journalRun, received.transactionId())
                    .ifPresentOrElse(this::fail, () -> take(received));
        } else if (state == State.KEYED) {
            fail(new Failure(FailureCode.ROUTE_FAILED, Stage.KEY_REQUEST, "the route asked for keys twice"));
        }
    }

    private void take(KeyPackage received) {
        keyPackage = received;
        transactionId = received.transactionId();
        state = State.KEYED;
    }

    /** The key package, while the run may open a session with it; it may do so once. */
    Optional<KeyPackage> takeKeyPackage() {
        KeyPackage taken = state == State.KEYED ? keyPackage : null;
        keyPackage = null;
        return Optional.ofNullable(taken);
    }

    void enter(Stage stage) {
        clock.enter(stage);
    }

    /** From here on the fob may be changed. */
    void changing() {
        changing = true;
        fob.changing();
    }

    boolean isChanging() {
        return changing;
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    /** What the card says of itself, for the record: a name as JSON has them, and hex or a few words. */
    void note(String name, String fact) {
        cardFacts.put(name, fact);
    }

    /** All steps are done. */
    void succeed() {
        if (state == State.KEYED) {
            state = State.DONE;
        }
    }

    /** Ends the run; the first failure is the one that counts. */
    void fail(Failure reason) {
        if (state != State.FAILED && state != State.REPORTED) {
            failure = leftTooOften(reason);
            state = State.FAILED;
        }
    }

    /** A fob that is left half-done again and again comes to an end. */
    private Failure leftTooOften(Failure reason) {
        int before = past.map(PastRun::halfDone).orElse(0);
        if (!unanswered || reason.outcome() != Outcome.RETRY || before < HALF_DONE_MAX) {
            return reason;
        }
        return new Failure(
                FailureCode.HALF_DONE_TOO_OFTEN,
                reason.stage(),
                reason.code() + ", " + (before + 1) + " times in a row: " + reason.detail());
    }

    /**
     * Ends the run from outside of its card session: what was begun on the fob, or was to follow it, is not settled, so
     * that the fob is finished when it is presented again. A failure that the run has already stays the one that counts.
     */
    void failUnsettled(Failure reason) {
        if (state != State.FAILED) {
            unanswered();
        }
        fail(reason);
    }

    /** A changing command got no answer: what is on the fob is not known. */
    void unanswered() {
        unanswered = changing;
    }

    /** Whether it is not known what is on the fob. */
    boolean isUnanswered() {
        return unanswered;
    }

    boolean isEnded() {
        return state == State.DONE || state == State.FAILED;
    }

    boolean isReported() {
        return state == State.REPORTED;
    }

    void reported(RunReport shown) {
        report = shown;
        state = State.REPORTED;
    }

    /** What was shown; null before {@link #reported(RunReport)}. */
    RunReport report() {
        return report;
    }

    Optional<PastRun> past() {
        return past;
    }

    /** Wipes keys and payload, and what working with them left on this thread's stack. May be called again, from any path. */
    void wipe() {
        custody.forEach(KeyPackage::close);
        StackScrub.run();
    }

    /** Gives the card session this much time from now on. */
    void limit(Duration time) {
        cardSessionEnd = OptionalLong.of(System.nanoTime() + time.toNanos());
    }

    /** The way to the fob: noted in the trace, and closed when the time is up. */
    ApduTransport recordedTransport() {
        ApduTransport recorded = trace.recording(fob.transport());
        return command -> {
            if (cardSessionEnd.isPresent() && System.nanoTime() - cardSessionEnd.getAsLong() > 0) {
                throw new TransportException(Fault.TIME_IS_UP, "the session took longer than card.run-timeout");
            }
            return recorded.transmit(command);
        };
    }

    ApduTrace trace() {
        return trace;
    }

    StageClock clock() {
        return clock;
    }

    long journalRun() {
        return journalRun;
    }

    Optional<String> transactionId() {
        return Optional.ofNullable(transactionId);
    }

    Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** In the order they were noted. */
    Map<String, String> cardFacts() {
        return Collections.unmodifiableMap(cardFacts);
    }

    @Override
    public String toString() {
        return "run of " + fob + " in " + clock.present();
    }
}
