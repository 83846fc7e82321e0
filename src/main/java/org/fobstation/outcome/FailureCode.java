package org.fobstation.outcome;

import static org.fobstation.outcome.Outcome.FAIL;
import static org.fobstation.outcome.Outcome.HOLD;
import static org.fobstation.outcome.Outcome.RETRY;

/** Every way a run or the station can fail: what the operator sees, one sentence, and what to do about it. */
public enum FailureCode {
    // The fob on the reader
    FOB_REMOVED(RETRY, "The fob left the reader too early.", "Present it again and hold it still."),
    FOB_REMOVED_HALF_DONE(RETRY, "The fob left the reader while it was being written.", "Present the same fob again."),
    STOPPED_HALF_DONE(RETRY, "The station was stopped while the fob was being written.", "Present the same fob again."),
    HALF_DONE_TOO_OFTEN(FAIL, "The fob was left half-done again and again.", "Red bin; check how it is held."),
    FOB_RESET(RETRY, "The fob was reset while in use.", "Present it again; if it recurs, close other card programs."),
    FOB_TOO_SLOW(
            RETRY,
            "The fob took longer than a run may.",
            "Present it again and hold it still; if it recurs, red bin, or check card.run-timeout."),
    FOB_UNREADABLE(RETRY, "The fob does not answer properly.", "Present it again; if it recurs, red bin."),
    UID_NOT_AVAILABLE(FAIL, "The fob gives no UID.", "Red bin: this is not the kind of fob the line uses."),
    UID_RANDOM(FAIL, "The fob gives a random UID, which is no identity.", "Red bin; or set reader.allow-random-uid."),
    READER_IN_USE(HOLD, "Another program holds the reader.", "Close the other program; only the station may use it."),
    READER_LOST(HOLD, "The reader is gone.", "Check the reader's cable."),
    READER_STUCK(
            HOLD,
            "A fob does not answer, and its reader waits for it.",
            "Take the fob away; if that does not help, unplug the reader."),
    SERVICE_LOST(HOLD, "The PC/SC service is gone.", "Start the smart card service (Windows) or pcscd (Linux)."),

    // The key server
    KLMS_UNREACHABLE(
            RETRY, "The key server cannot be reached.", "Present again; if it recurs, check network and klms.url."),
    KLMS_TIMEOUT(
            RETRY, "The key server did not answer in time.", "Present again; if it recurs, call the KLMS operator."),
    KLMS_BUSY(RETRY, "The key server is busy or has a fault.", "Present again; if it recurs, call the KLMS operator."),
    KLMS_TLS(
            HOLD,
            "The key server and the station do not trust each other.",
            "Check certificates, stores, host name and klms.pin."),
    STATION_CERTIFICATE_INVALID(
            HOLD,
            "The station's own certificate is not valid now.",
            "Put a renewed one into klms.key-store, no restart is needed; or set the clock."),
    KLMS_UNAUTHORIZED(
            HOLD, "The key server refuses this station.", "Have the station's certificate admitted at the KLMS."),
    KLMS_REFUSED(
            HOLD, "The key server refuses the request.", "Compare klms.keys-path and the UID format with the KLMS."),
    KLMS_ANSWER_INVALID(
            HOLD, "The key server's answer is not what was agreed.", "Tell the KLMS operator the reason named here."),
    TRANSACTION_REUSED(
            HOLD,
            "The key server gave a transaction id that another run has already.",
            "Tell the KLMS operator the id named here: every run needs one of its own."),
    KEY_PACKAGE_EXPIRED(RETRY, "The keys became too old before they were used.", "Present the fob again."),
    PAYLOAD_NOT_ALLOWED(
            HOLD,
            "The payload's command is not one the station may send.",
            "Compare payload.instructions with the KLMS."),
    PAYLOAD_TOO_LONG(
            HOLD,
            "The payload is longer than the fob can take.",
            "Ask the KLMS for shorter data or STORE DATA (80E2)."),

    // The fob refused or is foreign
    ISD_NOT_FOUND(
            FAIL,
            "The fob has no issuer security domain the station knows.",
            "Red bin: foreign fob, or check card.isd-aid."),
    CARD_LOCKED(FAIL, "The fob is locked already.", "Red bin."),
    SCP02_CARD(FAIL, "The fob has keys for SCP02, an older protocol.", "Red bin: foreign fob."),
    SCP03_NOT_SUPPORTED(FAIL, "The fob does not speak SCP03.", "Red bin: foreign fob."),
    KEY_SET_NOT_FOUND(
            FAIL,
            "The fob does not have the key version the key server named.",
            "Red bin; tell the KLMS operator the KVN."),
    FACTORY_KEYS(
            FAIL,
            "The fob still has its factory keys.",
            "Red bin; tell the KLMS operator that it was never given its own keys."),
    KEY_SETS_NOT_LISTED(
            FAIL,
            "The fob does not list its key sets, so nobody can say that the issued keys are the only ones.",
            "Red bin; or set lock.other-key-sets=allow if this kind of fob never lists them."),
    OTHER_KEY_SETS(
            FAIL,
            "The fob holds other key sets beside the one that rotate-keys replaces.",
            "Red bin; or allow them by lock.other-key-sets."),
    KEYS_BLOCKED(FAIL, "The fob has blocked its keys.", "Red bin."),
    COUNTER_EXHAUSTED(FAIL, "The fob's keys are used up or not usable now.", "Red bin."),
    TRIES_LEFT(FAIL, "The fob refused and counts the tries it has left.", "Red bin; do not present it again."),
    CARD_CRYPTOGRAM_MISMATCH(
            FAIL, "The fob does not hold the keys issued for it.", "Red bin; tell the KLMS operator the UID."),
    CARD_ANSWER_INVALID(FAIL, "The fob's answer has a wrong form.", "Red bin."),
    MEMORY_FAILURE(FAIL, "The fob's memory failed.", "Red bin."),
    ATTEMPTS_USED_UP(FAIL, "This fob was tried too often.", "Red bin; an engineer may clear its attempts."),
    ATTEMPT_TOO_SOON(RETRY, "This fob was tried a moment ago.", "Wait a moment, then present it again."),
    COMMAND_REFUSED(FAIL, "The fob refused a command.", "Red bin."),
    PAYLOAD_REFUSED(
            FAIL, "The fob refused the payload.", "Red bin; if it recurs, compare the payload with the applet."),
    PAYLOAD_NOT_REPEATABLE(
            FAIL,
            "The fob left while its payload was written, and this payload may not be written twice.",
            "Red bin; or allow it by payload.repeatable."),
    APPLET_NOT_FOUND(
            FAIL,
            "The fob does not hold the applet the payload is for.",
            "Red bin; if it recurs, check payload.applet-aid."),
    CARD_MEMORY_FULL(FAIL, "The fob has no room for the payload.", "Red bin; if it recurs, ask for a smaller payload."),
    LIFE_CYCLE_UNEXPECTED(FAIL, "The fob is in a life cycle state the lock does not start from.", "Red bin."),
    LOCK_REFUSED(FAIL, "The fob refused the lock.", "Red bin; if it recurs, check lock.policy."),
    LOCK_NOT_PROVED(FAIL, "The fob says locked, but reading back shows otherwise.", "Red bin."),

