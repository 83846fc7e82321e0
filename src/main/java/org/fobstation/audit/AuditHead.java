package org.fobstation.audit;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the chain of records stood when somebody outside noted it: the KLMS has it in the headers
 * {@code X-Audit-Sequence} and {@code X-Audit-Hash} of every audit it took.
 *
 * @param auditSeq 1 or more
 * @param auditHash 64 lower-case hex digits
 */
public record AuditHead(long auditSeq, String auditHash) {

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17}):([0-9A-Fa-f]{64})");

    /** @throws IllegalArgumentException if the text is not of the form {@code SEQ:HASH} */
    public static AuditHead parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("a head is SEQ:HASH, a number and 64 hex digits, not '" + text + "'");
        }
        return new AuditHead(Long.parseLong(form.group(1)), form.group(2).toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return auditSeq + ":" + auditHash;
    }
}
