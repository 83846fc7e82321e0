package org.fobstation.klms;

/** An answer that is not what was agreed. The message names the field and never a value of it. */
final class AnswerInvalidException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param detail names field and fault; without a stack trace, as it never leaves this package */
    AnswerInvalidException(String detail) {
        super(detail, null, false, false);
    }
}