    // The keys are replaced
    ROTATED_KVN_ISSUED(
            HOLD,
            "The key server issues the key version that rotate-keys is to put in its place.",
            "Set lock.rotated-kvn to a version that is never issued."),
    KEY_SET_REPLACED(
            FAIL,
            "The payload replaced the very keys that rotate-keys was to replace.",
            "Red bin; take rotate-keys out of lock.policy, or have the KLMS issue another payload."),
    ROTATION_REFUSED(FAIL, "The fob refused new keys.", "Red bin; if it recurs, check lock.rotated-kvn."),
    ROTATION_KCV_WRONG(FAIL, "The fob acknowledged other keys than it was sent.", "Red bin."),
    ROTATION_NOT_SHOWN(
            FAIL, "The fob took new keys, but does not list them.", "Red bin; or set lock.other-key-sets = allow."),
    ROTATION_INCOMPLETE(FAIL, "The fob took new keys, but still lists the issued ones.", "Red bin."),
    ROTATION_NOT_PROVED(FAIL, "The fob opens no session with its new keys.", "Red bin."),
    ROTATION_UNCLEAR(
            FAIL, "The fob left while its keys were replaced, and does not say whether they were.", "Red bin."),
    ROTATION_UNKNOWN_HERE(
            FAIL,
            "The fob's keys were replaced before, and nothing here shows that this ended well.",
            "Red bin; or look the fob up in the records of the other stations."),
    LOCK_BEYOND_REACH(
            FAIL, "The fob left between new keys and the last lock step, and nobody holds the new keys.", "Red bin."),

    // After the fob proved its keys, a refusal is the station's fault
    HOST_CRYPTOGRAM_REFUSED(
            HOLD, "The fob refused the station although its keys match.", "Call the engineer: keep the fob."),
    RESPONSE_MAC_INVALID(
            HOLD, "An answer of the fob is not authentic.", "Call the engineer: keep the fob, check the reader."),
    SECURE_MESSAGING_LOST(HOLD, "The fob no longer accepts the secure session.", "Call the engineer: keep the fob."),
    COMMAND_NOT_UNDERSTOOD(
            HOLD,
            "The fob does not understand the command the station is set to send.",
            "Check payload and lock.policy."),

    // The station
    JOURNAL_FAILED(HOLD, "The audit journal cannot be written.", "Check disk space and permissions of data.dir."),
    BACKLOG_FULL(
            HOLD, "Too many audits wait for delivery.", "Check the key server's audit side; see data/dead-letter."),
    ROUTE_FAILED(HOLD, "A step of the route failed.", "Look at the log and mend the route."),
    STATION_FAULT(HOLD, "The station has a fault of its own.", "Look at the log and call the engineer."),
    FAILURES_IN_A_ROW(
            HOLD, "Too many fobs failed one after another.", "Find the common cause, then release the station."),
    STATION_STARTING(HOLD, "The station is not ready.", "Wait until it is."),

    // Known only afterwards
    INTERRUPTED(RETRY, "The station stopped before the fob was changed.", "Present the fob again."),
    RESULT_UNKNOWN(RETRY, "The station stopped while the fob was being changed.", "Present the same fob again.");

    private final Outcome outcome;
    private final String sentence;
    private final String remedy;

    FailureCode(Outcome outcome, String sentence, String remedy) {
        this.outcome = outcome;
        this.sentence = sentence;
        this.remedy = remedy;
    }

    /** Never {@link Outcome#PASS}. */
    public Outcome outcome() {
        return outcome;
    }

    /** What happened, one sentence an operator could repeat. */
    public String sentence() {
        return sentence;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }

    /** Whether a HOLD of this code ends with its cause. Any other one lasts until somebody releases the station. */
    public boolean endsByItself() {
        return switch (this) {
            case READER_IN_USE,
                    READER_LOST,
                    READER_STUCK,
                    SERVICE_LOST,
                    JOURNAL_FAILED,
                    BACKLOG_FULL,
                    STATION_STARTING -> true;
            default -> false;
        };
    }
}
