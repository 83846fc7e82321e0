package org.fobstation.scp03;

import java.util.Optional;
import java.util.OptionalInt;
import org.fobstation.apdu.StatusWord;

/** SCP03 went wrong. The message never holds a byte of a key, a cryptogram or data. */
public final class Scp03Exception extends Exception {

    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Fault {
        /** The card refused a command of the handshake, or PUT KEY: {@link Scp03Exception#status()} says how. */
        CARD_REFUSED,
        /** The card speaks SCP01 or SCP02, or its answer to INITIALIZE UPDATE is no secure channel answer at all. */
        NOT_SCP03,
        /** The answer to INITIALIZE UPDATE is SCP03 but has a length that the mode does not have. */
        WRONG_LENGTH,
        /** The card uses another key version than it was asked for. */
        KVN_DIFFERS,
        /** The card does not hold the keys: nothing that needs them was sent. */
        CARD_CRYPTOGRAM_MISMATCH,
        /** A success or warning answer came without its R-MAC. */
        RMAC_MISSING,
        /** The R-MAC of an answer is not right. */
        RMAC_WRONG,
        /** The padding of a decrypted answer is not right. */
        PADDING_WRONG,
        /** An answer has a form that the protocol does not have. */
        ANSWER_MALFORMED,
        /** The session was closed, or ended by an earlier fault. */
        SESSION_UNUSABLE,
        /** The command does not fit; nothing was sent and the session is as before. */
        COMMAND_TOO_LONG,
        /** The card's answer to PUT KEY does not show the key check values of the keys sent. */
        KEY_CHECK_VALUE_WRONG
    }

    private final Fault fault;
    private final String command;
    private final int status;
    private final int protocol;

    private Scp03Exception(Fault fault, String message, String command, int status, int protocol) {
        super(message);
        this.fault = fault;
        this.command = command;
        this.status = status;
        this.protocol = protocol;
    }

    static Scp03Exception of(Fault fault, String message) {
        return new Scp03Exception(fault, message, null, -1, -1);
    }

    static Scp03Exception of(Fault fault, String message, StatusWord status) {
        return new Scp03Exception(fault, message, null, status.value(), -1);
    }

    static Scp03Exception refused(String command, StatusWord status) {
        String message = command + " gave " + status + ", " + status.meaning();
        return new Scp03Exception(Fault.CARD_REFUSED, message, command, status.value(), -1);
    }

    static Scp03Exception otherProtocol(int kvn, int protocol) {
        String message = String.format("the card's key set %02X is for SCP%02X, SCP03 is needed", kvn, protocol);
        return new Scp03Exception(Fault.NOT_SCP03, message, null, -1, protocol);
    }

    public Fault fault() {
        return fault;
    }

    /** With CARD_REFUSED the name of the refused command as the specification writes it. */
    public Optional<String> command() {
        return Optional.ofNullable(command);
    }

    /** With NOT_SCP03 the secure channel protocol that the card names instead, 0..255, if it names one. */
    public OptionalInt protocol() {
        return protocol < 0 ? OptionalInt.empty() : OptionalInt.of(protocol);
    }

    /** The status word of the answer at fault, if there was an answer. */
    public Optional<StatusWord> status() {
        return status < 0 ? Optional.empty() : Optional.of(new StatusWord(status));
    }
}
